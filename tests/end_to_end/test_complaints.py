"""No failure that is logged anywhere goes by: these plant one, and see that it bites."""

from twisted.trial.reporter import TestResult

from tests.end_to_end.process import EndToEndTestCase

SERVER_WITH_A_FAULT = """
import runpy, sys
from twisted.internet import reactor
reactor.callWhenRunning(lambda: 1 / 0)
runpy.run_module("chatroom", run_name="__main__", alter_sys=True)
"""
TEST_WITH_A_FAULT = """
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

class Tests(SynchronousTestCase):
    def test_nothing(self):
        with Logger().failuresHandled("planted"):
            1 / 0
"""
DEFERRED_WITH_A_FAULT = """
from twisted.internet.defer import fail
from twisted.trial.unittest import TestCase

class Tests(TestCase):
    def test_nothing(self):
        fail(ZeroDivisionError())
"""


class PlantedFailureTests(EndToEndTestCase):
    def result_with(self, *command: str) -> TestResult:
        """Give the result of a test that does nothing but to start a server."""

        class Tests(EndToEndTestCase):
            def test_nothing(self) -> None:
                self.serve(*command)

        result = TestResult()
        Tests("test_nothing").run(result)
        return result

    def test_a_failure_in_the_output_of_a_server_fails_its_test(self) -> None:
        result = self.result_with("python", "-c", SERVER_WITH_A_FAULT)
        self.assertEqual(len(result.errors + result.failures), 1)
        self.assertIn("ZeroDivisionError", str(result.errors + result.failures))

    def test_a_server_without_one_passes(self) -> None:
        result = self.result_with("python", "-m", "chatroom")
        self.assertTrue(result.wasSuccessful(), result.errors + result.failures)

    def test_a_failure_logged_in_the_process_of_the_tests_fails_the_run(self) -> None:
        for program in (TEST_WITH_A_FAULT, DEFERRED_WITH_A_FAULT):
            folder = self.folder()
            (folder / "test_planted.py").write_text(program)
            done = self.run_to_the_end(
                "python", "-m", "twisted.trial", "test_planted", folder=folder
            )
            self.assertEqual(done.status, 1, done)
            self.assertIn("ZeroDivisionError", done.out)
            self.assertIn("FAILED (errors=1)", done.out)
