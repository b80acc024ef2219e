"""The README's lines for Node.js, run as they are."""

import re
import subprocess
from pathlib import Path
from threading import Timer

from twisted.internet.threads import deferToThread
from twisted.trial.unittest import TestCase

from tests.end_to_end.guest import PATIENCE
from tests.interop.clients import NODE, packages
from tests.serving import serve

README = Path(__file__).parents[2] / "README.md"


class TalkTests(TestCase):
    async def test_says_it_hears_it_and_knows_that_it_is_stored(self) -> None:
        [program] = re.findall(r"^```js\n(.*?)^```$", README.read_text("utf-8"), re.M | re.S)
        self.assertEqual(program.count("http://localhost:3000"), 1)
        program = program.replace("http://localhost:3000", await serve(self))
        lines = await deferToThread(self._talk, program)
        self.assertEqual(lines, ["stored", "苏轼: 明月几时有"])

    def _talk(self, program: str) -> list[str]:
        """Give the two lines that it prints, sorted; then nothing would end it."""
        with subprocess.Popen(
            [NODE, "--input-type=module", "-e", program],
            cwd=packages(),
            stdout=subprocess.PIPE,
            encoding="utf-8",
        ) as talking:
            patience = Timer(PATIENCE, talking.kill)
            patience.start()
            try:
                return sorted(talking.stdout.readline().rstrip("\n") for _ in range(2))
            finally:
                patience.cancel()
                talking.kill()
