"""The modules that know nothing of the page, by Node's own test runner. Playwright's wheel carries a Node.js."""

import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright._impl._driver import compute_driver_executable
from twisted.internet.utils import getProcessOutputAndValue
from twisted.trial.unittest import TestCase

FILES = Path(__file__).parent / "unit"
NODE = compute_driver_executable()[0]
# Days begin where most readers are.
ENVIRONMENT = {**os.environ, "TZ": "Asia/Shanghai", "NO_COLOR": "1"}


def run(file: Path) -> Callable[["UnitTests"], Awaitable[None]]:
    async def test(self: UnitTests) -> None:
        output, errors, status = await getProcessOutputAndValue(
            NODE, ["--test", "--test-reporter=tap", str(file)], env=ENVIRONMENT
        )
        told = (output + errors).decode()
        self.assertEqual(status, 0, told)
        # A file without a test passes as one.
        self.assertRegex(told, r"(?m)# Subtest: (?!.*\.test\.js$)", "no test was run")

    return test


class UnitTests(TestCase):
    """One test for each file."""

    timeout = 60


for file in sorted(FILES.glob("*.test.js")):
    name = "test_" + re.sub(r"\W", "_", file.name.removesuffix(".test.js"))
    setattr(UnitTests, name, run(file))
