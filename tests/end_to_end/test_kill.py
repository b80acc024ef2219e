"""kill -9 under load: every receipt is in the history exactly once."""

import random

from tests.end_to_end.kill import storm
from tests.end_to_end.process import EndToEndTestCase

TIMES = 10


class KillTests(EndToEndTestCase):
    def test_no_receipt_is_lost_and_none_is_twice(self) -> None:
        seed = random.SystemRandom().randrange(1 << 32)
        tally = storm(TIMES, seed, self.folder())
        print(f"seed {seed}: {tally}")  # noqa: T201
        self.assertTrue(tally.holds, f"seed {seed}: {tally}")
        self.assertEqual(tally.kills, TIMES)
        self.assertEqual(tally.stored, tally.receipts)
        # Otherwise no kill fell between a commit and its receipt, and little was shown.
        self.assertGreater(tally.repeated, 0, tally)
