"""The lesson's Chinese lines reach every terminal, escaped where it cannot show them."""

from tests.end_to_end.guest import visit_the_lesson
from tests.end_to_end.process import DAEMON, FOREGROUND, EndToEndTestCase, wait_until

LINES = ("服务器开启", "有个人进来了", "ta又走了！呜呜呜")
# PYTHONIOENCODING is what LANG=C meant before Python learned to coerce it (PEP 538, PEP 540).
POOR = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
ASCII = {**POOR, "PYTHONIOENCODING": "ascii"}


class PoorTerminalTests(EndToEndTestCase):
    def assert_tells_all(self, *command: str, **more: str) -> None:
        server = self.serve(*command, **more)
        visit_the_lesson(server.port).close()
        for line in LINES:
            wait_until(lambda line=line: server.tells(line), f"the log tells {line}")

    def test_twistd_in_the_foreground(self) -> None:
        self.assert_tells_all(*FOREGROUND["twistd -n"], **ASCII)

    def test_twist(self) -> None:
        self.assert_tells_all(*FOREGROUND["twist"], **ASCII)

    def test_python_m_chatroom(self) -> None:
        self.assert_tells_all(*FOREGROUND["python -m chatroom"], **ASCII)
        self.assert_tells_all(*FOREGROUND["python -m chatroom"], LC_ALL="C")

    def test_the_banner_is_escaped_as_well(self) -> None:
        server = self.serve(LC_ALL="", LANG="zh_CN.UTF-8", PYTHONIOENCODING="ascii")
        self.assertIn(r"\u672c\u673a", server.out)

    def test_the_log_file_of_the_daemon(self) -> None:
        self.assert_tells_all(*DAEMON, **POOR)
