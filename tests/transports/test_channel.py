"""What every WebSocket has in common: its frames."""

from twisted.trial.unittest import SynchronousTestCase

from chatroom.transports.channel import frame
from tests.lesson.frames import read_frames


class FrameTests(SynchronousTestCase):
    """RFC 6455, 5.2: not masked, final, the length in its shortest form."""

    def test_each_form_of_the_length(self) -> None:
        for size, head in (
            (0, 2),
            (125, 2),
            (126, 4),
            (65_535, 4),
            (65_536, 10),
            (300_000, 10),
        ):
            for is_binary, first in ((False, 0x81), (True, 0x82)):
                data = frame(b"a" * size, is_binary)
                self.assertEqual((data[0], len(data)), (first, head + size))
                [read] = read_frames(data)
                self.assertEqual(read.payload, b"a" * size)

    def test_joined_they_are_read_one_by_one(self) -> None:
        data = frame("床前".encode()) + frame(b"\0", is_binary=True) + frame(b"")
        self.assertEqual(
            [(each.opcode, each.payload) for each in read_frames(data)],
            [(1, "床前".encode()), (2, b"\0"), (1, b"")],
        )
