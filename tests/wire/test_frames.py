"""The usual frame, read and written: RFC 6455, 5.2."""

import struct
from random import Random

from twisted.trial.unittest import SynchronousTestCase

from chatroom.wire.frames import frame, whole_text
from tests.lesson.frames import read_frames

MOST = 70_000


def from_client(payload: bytes, key: bytes = bytes(4), first: int = 0x81) -> bytes:
    """Give a masked frame, as a client sends it."""
    size = len(payload)
    if size < 126:
        head = struct.pack("!BB", first, 0x80 | size)
    elif size < 65_536:
        head = struct.pack("!BBH", first, 0x80 | 126, size)
    else:
        head = struct.pack("!BBQ", first, 0x80 | 127, size)
    return head + key + bytes(each ^ key[at % 4] for at, each in enumerate(payload))


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


class WholeTextTests(SynchronousTestCase):
    """What is usual is read here, and all else left to Autobahn."""

    def test_each_length_is_read_and_unmasked(self) -> None:
        rng = Random(7)
        for size in (0, 1, 3, 4, 5, 124, 125, 126, 127, 1_000, 65_535):
            text = ("床前明月光" * (size // 15 + 1)).encode()[: size - size % 3] + b"a" * (size % 3)
            for key in (bytes(4), rng.randbytes(4)):
                data = from_client(text, key)
                self.assertEqual(whole_text(data, 0, MOST), (text, len(data)))
                joined = b"?" + data + b"!"
                self.assertEqual(whole_text(joined, 1, MOST), (text, len(data) + 1))

    def test_a_part_of_a_frame_is_none(self) -> None:
        for size in (0, 5, 125, 126, 300):
            data = from_client(b"a" * size, b"\1\2\3\4")
            for end in range(len(data)):
                self.assertIsNone(whole_text(data[:end], 0, MOST))

    def test_what_is_not_usual_is_left_to_others(self) -> None:
        for first in (0x01, 0x80, 0x82, 0x88, 0x89, 0x8A, 0xC1, 0x91, 0xA1, 0x83):
            self.assertIsNone(whole_text(from_client(b"a", first=first), 0, MOST))
        self.assertIsNone(whole_text(frame("床前".encode()), 0, MOST))
        self.assertIsNone(whole_text(frame(b"a" * 300) + bytes(300), 0, MOST))
        self.assertIsNone(whole_text(from_client(b"a" * 65_536), 0, MOST))

    def test_a_length_in_more_bytes_than_it_needs(self) -> None:
        for size in (0, 125):
            data = struct.pack("!BBH", 0x81, 0x80 | 126, size) + bytes(4 + size)
            self.assertIsNone(whole_text(data, 0, MOST))

    def test_no_utf8(self) -> None:
        for text in (b"\xff", "床".encode()[:2], b"\xed\xa0\x80"):
            self.assertIsNone(whole_text(from_client(text), 0, MOST))

    def test_the_most_and_more(self) -> None:
        for most in (0, 5, 200):
            data = from_client(b"a" * most)
            self.assertEqual(whole_text(data, 0, most), (b"a" * most, len(data)))
            self.assertIsNone(whole_text(from_client(b"a" * (most + 1)), 0, most))
