"""What is kept in memory has its limits: events and bytes a room, bytes in all."""

from sys import getsizeof

import msgspec
from twisted.trial.unittest import SynchronousTestCase

from chatroom.core import recent
from chatroom.core.events import Said
from chatroom.core.recent import Entry, Memory, Recent


def entry(seq: int, text: str = "") -> Entry:
    """Make an event."""
    return Entry(Said(room="r", seq=seq, user="u", nick="n", text=text, at=0))


def seqs(kept: Recent) -> list[int]:
    """Give the numbers that are kept."""
    return [each.event.seq for each in kept.entries]


class RecentTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.memory = Memory()
        self.recent = Recent(self.memory)

    def test_an_event_is_found_by_its_number(self) -> None:
        for seq in range(5, 9):
            self.recent.append(entry(seq))
        self.assertEqual(
            [self.recent.get(seq) is not None for seq in range(4, 10)], [0, 1, 1, 1, 1, 0]
        )
        found = self.recent.get(7)
        self.assertEqual(found and found.event.seq, 7)

    def test_nothing_is_found_where_nothing_is(self) -> None:
        self.assertIsNone(self.recent.get(1))

    def test_a_thousand_events_and_then_the_oldest_goes(self) -> None:
        for seq in range(1, recent.EVENTS_A_ROOM + 1):
            self.recent.append(entry(seq))
        self.assertEqual(seqs(self.recent)[0], 1)
        self.recent.append(entry(recent.EVENTS_A_ROOM + 1))
        self.assertEqual(seqs(self.recent)[0], 2)
        self.assertEqual(len(self.recent.entries), recent.EVENTS_A_ROOM)

    def test_a_mebibyte_and_then_the_oldest_goes(self) -> None:
        seq = 0
        while self.recent.size + entry(0, "诗" * 4000).size <= recent.BYTES_A_ROOM:
            seq += 1
            self.recent.append(entry(seq, "诗" * 4000))
        self.assertEqual(seqs(self.recent)[0], 1)
        self.recent.append(entry(seq + 1, "诗" * 4000))
        self.assertEqual(seqs(self.recent)[0], 2)
        self.assertLessEqual(self.recent.size, recent.BYTES_A_ROOM)


class FrameTests(SynchronousTestCase):
    """A frame counts from when it is made, where its event is kept."""

    def setUp(self) -> None:
        self.memory = Memory()
        self.recent = Recent(self.memory)

    def test_a_text_counts_as_it_is_kept_and_a_frame_when_it_is_made(self) -> None:
        bare = entry(1).size - getsizeof("")
        for character, in_memory in (("a", 1), ("诗", 2), ("🌕", 4)):
            text = character * 1000
            said = entry(1, text)
            self.assertEqual(said.size, bare + getsizeof(text))
            self.assertGreaterEqual(said.size, bare + 1000 * in_memory)
            frame = msgspec.json.encode(said.event)
            said.keep("json", frame)
            # Whoever encodes a text leaves its UTF-8 beside it.
            beside = 0 if text.isascii() else len(text.encode())
            self.assertGreaterEqual(said.size, bare + 1000 * in_memory + beside + len(frame))
            self.assertEqual(said.size, bare + getsizeof(text) + getsizeof(frame))
            self.assertEqual(said.frames, {"json": frame})

    def test_made_before_or_after_the_event_is_kept_it_counts_once(self) -> None:
        first, second = entry(1), entry(2)
        first.keep("json", bytes(1000))
        self.recent.append(first)
        self.recent.append(second)
        second.keep("json", bytes(1000))
        self.assertEqual(self.recent.size, first.size + second.size)
        self.assertEqual(self.memory.size, self.recent.size)

    def test_when_they_are_too_many_the_oldest_event_goes(self) -> None:
        for seq in (1, 2):
            self.recent.append(entry(seq))
        left = recent.BYTES_A_ROOM - self.recent.size
        newest = self.recent.entries[1]
        newest.keep("json", bytes(left - 100))
        self.assertEqual(seqs(self.recent), [1, 2])
        newest.keep("packets", bytes(100))
        self.assertEqual(seqs(self.recent), [2])
        self.assertEqual(self.recent.size, newest.size)

    def test_one_of_an_event_that_is_gone_counts_nowhere(self) -> None:
        for seq in (1, 2):
            self.recent.append(entry(seq))
        first, second = self.recent.entries
        self.recent.drop_oldest()
        first.keep("json", bytes(1000))
        self.assertEqual(self.recent.size, second.size)
        self.recent.forget()
        second.keep("json", bytes(1000))
        self.assertEqual((self.memory.size, self.recent.size), (0, 0))


class MemoryTests(SynchronousTestCase):
    def test_the_least_active_room_gives_first(self) -> None:
        memory = Memory(limit=4 * entry(1).size)
        quiet, busy = Recent(memory), Recent(memory)
        quiet.append(entry(1))
        quiet.append(entry(2))
        for seq in range(1, 4):
            busy.append(entry(seq))
        self.assertEqual((seqs(quiet), seqs(busy)), ([2], [1, 2, 3]))
        for seq in range(4, 7):
            busy.append(entry(seq))
        self.assertEqual((seqs(quiet), seqs(busy)), ([], [3, 4, 5, 6]))
        self.assertEqual(memory.size, busy.size)

    def test_a_room_that_sleeps_costs_nothing(self) -> None:
        memory = Memory()
        kept = Recent(memory)
        kept.append(entry(1, "诗"))
        kept.forget()
        self.assertEqual((memory.size, kept.size, seqs(kept)), (0, 0, []))

    def test_a_frame_makes_the_least_active_room_give_too(self) -> None:
        memory = Memory(limit=2 * entry(1).size + 1000)
        quiet, busy = Recent(memory), Recent(memory)
        quiet.append(entry(1))
        busy.append(entry(1))
        busy.entries[0].keep("json", bytes(1000))
        self.assertEqual((seqs(quiet), seqs(busy)), ([], [1]))
        self.assertEqual(memory.size, busy.size)
