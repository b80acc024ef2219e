"""Clients that never read cost a constant, and nobody else anything."""

from tests.end_to_end.process import EndToEndTestCase
from tests.end_to_end.stalled import COMMAND, measure

CLIENTS = 20
BROADCAST = 10_000_000
# What the transport holds, and what waits in it; a queue a client would cost all that is broadcast.
A_CLIENT = 600_000


class StalledTests(EndToEndTestCase):
    def test_memory_is_bounded_and_a_reader_has_no_gap(self) -> None:
        figures = measure(self.serve(*COMMAND), CLIENTS, BROADCAST)
        self.assertEqual(figures.gaps, 0)
        self.assertLess(figures.growth, CLIENTS * A_CLIENT, figures)
