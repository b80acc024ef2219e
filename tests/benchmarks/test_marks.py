"""Deliveries are counted right however the bytes are cut."""

from collections.abc import Iterator

from twisted.trial.unittest import SynchronousTestCase

from benchmarks import marks
from benchmarks.dialects import DIALECTS, Ping, answers, frame

PINGED = b"\x89\x0c" + b"twelve bytes"


def chunks(stream: bytes, size: int) -> Iterator[tuple[bytearray, int]]:
    """A stream in chunks of this size, each as the load has it: behind the tail of the last."""
    buffer = bytearray(marks.TAIL + size)
    for at in range(0, len(stream), size):
        chunk = stream[at : at + size]
        end = marks.TAIL + len(chunk)
        buffer[marks.TAIL : end] = chunk
        yield buffer, end
        buffer[: marks.TAIL] = buffer[len(chunk) : end]


class CutTests(SynchronousTestCase):
    """Of three texts, two of them by sender 7, in chunks of every size."""

    def setUp(self) -> None:
        texts = [marks.text_of(sender, number) for sender, number in ((7, 1), (70, 1), (7, 2))]
        self.stream = b"".join(b'\x81\x7e\x00\xd7{"text":"%b"}' % text.encode() for text in texts)
        self.sizes = range(1, len(self.stream) + 1)

    def test_every_text_is_counted_once(self) -> None:
        for size in self.sizes:
            found = sum(marks.count(*each) for each in chunks(self.stream, size))
            self.assertEqual(found, 3, size)

    def test_a_sender_counts_its_own(self) -> None:
        for size in self.sizes:
            tag = marks.tag_of(7)
            found = sum(marks.count_own(*each, tag) for each in chunks(self.stream, size))
            self.assertEqual(found, 2, size)

    def test_every_text_is_timed_once(self) -> None:
        self.patch(marks, "now", lambda: int(marks.STAMP.findall(self.stream)[0], 16))
        for size in self.sizes:
            found = [delay for each in chunks(self.stream, size) for delay in marks.delays(*each)]
            self.assertEqual(len(found), 3, size)
            self.assertLessEqual(max(map(abs, found)), 100_000)


class TextTests(SynchronousTestCase):
    def test_the_delay_is_since_it_was_said(self) -> None:
        self.patch(marks, "now", lambda: 1_000)
        text = marks.text_of(7, 1)
        self.patch(marks, "now", lambda: 3_500)
        buffer = bytearray(marks.TAIL) + text.encode()
        self.assertEqual(marks.delays(buffer, len(buffer)), [2_500])

    def test_the_tail_holds_no_whole_stamp(self) -> None:
        stamp = marks.STAMP.match(marks.text_of(99_999, 1).encode())
        assert stamp is not None
        self.assertEqual(len(stamp[0]), marks.TAIL + 1)

    def test_size(self) -> None:
        self.assertEqual(len(marks.text_of(1, 1, 130)), 130)


class PingTests(SynchronousTestCase):
    """A client that answers no ping is closed in the middle of a long load."""

    def answered(self, ping: Ping, stream: bytes, size: int) -> list[bytes]:
        begin = marks.TAIL - ping.length + 1
        return [
            answer
            for buffer, end in chunks(stream, size)
            for answer in answers(bytes(buffer[begin:end]), ping)
        ]

    def test_however_it_is_cut(self) -> None:
        for dialect, came, wanted in (
            ("json", PINGED, frame(b"twelve bytes", 0x8A)),
            ("socketio", b"\x81\x012", frame(b"3")),
        ):
            stream = b"\x81\x03abc" + came + b"\x81\x02de" + came
            for size in range(1, len(stream) + 1):
                found = self.answered(DIALECTS[dialect].ping, stream, size)
                self.assertEqual(found, [wanted, wanted], (dialect, size))
