"""The journal: batches, limits, failures of the disk, and the way out of them."""

import sqlite3
from contextlib import closing

from twisted.logger import LogLevel, capturedLogs

from chatroom.core.work import Receipt
from chatroom.storage.files import DATABASE
from chatroom.storage.journal import BATCH, PATIENCE, QUEUE

from .storing import StorageTestCase, Stuck, draft


class BatchTests(StorageTestCase):
    """What arrives in one turn, or while the last batch is being stored, is stored together."""

    def setUp(self) -> None:
        super().setUp()
        self.commits: list[str] = []
        self.writer = Stuck()

    def counted(self, connection: sqlite3.Connection) -> None:
        connection.set_trace_callback(
            lambda statement: self.commits.append(statement) if statement == "COMMIT" else None
        )

    def test_nothing_is_stored_before_the_turn_ends(self) -> None:
        receipts = [self.database.journal.write(draft()) for _ in range(3)]
        self.assertFalse(any(receipt.called for receipt in receipts))
        self.clock.advance(0)
        self.assertTrue(all(receipt.called for receipt in receipts))

    def test_two_hundred_are_one_transaction(self) -> None:
        journal = self.journal(self.counted)
        self.write(*[draft()] * BATCH, journal=journal)
        self.assertEqual(len(self.commits), 1)
        self.successResultOf(journal.close())

    def test_one_more_is_another(self) -> None:
        journal = self.journal(self.counted)
        self.write(*[draft()] * (BATCH + 1), journal=journal)
        self.assertEqual(len(self.commits), 2)
        self.assertEqual([len(events) for _, events in self.published], [BATCH, 1])
        self.successResultOf(journal.close())

    def test_one_transaction_at_a_time(self) -> None:
        journal = self.journal(self.counted, self.writer.run)
        first = journal.write(draft("一"))
        self.clock.advance(0)
        later = [journal.write(draft(text)) for text in "二三"]
        self.clock.advance(1)
        self.assertEqual(len(self.writer.jobs), 1)
        self.writer.let_go()
        self.assertTrue(first.called)
        self.assertFalse(later[0].called)
        self.writer.let_go()
        self.assertTrue(all(receipt.called for receipt in later))
        self.assertEqual(len(self.commits), 2)
        self.assertEqual(self.texts(), ["一", "二", "三"])
        closed = journal.close()
        self.writer.let_go()
        self.successResultOf(closed)

    def test_published_once_a_room_before_the_receipts(self) -> None:
        order: list[str] = []
        self.publish = lambda room, events: order.append(f"{room}:{len(events)}")
        journal = self.journal()
        for number, room in enumerate(["lobby", "山", "lobby"]):
            journal.write(draft(room=room)).addCallback(
                lambda _, number=number: order.append(f"receipt {number}")
            )
        self.clock.advance(0)
        self.assertEqual(order, ["lobby:2", "山:1", "receipt 0", "receipt 1", "receipt 2"])
        self.successResultOf(journal.close())

    def test_a_repetition_is_not_published(self) -> None:
        self.write(draft(id="m1"))
        self.published.clear()
        self.write(draft(id="m1"))
        self.assertEqual(self.published, [])

    def test_a_publisher_that_fails_costs_no_receipt(self) -> None:
        def publish(room: str, events: object) -> None:
            raise ZeroDivisionError

        self.publish = publish
        journal = self.journal()
        for _ in range(2):
            [receipt] = self.write(draft(), journal=journal)
            self.assertIsInstance(receipt, Receipt)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 2)
        self.successResultOf(journal.close())


