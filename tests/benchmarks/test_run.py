"""A whole run, too short to tell anything but that it works."""

import json
import subprocess
import sys
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from benchmarks import document
from benchmarks.catalogue import CASES

ROOT = Path(__file__).parent.parent.parent


class RunTests(SynchronousTestCase):
    def test_a_load_and_a_return(self) -> None:
        results = Path(self.mktemp()).absolute()
        options = ["--alone", "--clients=20", "--seconds=1", "--rounds=1", f"--json={results}"]
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks", "fanout", "resume", *options],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.assertEqual(done.returncode, 0, done.stdout)
        cases = json.loads(results.read_bytes())["cases"]
        for case in cases.values():
            [row] = case["rows"]
            [figures] = row["rounds"]
            self.assertEqual((figures["missing"], figures["closed"]), (0, 0))
            self.assertGreater(figures["deliveries_per_s"], 0)


class DocumentTests(SynchronousTestCase):
    def test_every_case_has_its_place(self) -> None:
        text = (ROOT / "docs" / "benchmarks.md").read_text("utf-8")
        places = {name for _, name, _ in document.PLACE.findall(text)}
        self.assertEqual(places, {"machine", *CASES})
