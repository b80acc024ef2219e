"""Reading: the log by numbers, history by pages."""

import sqlite3
from pathlib import Path

from msgspec import json
from twisted.internet.defer import Deferred, execute
from twisted.logger import LogLevel, capturedLogs

from chatroom.core.errors import Refused
from chatroom.core.events import Message
from chatroom.core.interfaces import LogState, Page, Place
from chatroom.core.work import Changes, Kind, Ruling, Verdict
from chatroom.storage.files import DATABASE, open_reader
from chatroom.storage.history import PAGE
from chatroom.storage.log import Log

from .storing import DU_FU, LI_BAI, MORNING, StorageTestCase, Stuck, change, draft


class LogTests(StorageTestCase):
    """Events of a room by their numbers."""

    def setUp(self) -> None:
        super().setUp()
        self.log = self.database.log
        self.write(*(draft(str(n), id=f"m{n}") for n in range(1, 6)), draft("山", room="山"))

    def numbers(self, events: Deferred[list]) -> list[int]:
        return [event.seq for event in self.successResultOf(events)]

    def test_state(self) -> None:
        self.assertEqual(self.successResultOf(self.log.state("lobby")), LogState(5, 1))

    def test_what_was_never_stored_is_none(self) -> None:
        self.assertIsNone(self.successResultOf(self.log.state("水")))
        self.assertIsNone(self.successResultOf(self.log.page("水", Place(), 50)))
        self.assertIsNone(self.successResultOf(self.log.repeated("lobby", "u-libai", "m9")))
        self.assertEqual(self.numbers(self.log.after("水", 0, 10)), [])
        self.assertEqual(self.numbers(self.log.newest("水", 10)), [])

    def test_after(self) -> None:
        self.assertEqual(self.numbers(self.log.after("lobby", 2, 10)), [3, 4, 5])
        self.assertEqual(self.numbers(self.log.after("lobby", 2, 2)), [3, 4])
        self.assertEqual(self.numbers(self.log.after("lobby", 5, 10)), [])

    def test_a_read_ends_early_so_that_little_waits_in_memory(self) -> None:
        self.write(*(draft("月" * 4000, room="长") for _ in range(30)))
        numbers = self.numbers(self.log.after("长", 0, 100))
        # Of 12,000 bytes each, five are below 64 KiB.
        self.assertEqual(numbers, [1, 2, 3, 4, 5])
        self.assertEqual(self.numbers(self.log.after("长", 29, 100)), [30])

    def test_newest(self) -> None:
        self.assertEqual(self.numbers(self.log.newest("lobby", 2)), [4, 5])
        self.assertEqual(self.numbers(self.log.newest("lobby", 10)), [1, 2, 3, 4, 5])

    def test_nick(self) -> None:
        self.assertEqual(self.successResultOf(self.log.nick("u-libai")), "李白")
        self.write(draft("a", nick="太白"))
        self.assertEqual(self.successResultOf(self.log.nick("u-libai")), "太白")
        self.assertIsNone(self.successResultOf(self.log.nick("u-dufu")))

    def test_repeated(self) -> None:
        said = self.successResultOf(self.log.repeated("lobby", "u-libai", "m2"))
        self.assertEqual((said.seq, said.text, said.room, said.again), (2, "2", "lobby", True))
        for room, user in (("山", "u-libai"), ("lobby", "u-dufu")):
            self.assertIsNone(self.successResultOf(self.log.repeated(room, user, "m2")))


