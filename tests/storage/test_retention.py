"""What rooms keep no longer: how much that is, that it goes at once, and that its rows follow."""

import sqlite3
from contextlib import closing
from typing import Any

from twisted.internet.defer import Deferred, succeed

from chatroom.core.events import Said
from chatroom.core.interfaces import Going, LogState, Place, Search
from chatroom.core.orders import Origin
from chatroom.core.work import Change, Changes, Kind, Ruling, Verdict
from chatroom.search.query import parse
from chatroom.storage import backlog, making, retention, sweeping
from chatroom.storage.files import DATABASE, open_writer
from chatroom.storage.known import lately_here
from chatroom.storage.retaining import A_MOMENT, LOOK_EVERY, Retaining
from chatroom.storage.retention import A_DAY, ROOMS, Let
from chatroom.storage.rounds import A_BREATH

from .storing import DU_FU, MORNING, StorageTestCase, change, draft

SECRET = "qqwwxxyyqqwwxxyy"
TABLES = ("events", "messages")


class RetentionCase(StorageTestCase):
    """A database whose rooms are ruled, and whose old messages go when it is said."""

    def setUp(self) -> None:
        super().setUp()
        self.now = MORNING
        self.moved: list[tuple[str, int]] = []

    def rule(self, room: str = "lobby", **changes: int) -> None:
        verdict = Verdict(
            Ruling.RULE, room, "u-libai", "李白", self.now, changes=Changes(**changes)
        )
        ordered = self.database.journal.order(verdict)
        self.clock.advance(0)
        self.successResultOf(ordered)

    def say(self, *days: float, room: str = "lobby", **fields: Any) -> None:
        """Say something on each of these days, counted from the first morning."""
        self.write(*(draft(f"第{day}天", room, at=self.on(day), **fields) for day in days))

    def on(self, day: float) -> int:
        return MORNING + int(day * A_DAY)

    def let_go(self) -> list[tuple[str, int]]:
        """Let go of all that is kept no longer; gives what logs begin with then."""
        place: int | None = 0
        moved: dict[str, int] = {}
        while place is not None:
            let = self.successResultOf(self.database.journal.let_go(self.now, place))
            moved.update(let.moved)
            place = let.next
        return list(moved.items())

    def sweep(self) -> int:
        count = 0
        while self.successResultOf(self.database.journal.sweep_logs()):
            count += 1
        return count

    def index(self) -> None:
        while self.successResultOf(self.database.journal.index()):
            pass

    def state(self, room: str = "lobby") -> LogState | None:
        return self.successResultOf(self.database.log.state(room))

    def seqs(self, room: str = "lobby") -> list[int]:
        page = self.successResultOf(self.database.log.page(room, Place(), 200))
        return [message.seq for message in page.messages]

    def going(self, days: int, messages: int, room: str = "lobby") -> Going | None:
        return self.successResultOf(self.database.log.going(room, days, messages, self.now))

    def assert_forecast(self, days: int, messages: int) -> list[int]:
        """Let go by these rules what was foretold, and no more; gives what is left."""
        before = self.seqs()
        times = dict(self.rows("SELECT seq, at FROM messages"))
        foretold = self.going(days, messages)
        assert foretold is not None
        self.rule(keep_days=days, keep_messages=messages)
        self.let_go()
        after = self.seqs()
        gone = [seq for seq in before if seq not in after]
        self.assertEqual(after, before[len(gone) :])
        self.assertEqual(foretold.messages, len(gone))
        if gone:
            assert foretold.up_to is not None
            self.assertEqual(self.state().oldest, foretold.up_to + 1)  # type: ignore[union-attr]
            self.assertEqual(foretold.at, times[gone[-1]])
        [(kept,)] = self.rows("SELECT kept FROM rooms WHERE name = 'lobby'")
        self.assertEqual(kept, len(after))
        return after


