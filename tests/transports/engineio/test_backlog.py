"""What waits for the next request by polling: how much one answer takes of it."""

from twisted.trial.unittest import SynchronousTestCase

from chatroom.transports.engineio.backlog import MOST_PACKETS, Backlog
from chatroom.transports.parcel import A_WRITE
from chatroom.wire.engineio.packet import Packet


class BacklogTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.backlog = Backlog()

    def test_nothing(self) -> None:
        self.assertEqual(self.backlog.take(), b"")
        self.assertFalse(self.backlog.fills_an_answer)

    def test_packets_at_the_limit_and_past_it(self) -> None:
        for _ in range(MOST_PACKETS - 1):
            self.backlog.add(b"4a")
        self.assertFalse(self.backlog.fills_an_answer)
        self.backlog.add(b"4a")
        self.assertTrue(self.backlog.fills_an_answer)
        self.backlog.add(b"4b\x1e4c")
        self.assertEqual(self.backlog.take(), b"\x1e".join([b"4a"] * MOST_PACKETS))
        self.assertEqual((self.backlog.packets, self.backlog.size), (2, 5))
        self.assertEqual(self.backlog.take(), b"4b\x1e4c")
        self.assertEqual((self.backlog.packets, self.backlog.size), (0, 0))

    def test_bytes_at_the_limit_and_past_it(self) -> None:
        self.backlog.add(b"4" * (A_WRITE - 2))
        self.assertFalse(self.backlog.fills_an_answer)
        self.backlog.add(b"4")
        self.assertEqual(len(self.backlog.take()), A_WRITE)
        self.backlog.add(b"4" * A_WRITE)
        self.assertTrue(self.backlog.fills_an_answer)
        self.backlog.add(b"4")
        self.assertEqual(len(self.backlog.take()), A_WRITE)

    def test_all_of_it_is_given_back(self) -> None:
        self.backlog.add(b"4a\x1ebAQI=")
        self.backlog.add(b"2")
        self.assertEqual(
            self.backlog.clear(), [Packet("4", "a"), Packet("4", b"\x01\x02"), Packet("2")]
        )
        self.assertEqual((self.backlog.packets, self.backlog.size), (0, 0))