class LimitTests(StorageTestCase):
    """The queue is bounded in length and in time."""

    def setUp(self) -> None:
        super().setUp()
        self.writer = Stuck()
        self.stuck = self.journal(run=self.writer.run)
        self.being_stored = self.stuck.write(draft("first"))
        self.clock.advance(0)

    def test_ten_thousand_wait_and_one_more_is_refused_at_once(self) -> None:
        waiting = [self.stuck.write(draft()) for _ in range(QUEUE)]
        self.assertFalse(any(receipt.called for receipt in waiting))
        self.assertEqual(self.outcome(self.stuck.write(draft())), "unavailable")
        self.assertEqual(len(self.clock.getDelayedCalls()), 1)
        self.clock.advance(PATIENCE)
        self.assertEqual({self.outcome(receipt) for receipt in waiting}, {"unavailable"})

    def test_five_seconds(self) -> None:
        early = self.stuck.write(draft("early"))
        self.clock.advance(1)
        late = self.stuck.write(draft("late"))
        self.clock.advance(3.99)
        self.assertFalse(early.called)
        self.clock.advance(0.01)
        self.assertEqual(self.outcome(early), "unavailable")
        self.assertFalse(late.called)
        self.writer.let_go()
        self.writer.let_go()
        self.assertEqual(self.outcome(late).event.seq, 2)
        self.assertEqual(self.texts(), ["first", "late"])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_each_has_five_seconds_of_its_own(self) -> None:
        early = self.stuck.write(draft("early"))
        self.clock.advance(1)
        late = self.stuck.write(draft("late"))
        self.clock.advance(PATIENCE - 1)
        self.assertTrue(self.outcome(early))
        self.assertFalse(late.called)
        self.clock.advance(1)
        self.assertEqual(self.outcome(late), "unavailable")

    def test_the_impatient_share_rounds(self) -> None:
        for _ in range(1000):
            self.stuck.write(draft()).addErrback(lambda failure: None)
            self.clock.advance(0.0001)
        rounds = 0
        while self.clock.getDelayedCalls():
            [call] = self.clock.getDelayedCalls()
            self.clock.advance(max(0.0, call.getTime() - self.clock.seconds()))
            rounds += 1
        self.assertLessEqual(rounds, 3)