class RuleTests(RetentionCase):
    def test_without_a_rule_all_is_kept_for_ever(self) -> None:
        self.say(1, 2, 3)
        self.rule(slow=5)
        self.now = self.on(40_000)
        self.assertEqual(self.let_go(), [])
        self.assertEqual(self.going(0, 0), Going(0, None, None))
        self.assertEqual(self.seqs(), [1, 2, 3])

    def test_days_to_the_millisecond(self) -> None:
        self.say(0, 1, 2)
        self.rule(keep_days=1)
        self.now = self.on(1)
        self.assertEqual(self.let_go(), [])
        self.now += 1
        self.assertEqual(self.let_go(), [("lobby", 2)])
        self.now = self.on(2)
        self.assertEqual(self.let_go(), [])
        self.now += 1
        self.assertEqual(self.let_go(), [("lobby", 3)])

    def test_days_and_messages_as_foretold(self) -> None:
        for days, messages, left in (
            (0, 0, [1, 2, 3, 4, 5]),
            (3, 0, [3, 4, 5]),
            (0, 2, [4, 5]),
            (0, 5, [1, 2, 3, 4, 5]),
            (0, 6, [1, 2, 3, 4, 5]),
            (0, 1, [5]),
            (3, 4, [3, 4, 5]),
            (4, 2, [4, 5]),
            (1, 0, [5]),
            (36_500, 10_000_000, [1, 2, 3, 4, 5]),
        ):
            self.tearDown()
            self.setUp()
            self.say(1, 2, 3, 4, 5)
            self.now = self.on(6)
            self.assertEqual(self.assert_forecast(days, messages), left, (days, messages))

    def test_all_of_it_may_go_and_numbers_go_on(self) -> None:
        self.say(1, 2)
        self.rule(keep_days=1)
        self.now = self.on(9)
        self.assertEqual(self.going(1, 0), Going(2, 3, self.on(2)))
        self.assertEqual(self.let_go(), [("lobby", 4)])
        self.assertEqual(self.state(), LogState(3, 4))
        self.assertEqual(self.seqs(), [])
        self.sweep()
        self.say(9)
        self.assertEqual(self.seqs(), [4])
        self.assertEqual(self.let_go(), [])

    def test_messages_are_counted_and_not_events(self) -> None:
        self.say(1, 2, 3)
        self.change(*(change(Kind.REACT, 2, text=emoji) for emoji in "👍🎉❤"))
        self.say(4)
        self.now = self.on(4)
        self.assertEqual(self.assert_forecast(0, 2), [3, 7])
        self.assertEqual(self.state(), LogState(8, 3))

    def test_deleted_ones_count(self) -> None:
        self.say(1, 2, 3)
        self.change(change(Kind.DELETE, 3))
        self.now = self.on(3)
        self.assertEqual(self.assert_forecast(0, 2), [2, 3])

    def test_what_is_newer_than_the_limit_stays_where_the_clock_was_set_back(self) -> None:
        self.say(1, 9, 2, 3, 9)
        self.now = self.on(10)
        self.assertEqual(self.assert_forecast(5, 0), [2, 3, 4, 5])

    def test_no_event_that_is_newer_goes(self) -> None:
        """A reaction of today keeps what is between it and the message of long ago."""
        self.say(1)
        self.change(change(Kind.REACT, 1, text="👍", at=self.on(8)))
        self.say(2)
        self.now = self.on(9)
        self.assertEqual(self.assert_forecast(5, 0), [3])
        self.assertEqual(self.state().oldest, 2)  # type: ignore[union-attr]

    def test_a_long_log_goes_in_slices_as_foretold(self) -> None:
        self.patch(retention, "EVENTS", 7)
        for _ in range(5):
            self.say(*([1] * 10))
            self.change(change(Kind.REACT, 1, text="👍"), change(Kind.UNREACT, 1, text="👍"))
        self.say(5, 5)
        self.now = self.on(5)
        before = self.seqs()
        self.assertEqual(self.going(0, 12), Going(40, before[40] - 1, self.on(1)))
        self.rule(keep_messages=12)
        let = self.successResultOf(self.database.journal.let_go(self.now, 0))
        self.assertEqual((let.moved, self.state()), ([("lobby", 8)], LogState(63, 8)))
        self.assertEqual(self.let_go(), [("lobby", before[40])])
        self.rule(keep_days=1)
        self.now = self.on(7)
        self.assertEqual(self.let_go(), [("lobby", 65)])
        self.assertEqual(self.state(), LogState(64, 65))
        self.assertEqual(self.seqs(), [])

    def test_many_rooms_each_by_its_own_rules(self) -> None:
        self.patch(retention, "ROOMS", 2)
        for n in range(5):
            room = f"r{n}"
            self.say(1, 2, 3, room=room)
            self.rule(room, keep_messages=n)
        self.now = self.on(3)
        self.assertEqual(self.let_go(), [("r1", 3), ("r2", 2)])
        self.assertEqual(
            [self.seqs(f"r{n}") for n in range(5)], [[1, 2, 3], [3], [2, 3]] + [[1, 2, 3]] * 2
        )

    def test_a_room_that_was_never_stored(self) -> None:
        self.assertIsNone(self.going(1, 1, room="水"))

    def test_the_statements_that_look_use_the_index(self) -> None:
        plan = self.rows(f"EXPLAIN QUERY PLAN {retention._KEPT}", 0, 50)
        self.assertIn("rules_that_let_go", str(plan))
        plan = self.rows(f"EXPLAIN QUERY PLAN {sweeping._ROOM}")
        self.assertIn("rooms_to_sweep", str(plan))