class PageTests(StorageTestCase):
    """Pages of history."""

    def page(self, limit: int = 50, **place: int) -> Page:
        return self.successResultOf(self.database.log.page("lobby", Place(**place), limit))

    def look(self, **asked: int) -> tuple[list[int], bool]:
        page = self.page(**asked)
        return [message.seq for message in page.messages], page.more

    def test_a_message_is_what_was_said(self) -> None:
        self.write(draft("一"))
        self.write(draft("二", id="m2", at=MORNING + 1, reply_to=1, **DU_FU))
        one = Message(seq=1, text="一", at=MORNING, **LI_BAI)
        two = Message(seq=2, id="m2", text="二", at=MORNING + 1, reply_to=1, **DU_FU)
        self.assertEqual(self.page(), Page([one, two], more=False, as_of=2))

    def test_oldest_first_and_the_bounds_excluded(self) -> None:
        self.write(*(draft(str(n)) for n in range(10)), draft("山", room="山"))
        self.assertEqual(self.look(limit=3), ([8, 9, 10], True))
        self.assertEqual(self.look(limit=10), ([*range(1, 11)], False))
        self.assertEqual(self.look(before=8, limit=3), ([5, 6, 7], True))
        self.assertEqual(self.look(before=4, limit=3), ([1, 2, 3], False))
        self.assertEqual(self.look(before=1, limit=3), ([], False))
        self.assertEqual(self.look(after=2, limit=3), ([3, 4, 5], True))
        self.assertEqual(self.look(after=7, limit=3), ([8, 9, 10], False))
        self.assertEqual(self.look(after=0, limit=3), ([1, 2, 3], True))
        self.assertEqual(self.look(after=10, limit=3), ([], False))
        self.assertEqual(self.page(after=99).as_of, 10)

    def test_ends_early_and_all_pages_are_complete(self) -> None:
        self.write(*(draft("长" * 4000, id=f"m{n}") for n in range(200)))
        newest = self.page(limit=200)
        size = len(json.encode(newest.messages))
        self.assertLessEqual(size, PAGE)
        self.assertGreater(size, PAGE - 13_000)
        self.assertEqual((newest.messages[-1].seq, newest.more), (200, True))
        back, page = newest.messages, newest
        while page.more:
            page = self.page(before=back[0].seq, limit=200)
            self.assertLessEqual(len(json.encode(page.messages)), PAGE)
            back = page.messages + back
        self.assertEqual([message.seq for message in back], [*range(1, 201)])
        forth, page = [], self.page(after=0, limit=200)
        self.assertEqual((page.messages[0].seq, page.more), (1, True))
        while True:
            forth += page.messages
            if not page.more:
                break
            page = self.page(after=forth[-1].seq, limit=200)
        self.assertEqual(forth, back)

    def test_the_limit_is_exact(self) -> None:
        frame = [Message(seq=seq, text="", at=MORNING, **LI_BAI) for seq in (1, 2)]
        room_left = PAGE - len(json.encode(frame))
        self.write(draft(""), draft("a" * room_left), draft("a" * (room_left + 1)))
        self.assertEqual(self.look(after=0), ([1, 2], True))
        self.assertEqual(self.look(before=3), ([1, 2], False))
        self.write(draft(""))
        self.assertEqual(self.look(), ([4], True))
        self.assertEqual(self.look(after=2), ([3], True))

    def look_around(self, limit: int = 50, **asked: int) -> tuple[bool | None, list[int], bool]:
        page = self.page(limit, **asked)
        return page.more_before, [message.seq for message in page.messages], page.more

    def test_around_a_number(self) -> None:
        self.write(*(draft(str(n)) for n in range(10)), draft("山", room="山"))
        self.assertEqual(self.look_around(around=5, limit=4), (True, [3, 4, 5, 6], True))
        self.assertEqual(self.look_around(around=5, limit=5), (True, [3, 4, 5, 6, 7], True))
        self.assertEqual(self.look_around(around=5, limit=1), (True, [5], True))
        self.assertEqual(self.look_around(around=3, limit=4), (False, [1, 2, 3, 4], True))
        self.assertEqual(self.look_around(around=9, limit=4), (True, [7, 8, 9, 10], False))
        self.assertEqual(self.look_around(around=10, limit=4), (True, [8, 9, 10], False))
        self.assertEqual(self.look_around(around=11, limit=4), (True, [9, 10], False))
        self.assertEqual(self.look_around(around=0, limit=4), (False, [1, 2], True))
        self.assertEqual(self.look_around(around=2**53 - 1, limit=2), (True, [10], False))

    def test_around_what_is_no_message(self) -> None:
        self.write(*(draft(str(n)) for n in range(3)))
        self.change(*(change(Kind.REACT, 1, text=emoji) for emoji in "👍🎉❤"))
        self.write(draft("7"))
        self.assertEqual(self.look_around(around=5, limit=4), (True, [2, 3, 7], False))

    def test_from_a_time_on(self) -> None:
        for n, second in enumerate((0, 0, 5, 5, 9)):
            self.write(draft(str(n), at=MORNING + second * 1000))
        for second, expected in (
            (-1, (False, [1, 2, 3], True)),
            (0, (False, [1, 2, 3], True)),
            (0.001, (True, [3, 4, 5], False)),
            (5, (True, [3, 4, 5], False)),
            (9, (True, [5], False)),
            (9.001, (True, [], False)),
        ):
            at = MORNING + int(second * 1000)
            self.assertEqual(self.look_around(at=at, limit=3), expected, second)

    def test_every_time_of_a_long_talk_is_found(self) -> None:
        self.write(*(draft(str(n), at=MORNING + n // 3 * 10) for n in range(100)))
        self.change(*(change(Kind.REACT, 50, text=chr(0x1F600 + n)) for n in range(20)))
        self.write(*(draft(str(n), at=MORNING + n // 3 * 10) for n in range(100, 200)))
        times = {message.seq: message.at for message in self.page(limit=200).messages}
        for at in range(MORNING - 5, MORNING + 670, 5):
            first = [seq for seq, said in times.items() if said >= at][:1]
            found = [message.seq for message in self.page(1, at=at).messages]
            self.assertEqual(found, first, at - MORNING)

    def test_where_the_clock_was_set_back_it_begins_at_a_turn(self) -> None:
        """It ends, and what is before the page is of another time than what begins it."""
        times = (1, 2, 3, 4, 1, 2, 3, 4, 5)
        for n, second in enumerate(times):
            self.write(draft(str(n), at=MORNING + second * 1000))
        for second in (2, 3, 4):
            seq = self.page(1, at=MORNING + second * 1000).messages[0].seq
            self.assertLess(times[seq - 2], second)
            self.assertGreaterEqual(times[seq - 1], second)

    def test_in_an_empty_room_there_is_nothing_on_either_side(self) -> None:
        changes = Changes(locked=True)
        verdict = Verdict(Ruling.RULE, "lobby", "u", "n", MORNING, changes=changes)
        ordered = self.database.journal.order(verdict)
        self.clock.advance(0)
        self.successResultOf(ordered)
        self.assertEqual(self.look_around(around=1), (False, [], False))
        self.assertEqual(self.look_around(at=MORNING), (False, [], False))

    def test_around_ends_early_and_leaves_room_on_both_sides(self) -> None:
        self.write(*(draft("长" * 4000, id=f"m{n}") for n in range(200)))
        page = self.page(limit=200, around=100)
        size = len(json.encode(page.messages))
        self.assertLessEqual(size, PAGE)
        self.assertGreater(size, PAGE - 26_000)
        seqs = [message.seq for message in page.messages]
        self.assertEqual(seqs, [*range(seqs[0], seqs[-1] + 1)])
        self.assertLessEqual(abs((100 - seqs[0]) - (seqs[-1] - 100)), 2)
        self.assertEqual((page.more_before, page.more), (True, True))

    def test_a_page_is_of_one_moment(self) -> None:
        self.write(draft("一"))

        def meanwhile(statement: str) -> None:
            if "FROM messages" in statement:
                self.write(draft("二"))

        connection = open_reader(self.folder / DATABASE)
        connection.set_trace_callback(meanwhile)
        log = Log(lambda: connection, execute)
        page = self.successResultOf(log.page("lobby", Place(after=0), 50))
        self.assertEqual(([message.seq for message in page.messages], page.as_of), ([1], 1))
        self.assertEqual(self.texts(), ["一", "二"])
        log.close()

    def test_one_message_is_kept_however_long(self) -> None:
        self.write(draft("长" * 100_000), draft("短"), draft("长" * 100_000))
        self.assertEqual(self.look(), ([3], True))
        self.assertEqual(self.look(after=0), ([1], True))
        self.assertEqual(self.look(before=3), ([2], True))
        self.assertEqual(self.look_around(around=2), (True, [2], True))
        self.assertEqual(self.look_around(around=3), (True, [3], False))
        self.assertEqual(self.look_around(around=9), (True, [3], False))
        self.assertEqual(self.look_around(at=MORNING), (False, [1], True))


class FailureTests(StorageTestCase):
    """What cannot be read is `unavailable`, and is tried again the next time."""

    def setUp(self) -> None:
        super().setUp()
        self.write(draft("一"))
        self.opened: list[sqlite3.Connection] = []
        self.broken = False

    def connect(self) -> sqlite3.Connection:
        if self.broken:
            raise sqlite3.OperationalError("unable to open database file")
        self.opened.append(open_reader(self.folder / DATABASE))
        return self.opened[-1]

    def refusal(self, reading: Deferred[object]) -> str:
        return self.failureResultOf(reading, Refused).value.code

    def test_a_connection_that_fails_is_replaced(self) -> None:
        log = Log(self.connect, execute)
        self.successResultOf(log.state("lobby"))
        self.opened[0].set_authorizer(lambda *_: sqlite3.SQLITE_DENY)
        self.assertEqual(self.refusal(log.state("lobby")), "unavailable")
        self.assertEqual(self.successResultOf(log.state("lobby")), LogState(1, 1))
        self.assertEqual(len(self.opened), 2)
        self.assertRaises(sqlite3.ProgrammingError, self.opened[0].execute, "SELECT 1")
        log.close()

    def test_no_connection_to_be_had(self) -> None:
        log = Log(self.connect, execute)
        with capturedLogs() as events:
            self.broken = True
            for _ in range(3):
                self.assertEqual(self.refusal(log.newest("lobby", 1)), "unavailable")
            self.broken = False
            self.successResultOf(log.newest("lobby", 1))
        levels = [event["log_level"] for event in events]
        self.assertEqual(levels, [LogLevel.warn, LogLevel.info])
        log.close()

    def test_a_file_that_is_gone(self) -> None:
        log = Log(lambda: open_reader(Path(self.mktemp())), execute)
        self.assertEqual(self.refusal(log.page("lobby", Place(), 50)), "unavailable")

    def test_a_connection_is_kept_for_the_next(self) -> None:
        log = Log(self.connect, execute)
        for _ in range(5):
            self.successResultOf(log.state("lobby"))
        self.assertEqual(len(self.opened), 1)
        log.close()
        self.assertRaises(sqlite3.ProgrammingError, self.opened[0].execute, "SELECT 1")

    def test_closed_while_it_reads(self) -> None:
        reader = Stuck()
        log = Log(self.connect, reader.run)
        reading = log.state("lobby")
        log.close()
        reader.let_go()
        self.assertEqual(self.successResultOf(reading), LogState(1, 1))
        self.assertRaises(sqlite3.ProgrammingError, self.opened[0].execute, "SELECT 1")
        self.assertEqual(self.refusal(log.state("lobby")), "unavailable")

    def test_a_reader_writes_nothing(self) -> None:
        connection = self.connect()
        self.assertRaises(sqlite3.OperationalError, connection.execute, "DELETE FROM events")
        connection.close()