class FailureTests(StorageTestCase):
    """What storage cannot take is `unavailable`; it recovers by itself."""

    def test_locked_by_another(self) -> None:
        journal = self.journal()
        self.write(draft("一"), journal=journal)
        with closing(sqlite3.connect(self.folder / DATABASE, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            self.assertEqual(
                self.write(draft("二"), draft("三"), journal=journal), ["unavailable"] * 2
            )
            self.assertEqual(self.texts(), ["一"])
            other.execute("ROLLBACK")
        [receipt] = self.write(draft("二"), journal=journal)
        self.assertEqual(receipt.event.seq, 2)
        self.successResultOf(journal.close())

    def test_disk_full(self) -> None:
        full = True

        def prepare(connection: sqlite3.Connection) -> None:
            if full:
                [(pages,)] = connection.execute("PRAGMA page_count")
                connection.execute(f"PRAGMA max_page_count = {pages + 2}")

        journal = self.journal(prepare)
        [receipt] = self.write(draft("短"), journal=journal)
        self.assertIsInstance(receipt, Receipt)
        self.published.clear()
        long = [draft("长" * 4000, id=str(n)) for n in range(10)]
        with capturedLogs() as events:
            self.assertEqual(set(self.write(*long, journal=journal)), {"unavailable"})
        self.assertIn("full", str(events[0]["error"]))
        self.assertEqual(self.texts(), ["短"])
        self.assertEqual(self.published, [])
        full = False
        self.assertEqual([r.event.seq for r in self.write(*long, journal=journal)], [*range(2, 12)])
        self.successResultOf(journal.close())

    def test_a_commit_that_fails(self) -> None:
        opened: list[sqlite3.Connection] = []

        def deny_commit(connection: sqlite3.Connection) -> None:
            if not opened:
                connection.set_authorizer(
                    lambda action, what, *_: (
                        sqlite3.SQLITE_DENY
                        if action == sqlite3.SQLITE_TRANSACTION and what == "COMMIT"
                        else sqlite3.SQLITE_OK
                    )
                )
            opened.append(connection)

        journal = self.journal(deny_commit)
        self.assertEqual(self.write(draft("一", id="m1"), journal=journal), ["unavailable"])
        self.assertEqual(self.published, [])
        self.assertRaises(sqlite3.ProgrammingError, opened[0].execute, "SELECT 1")
        [receipt] = self.write(draft("一", id="m1"), journal=journal)
        self.assertEqual((receipt.event.seq, receipt.again), (1, False))
        self.assertEqual(len(opened), 2)
        self.successResultOf(journal.close())

    def test_a_commit_that_fails_and_was_stored_all_the_same(self) -> None:
        journal = self.journal()
        self.fail_to_sync()
        self.assertEqual(self.write(draft("一", id="m1"), journal=journal), ["unavailable"])
        [receipt] = self.write(draft("一", id="m1"), journal=journal)
        self.assertEqual((receipt.event.seq, receipt.again), (1, True))
        self.successResultOf(journal.close())

    def test_behind_a_sync_that_failed_nothing_is_written(self) -> None:
        journal = self.journal()
        self.fail_to_sync()
        wal = self.folder / f"{DATABASE}-wal"
        with closing(sqlite3.connect(self.folder / DATABASE, isolation_level=None)) as other:
            other.execute("BEGIN")
            other.execute("SELECT * FROM meta").fetchall()
            self.assertEqual(self.write(draft("一" * 4000), journal=journal), ["unavailable"])
            size = wal.stat().st_size
            self.assertEqual(self.write(draft("二"), journal=journal), ["unavailable"])
            other.execute("COMMIT")
            [receipt] = self.write(draft("二"), journal=journal)
            self.assertEqual(receipt.event.seq, 2)
            self.assertLess(wal.stat().st_size, size)
        self.successResultOf(journal.close())

    def test_the_wal_is_begun_anew_once_and_for_a_failing_disk_alone(self) -> None:
        statements: list[str] = []
        journal = self.journal(lambda connection: connection.set_trace_callback(statements.append))
        with closing(sqlite3.connect(self.folder / DATABASE, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            self.assertEqual(self.write(draft(), journal=journal), ["unavailable"])
            other.execute("ROLLBACK")
        self.write(draft(), journal=journal)
        self.successResultOf(journal.close())
        self.assertFalse([one for one in statements if "checkpoint" in one])
        journal = self.journal(lambda connection: connection.set_trace_callback(statements.append))
        self.fail_to_sync()
        for _ in range(3):
            self.write(draft(), journal=journal)
        self.assertEqual(len([one for one in statements if "checkpoint" in one]), 1)
        self.successResultOf(journal.close())

    def test_a_database_that_cannot_be_opened(self) -> None:
        journal = self.journal()
        away = (self.folder / DATABASE).rename(self.folder / "away")
        self.assertEqual(self.write(draft(), journal=journal), ["unavailable"])
        away.rename(self.folder / DATABASE)
        self.assertIsInstance(self.write(draft(), journal=journal)[0], Receipt)
        self.successResultOf(journal.close())

    def test_is_told_once_and_once_when_it_is_over(self) -> None:
        journal = self.journal()
        with capturedLogs() as events:
            with closing(sqlite3.connect(self.folder / DATABASE, isolation_level=None)) as other:
                other.execute("BEGIN EXCLUSIVE")
                for _ in range(5):
                    self.write(draft(), draft(), journal=journal)
            for _ in range(2):
                self.write(draft(), journal=journal)
        levels = [event["log_level"] for event in events]
        self.assertEqual(levels, [LogLevel.warn, LogLevel.info])
        self.assertIn("locked", str(events[0]["error"]))
        self.successResultOf(journal.close())

    def test_a_thread_that_takes_no_job(self) -> None:
        def run(job: object) -> object:
            raise RuntimeError("no thread")

        journal = self.journal(run=run)
        self.assertEqual(self.write(draft(), journal=journal), ["unavailable"])
        self.assertEqual(self.write(draft(), journal=journal), ["unavailable"])
        self.assertEqual(len(self.flushLoggedErrors(RuntimeError)), 2)

    def fail_to_sync(self) -> None:
        """Let the next COMMIT write all, and then say that the disk has failed."""
        failed: list[str] = []

        class Deceived(sqlite3.Connection):
            def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
                cursor = super().execute(sql, *values)
                if sql == "COMMIT" and not failed:
                    failed.append(sql)
                    error = sqlite3.OperationalError("disk I/O error")
                    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
                    raise error
                return cursor

        connect = sqlite3.connect
        self.patch(sqlite3, "connect", lambda *a, **k: connect(*a, **k, factory=Deceived))


class PoisonTests(StorageTestCase):
    """One draft that cannot be stored harms itself alone."""

    def test_a_lone_surrogate(self) -> None:
        outcomes = self.write(
            draft("一"), draft("\ud800"), draft("二", id="m1"), draft("三", id="m1"), draft("四")
        )
        self.assertEqual(outcomes[1], "unavailable")
        self.assertEqual(self.texts(), ["一", "二", "四"])
        self.assertTrue(outcomes[3].again)
        self.assertEqual(outcomes[4].event.seq, 3)
        self.assertEqual(self.published[0][1], [outcomes[n].event for n in (0, 2, 4)])
        self.assertEqual(len(self.flushLoggedErrors(UnicodeEncodeError)), 1)

    def test_a_value_of_the_wrong_kind(self) -> None:
        outcomes = self.write(draft("一"), draft(object()), draft("x", at="noon"), draft("二"))
        self.assertEqual(outcomes[1:3], ["unavailable"] * 2)
        self.assertEqual(self.texts(), ["一", "二"])
        self.assertEqual(len(self.flushLoggedErrors()), 2)

    def test_one_that_was_alone(self) -> None:
        self.assertEqual(self.write(draft("\ud800")), ["unavailable"])
        self.assertEqual(self.write(draft("一"))[0].event.seq, 1)
        self.assertEqual(len(self.flushLoggedErrors(UnicodeEncodeError)), 1)

    def test_storage_that_fails_meanwhile_is_not_asked_for_each(self) -> None:
        begun: list[str] = []
        other = sqlite3.connect(self.folder / DATABASE, isolation_level=None)
        self.addCleanup(other.close)

        def lock_at_the_second(statement: str) -> None:
            if statement.startswith("BEGIN"):
                begun.append(statement)
                if len(begun) == 2:
                    other.execute("BEGIN EXCLUSIVE")

        journal = self.journal(lambda connection: connection.set_trace_callback(lock_at_the_second))
        outcomes = self.write(*[draft()] * 20, draft("\ud800"), journal=journal)
        self.assertEqual(set(outcomes), {"unavailable"})
        self.assertEqual(len(begun), 2)
        other.execute("ROLLBACK")
        self.successResultOf(journal.close())


class CloseTests(StorageTestCase):
    """Closing loses nothing."""

    def test_what_waits_is_stored(self) -> None:
        waiting = [self.database.journal.write(draft(str(n))) for n in range(BATCH + 1)]
        self.successResultOf(self.database.close())
        self.assertEqual(self.outcome(waiting[-1]).event.seq, BATCH + 1)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_what_is_being_stored_comes_first(self) -> None:
        writer = Stuck()
        journal = self.journal(run=writer.run)
        first = journal.write(draft("一"))
        self.clock.advance(0)
        second = journal.write(draft("二"))
        closed = journal.close()
        self.assertNoResult(closed)
        writer.let_go()
        self.assertTrue(first.called)
        writer.let_go()
        self.assertTrue(second.called)
        self.assertNoResult(closed)
        writer.let_go()
        self.successResultOf(closed)
        self.assertEqual(self.texts(), ["一", "二"])

    def test_afterwards_writing_is_unavailable(self) -> None:
        self.successResultOf(self.database.journal.close())
        self.assertEqual(self.write(draft()), ["unavailable"])
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_what_waits_too_long_is_given_up(self) -> None:
        writer = Stuck()
        journal = self.journal(run=writer.run)
        journal.write(draft("一"))
        self.clock.advance(0)
        late = journal.write(draft("二"))
        journal.close()
        self.clock.advance(PATIENCE)
        self.assertEqual(self.outcome(late), "unavailable")

    def test_twice(self) -> None:
        self.successResultOf(self.database.journal.close())
        self.successResultOf(self.database.journal.close())