class HiddenTests(RetentionCase):
    """From the moment when the log begins further on, nobody reads what is below."""

    def setUp(self) -> None:
        super().setUp()
        self.write(
            draft("旧的", id="old", at=self.on(1)),
            draft("也旧", at=self.on(1), **DU_FU),
        )
        self.write(draft("新的", id="new", at=self.on(5), reply_to=1))
        self.change(change(Kind.REACT, 1, text="👍", at=self.on(1)))
        self.mark(1, user="u-wangwei")
        self.index()
        self.rows("UPDATE rooms SET oldest = 3")

    def test_it_is_in_no_answer(self) -> None:
        log = self.database.log
        self.assertEqual([e.seq for e in self.successResultOf(log.after("lobby", 0, 9))], [3, 4])
        self.assertEqual([e.seq for e in self.successResultOf(log.newest("lobby", 9))], [3, 4])
        for place in (Place(), Place(before=9), Place(after=0), Place(around=1), Place(at=1)):
            page = self.successResultOf(log.page("lobby", place, 9))
            self.assertEqual([m.seq for m in page.messages], [3], place)
            self.assertFalse(page.more_before)
        self.assertEqual(self.successResultOf(log.page("lobby", Place(before=3), 9)).messages, [])
        self.assertEqual(self.successResultOf(log.versions("lobby", 1)), [])
        self.assertEqual(len(self.successResultOf(log.versions("lobby", 3))), 1)
        self.assertEqual(self.successResultOf(log.said_by("lobby", "u-libai", 9, 9)), [3])
        [unread] = self.successResultOf(log.unread("u-wangwei", "王维", Origin(), MORNING))
        self.assertEqual(unread.unread, 1)
        hits = self.successResultOf(log.search(Search(parse("旧"), None, MORNING)))
        self.assertEqual(hits.messages, [])
        hits = self.successResultOf(log.search(Search(parse("from:李白"), None, MORNING)))
        self.assertEqual([hit.seq for hit in hits.messages], [3])
        with closing(open_writer(self.folder / DATABASE)) as connection:
            self.assertNotIn("u-dufu", [p.user for p in lately_here(connection, 1, MORNING)])

    def test_nothing_becomes_of_it(self) -> None:
        changes = [change(kind, 1, text="👍") for kind in (Kind.EDIT, Kind.REACT, Kind.UNREACT)]
        outcomes = self.change(*changes, change(Kind.DELETE, 2, **DU_FU))
        self.assertEqual(outcomes, ["no_such_message"] * 4)

    def test_it_is_not_replied_to(self) -> None:
        self.assertEqual(self.write(draft("答", reply_to=1)), ["no_such_message"])
        self.assertIsInstance(self.write(draft("答", reply_to=3))[0], tuple)


