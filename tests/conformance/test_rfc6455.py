"""The protocol authors' cases, by the `kosoku` runner: none failed, none merely NON-STRICT."""

import json
import subprocess
import sys
from pathlib import Path

from twisted.internet.threads import deferToThread
from twisted.internet.utils import getProcessOutputAndValue
from twisted.trial.unittest import TestCase

# Sections 9 and the rest of 12 and 13 take minutes of two processors; __main__ tells how.
CASES = ["1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*"]
DEFLATE = ["12.1.1", "12.1.2", "12.1.3", "13.3.1"]
SECTIONS = 247
PASSES = {"OK", "INFORMATIONAL"}


class Rfc6455Tests(TestCase):
    timeout = 120

    async def test_every_case_passes(self) -> None:
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.conformance", "--port", "0"],
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(server.communicate)
        self.addCleanup(server.kill)
        assert server.stdout is not None
        url = (await deferToThread(server.stdout.readline)).strip()
        chosen = [argument for case in CASES + DEFLATE for argument in ("-i", case)]
        report = Path(self.mktemp())
        runner = Path(sys.executable).parent / "kosoku"
        out, err, status = await getProcessOutputAndValue(
            str(runner), [url, *chosen, "-o", str(report)]
        )
        found = behaviours(report)
        self.assertEqual(
            {case: each for case, each in found.items() if not set(each) <= PASSES}, {}
        )
        self.assertEqual(len(found), SECTIONS + len(DEFLATE), (out, err))
        self.assertEqual(status, 0, (out, err))


def behaviours(report: Path) -> dict[str, tuple[str, str]]:
    """Give for each case how the server behaved, and how it closed."""
    [cases] = json.loads((report / "index.json").read_text()).values()
    return {name: (case["behavior"], case["behaviorClose"]) for name, case in cases.items()}