class RepeatTests(RetentionCase):
    """An id is used once, also where what was said under it is kept no longer."""

    def setUp(self) -> None:
        super().setUp()
        self.write(draft("旧的", id="old"), draft("新的", id="new"))
        self.rows("UPDATE rooms SET oldest = 2")
        self.expected = Said(
            room="lobby",
            seq=1,
            id="old",
            user="u-libai",
            nick="李白",
            text="",
            at=0,
            deleted=True,
            again=True,
        )

    def check(self) -> None:
        again, fresh, new = self.write(
            draft("旧的", id="old"), draft("又一句"), draft("新的", id="new")
        )
        self.assertEqual(again, (self.expected, True))
        self.assertEqual((fresh.event.text, fresh.again), ("又一句", False))
        self.assertEqual((new.event.seq, new.event.text, new.again), (2, "新的", True))
        repeated = self.database.log.repeated("lobby", "u-libai", "old")
        self.assertEqual(self.successResultOf(repeated), self.expected)

    def test_before_its_row_is_gone_and_after(self) -> None:
        self.check()
        self.sweep()
        self.check()

    def test_by_another_it_is_another(self) -> None:
        self.sweep()
        [receipt] = self.write(draft("我的", id="old", **DU_FU))
        self.assertFalse(receipt.again)

    def test_also_one_by_one_when_something_spoils_the_batch(self) -> None:
        self.sweep()
        spoils = Change(Kind.EDIT, "lobby", 2, "u-libai", "李白", MORNING, text=None)  # type: ignore[arg-type]
        waiting = [
            self.database.journal.write(draft("旧的", id="old")),
            self.database.journal.change(spoils),
            self.database.journal.write(draft("后来")),
        ]
        self.clock.advance(0)
        first, _, last = (self.outcome(each) for each in waiting)
        self.flushLoggedErrors(sqlite3.IntegrityError)
        self.assertEqual(first, (self.expected, True))
        self.assertEqual(last.event.text, "后来")


class SweepTests(RetentionCase):
    """Its rows go, a few at a time, whatever happens meanwhile."""

    def count(self, table: str) -> int:
        [(count,)] = self.rows(f"SELECT count(*) FROM {table}")
        return int(count)

    def fill(self) -> None:
        self.write(*(draft(f"{SECRET} 第{n}句", id=f"m{n}") for n in range(10)))
        self.change(
            change(Kind.REACT, 2, text="👍"),
            change(Kind.EDIT, 3, text=f"{SECRET} 改了"),
            change(Kind.DELETE, 4),
        )
        self.write(draft("留下"), draft("别处", room="山"))
        self.index()

    def test_all_rows_of_what_is_gone_and_of_nothing_else(self) -> None:
        self.patch(sweeping, "EVENTS", 3)
        self.fill()
        self.rows("UPDATE rooms SET oldest = 14 WHERE name = 'lobby'")
        self.assertEqual(self.sweep(), 5)
        self.assertEqual(self.rows("SELECT room, seq FROM events"), [(1, 14), (2, 1)])
        self.assertEqual(self.rows("SELECT room, seq FROM messages"), [(1, 14), (2, 1)])
        self.assertEqual(self.count("reactions"), 0)
        self.assertEqual(self.count("keys"), 10)
        self.assertEqual(self.rows("SELECT swept FROM rooms WHERE name = 'lobby'"), [(13,)])
        self.assertEqual(self.sweep(), 0)

    def test_the_index_finds_it_no_more_and_is_sound(self) -> None:
        self.fill()
        self.rows("UPDATE rooms SET oldest = 14 WHERE name = 'lobby'")
        self.sweep()
        with closing(open_writer(self.folder / DATABASE)) as connection:
            query = "SELECT count(*) FROM search WHERE search MATCH ?"
            for term, count in ((f'"{SECRET}"', 0), ('"留下"', 1), ('"别处"', 1)):
                self.assertEqual(connection.execute(query, (term,)).fetchone(), (count,), term)

    def test_a_whole_room_goes(self) -> None:
        """As whoever ends a room has it: the log begins after its last number."""
        self.fill()
        self.rows("UPDATE rooms SET oldest = seq + 1 WHERE name = 'lobby'")
        self.sweep()
        for table in TABLES:
            self.assertEqual(self.rows(f"SELECT room, seq FROM {table}"), [(2, 1)])
        self.assertEqual(self.seqs(), [])

    def test_of_a_room_that_was_deleted_the_keys_go_too_bit_by_bit(self) -> None:
        self.patch(sweeping, "KEYS", 4)
        self.fill()
        self.write(draft("别处", room="山", id="m0"))
        with closing(open_writer(self.folder / DATABASE)) as connection:
            making.destroy(connection, "lobby")
        self.assertTrue(self.successResultOf(self.database.journal.sweep_logs()))
        self.assertEqual((self.count("keys"), self.count("events")), (7, 16))
        self.sweep()
        self.assertEqual(self.rows("SELECT room, id FROM keys"), [(2, "m0")])
        self.assertEqual(self.rows("SELECT DISTINCT room FROM events"), [(2,)])
        self.assertEqual(self.rows("SELECT swept = seq FROM rooms WHERE was = 'lobby'"), [(1,)])

    def test_what_is_not_indexed_yet_never_is(self) -> None:
        self.write(*(draft(f"{SECRET} {n}") for n in range(3)))
        self.rows("UPDATE rooms SET oldest = 3")
        self.index()
        self.assertEqual(self.rows("SELECT seq FROM messages WHERE n IS NOT NULL"), [(3,)])
        self.sweep()
        self.assertEqual(self.rows("SELECT seq FROM messages"), [(3,)])
        indexed = """SELECT count(*) FROM search WHERE search MATCH '"in:1"'"""
        self.assertEqual(self.rows(indexed), [(1,)])

    def test_what_is_swept_before_it_is_indexed_was_never_there(self) -> None:
        self.patch(backlog, "SIZE", 1)
        self.write(*(draft(f"{SECRET} {n}") for n in range(3)))
        self.rows("UPDATE rooms SET oldest = 3")
        self.assertTrue(self.successResultOf(self.database.journal.index()))
        self.sweep()
        self.assertEqual(self.rows("SELECT seq FROM messages"), [(3,)])
        self.index()
        indexed = """SELECT count(*) FROM search WHERE search MATCH '"in:1"'"""
        self.assertEqual(self.rows(indexed), [(1,)])

    def test_it_is_nowhere_in_the_files(self) -> None:
        self.fill()
        self.rows("UPDATE rooms SET oldest = 14 WHERE name = 'lobby'")
        self.sweep()
        while self.successResultOf(self.database.journal.sweep()):
            pass
        self.close(self.database)
        self.database = self.open()
        with closing(open_writer(self.folder / DATABASE)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for path in self.folder.iterdir():
            self.assertNotIn(SECRET.encode(), path.read_bytes(), path.name)

    def test_a_kill_loses_nothing_of_it(self) -> None:
        self.patch(sweeping, "EVENTS", 4)
        self.fill()
        self.rows("UPDATE rooms SET oldest = 14 WHERE name = 'lobby'")
        self.assertTrue(self.successResultOf(self.database.journal.sweep_logs()))

        def kill(connection: sqlite3.Connection, *_: object) -> None:
            connection.execute("DELETE FROM reactions")
            raise KeyboardInterrupt

        self.patch(sweeping, "_sweep", kill)
        with closing(open_writer(self.folder / DATABASE)) as connection:
            self.assertRaises(KeyboardInterrupt, sweeping.sweep_some, connection)
        self.assertEqual(self.rows("SELECT swept FROM rooms WHERE name = 'lobby'"), [(4,)])
        self.assertEqual(self.count("messages"), 8)
        self.patch(sweeping, "_sweep", SWEEP)
        self.close(self.database)
        self.database = self.open()
        self.sweep()
        self.assertEqual(self.rows("SELECT seq FROM messages WHERE room = 1"), [(14,)])


SWEEP = sweeping._sweep


class RetainingTests(RetentionCase):
    """It is looked once a minute, and at once where a rule has changed."""

    def setUp(self) -> None:
        super().setUp()
        self.say(1, 2, 3, id=None)
        self.now = self.on(3)

    def begin(self) -> None:
        self.database.retaining.begin(lambda: self.now, self.heard)
        self.pass_by(1)

    def heard(self, room: str, oldest: int) -> None:
        self.moved.append((room, oldest))

    def pass_by(self, seconds: float) -> None:
        self.clock.pump([0.001] * round(seconds * 1000))

    def messages(self) -> list[int]:
        return [seq for (seq,) in self.rows("SELECT seq FROM messages")]

    def test_nothing_is_looked_at_before_it_begins(self) -> None:
        self.rule(keep_messages=1)
        self.pass_by(1)
        self.assertEqual(self.messages(), [1, 2, 3])

    def test_at_the_start(self) -> None:
        self.rule(keep_messages=1)
        self.begin()
        self.assertEqual((self.moved, self.messages()), ([("lobby", 3)], [3]))

    def test_what_was_being_swept_when_it_was_killed(self) -> None:
        self.rows("UPDATE rooms SET oldest = 3")
        self.begin()
        self.assertEqual((self.moved, self.messages()), ([], [3]))

    def test_a_moment_after_a_rule(self) -> None:
        self.begin()
        self.rule(keep_messages=2)
        self.pass_by(A_MOMENT + 10 * A_BREATH)
        self.assertEqual((self.moved, self.messages()), ([("lobby", 2)], [2, 3]))

    def test_days_pass_while_nothing_is_said(self) -> None:
        self.rule(keep_days=2)
        self.begin()
        self.assertEqual(self.moved, [])
        self.now = self.on(4) + 1
        self.clock.advance(LOOK_EVERY - 2)
        self.pass_by(0.5)
        self.assertEqual(self.moved, [])
        self.clock.advance(2)
        self.pass_by(0.5)
        self.assertEqual((self.moved, self.messages()), ([("lobby", 3)], [3]))

    def test_what_others_let_go_of_is_swept_too(self) -> None:
        self.begin()
        self.rows("UPDATE rooms SET oldest = seq + 1")
        self.clock.advance(LOOK_EVERY)
        self.pass_by(0.5)
        self.assertEqual(self.messages(), [])

    def test_the_index_is_swept_after_it(self) -> None:
        asked: list[bool] = []
        self.patch(self.database.retaining, "_swept", lambda: asked.append(True))
        self.begin()
        self.assertEqual(asked, [])
        self.rule(keep_messages=1)
        self.pass_by(1)
        self.assertEqual(asked, [True])

    def test_what_is_said_meanwhile_is_stored_between_two_rounds(self) -> None:
        self.patch(sweeping, "EVENTS", 1)
        self.rule(keep_messages=1)
        self.database.retaining.begin(lambda: self.now, self.heard)
        self.pass_by(A_MOMENT + 1.5 * A_BREATH)
        self.assertEqual(self.messages(), [2, 3])
        [receipt] = self.write(draft("插一句"))
        self.assertFalse(receipt.again)
        self.assertEqual(self.messages(), [2, 3, 5])
        self.pass_by(1)
        self.assertEqual(self.messages(), [3, 5])

    def test_who_rules_again_and_again_keeps_no_room_from_its_turn(self) -> None:
        places: list[int] = []

        def let_go(now: int, place: int) -> Deferred[Let]:
            places.append(place)
            retaining.soon()
            return succeed(Let((), place + ROOMS if place < 3 * ROOMS else None))

        retaining = Retaining(let_go, lambda: succeed(False), lambda: None, self.clock)
        retaining.begin(lambda: self.now, self.heard)
        self.pass_by(1)
        retaining.close()
        self.assertEqual(places[:5], [0, ROOMS, 2 * ROOMS, 3 * ROOMS, 0])

    def test_who_fails_to_hear_stops_nothing(self) -> None:
        def fails(room: str, oldest: int) -> None:
            raise ZeroDivisionError

        self.rule(keep_messages=1)
        self.database.retaining.begin(lambda: self.now, fails)
        self.pass_by(1)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.assertEqual(self.messages(), [3])

    def test_storage_that_fails_is_tried_again(self) -> None:
        self.rule(keep_messages=1)
        with closing(open_writer(self.folder / DATABASE)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            self.patch(self.database.journal._writer, "_connect", self.impatient)
            self.database.journal._writer.close()
            self.begin()
            self.assertEqual(self.messages(), [1, 2, 3])
            connection.execute("ROLLBACK")
        self.pass_by(1.5)
        self.assertEqual(self.messages(), [3])

    def impatient(self) -> sqlite3.Connection:
        connection = open_writer(self.folder / DATABASE)
        connection.execute("PRAGMA busy_timeout = 0")
        return connection

    def test_nothing_is_begun_after_the_end(self) -> None:
        self.begin()
        self.successResultOf(self.database.close())
        self.assertEqual(self.clock.getDelayedCalls(), [])
        self.database = self.open()
