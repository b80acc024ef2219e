"""Events come in order of `seq`, whichever way they come: late, twice, or not at all."""

from collections.abc import Sequence

from msgspec.structs import replace
from twisted.internet.defer import CancelledError, Deferred, fail, succeed
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from chatroom.core.errors import Refused, unavailable
from chatroom.core.events import Event, LogEvent, Said
from chatroom.core.recent import Entry
from chatroom.core.room import Room
from chatroom.core.timeline import AGAIN_AFTER, Timeline
from chatroom.core.work import Draft, Receipt
from tests.core.test_chat import types
from tests.memory import MemoryServer


class Hearing:
    """A transport that remembers the numbers it was given."""

    def __init__(self) -> None:
        self.seqs: list[int] = []

    def broadcast(self, room: Room, events: Sequence[Entry]) -> None:
        self.seqs += [entry.event.seq for entry in events]

    def pass_on(self, room: Room, event: Event) -> None:
        raise AssertionError


class TimelineTests(SynchronousTestCase):
    """On the product's own log, with 30 messages in it that the room has."""

    def setUp(self) -> None:
        self.server = MemoryServer(self, rate=0)
        li = self.server.enter("大厅", "李白")
        for number in range(1, 31):
            li.say(str(number))
        self.clock = Clock()
        self.timeline = Timeline(self.server.server.database.log, self.clock)
        self.hearing = Hearing()
        self.timeline.transports.append(self.hearing)
        self.room = self.successResultOf(self.timeline.wake("大厅"))
        self.server.hold_reads = True

    def said(self, *seqs: int) -> list[LogEvent]:
        return [Said(room="大厅", seq=seq, user="u", nick="n", text=str(seq), at=0) for seq in seqs]

    def test_a_room_wakes_with_what_is_stored(self) -> None:
        self.assertEqual((self.room.seq, len(self.room.recent.entries)), (30, 30))

    def test_in_order_they_are_handed_on(self) -> None:
        self.timeline.arrive("大厅", self.said(31, 32))
        self.timeline.arrive("大厅", self.said(33))
        self.assertEqual(self.hearing.seqs, [31, 32, 33])

    def test_twice_they_are_handed_on_once(self) -> None:
        self.timeline.arrive("大厅", self.said(31))
        self.timeline.arrive("大厅", self.said(31))
        self.assertEqual(self.hearing.seqs, [31])

    def test_a_hole_is_filled_from_the_log_first(self) -> None:
        self.room.seq = 10
        self.timeline.arrive("大厅", self.said(15))
        self.assertEqual(self.hearing.seqs, [])
        self.server.release()
        self.assertEqual(self.hearing.seqs, list(range(11, 31)))

    def test_a_hole_that_is_kept_no_longer_is_where_the_log_begins(self) -> None:
        self.patch(Room, "count", 1)
        self.room.seq = 10
        writer = self.server.server.database.journal._writer
        writer._connected().execute("UPDATE rooms SET oldest = 15 WHERE name = '大厅'")
        self.timeline.arrive("大厅", self.said(30))
        self.server.release()
        self.assertEqual(self.hearing.seqs, [])
        self.clock.advance(AGAIN_AFTER)
        self.server.release()
        self.assertEqual(self.room.oldest, 15)
        self.assertEqual(self.hearing.seqs, list(range(15, 31)))

    def test_what_comes_while_a_hole_is_filled_comes_once(self) -> None:
        self.room.seq = 28
        self.timeline.arrive("大厅", self.said(30))
        self.timeline.arrive("大厅", self.said(29, 30))
        self.server.release()
        self.assertEqual(self.hearing.seqs, [29, 30])

    def test_a_log_that_is_away_is_asked_again(self) -> None:
        self.room.seq = 29
        answers: list[Deferred[list[LogEvent]]] = [
            fail(unavailable()),
            succeed(self.said(30)),
            succeed(self.said(31)),
        ]
        self.patch(Room, "count", 1)
        self.patch(self.timeline._stored, "after", lambda *args: answers.pop(0))
        self.timeline.arrive("大厅", self.said(31))
        self.assertEqual(self.hearing.seqs, [])
        self.clock.advance(1)
        self.assertEqual(self.hearing.seqs, [30, 31])

    def test_a_room_that_nobody_is_in_sleeps(self) -> None:
        self.clock.advance(0)
        self.assertIsNone(self.timeline.room("大厅"))
        self.timeline.arrive("大厅", self.said(31))
        self.assertEqual(self.hearing.seqs, [])

    def test_what_is_stored_while_a_room_wakes_is_not_missed(self) -> None:
        self.clock.advance(0)
        waking = self.timeline.wake("大厅")
        self.timeline.arrive("大厅", self.said(30))
        self.patch(self.timeline, "_hand_on", lambda room, events: self.fail("already there"))
        self.server.release()
        self.assertEqual(self.successResultOf(waking).seq, 30)


class UncertainCommitTests(SynchronousTestCase):
    """A commit that failed may have happened: then all hear of it, and its sender by its `id`."""

    def test_the_room_hears_of_it_without_being_asked(self) -> None:
        server = MemoryServer(self)
        li, du = server.enter("大厅", "李白"), server.enter("大厅", "杜甫")
        li.events()
        journal = server.server.database.journal
        write = journal.write

        def write_and_lose_the_answer(draft: Draft) -> Deferred[Receipt]:
            def lose(receipt: Receipt) -> Receipt:
                raise unavailable()

            return write(draft).addCallback(lose)

        publish = self.patch(journal, "_publish", lambda room, events: None)
        lose = self.patch(journal, "write", write_and_lose_the_answer)
        li.say("a", id="1")
        publish.restore()
        lose.restore()
        self.assertEqual([e["code"] for e in li.events()], ["unavailable"])
        server.clock.advance(1)
        server.settle()
        self.assertEqual(types(du.events()), ["said"])
        li.events()
        li.say("a", id="1")
        self.assertEqual([(e["seq"], e["again"]) for e in li.events()], [(1, True)])

    def test_done_waits_for_its_event_when_one_before_it_is_missing(self) -> None:
        server = MemoryServer(self)
        li = server.enter("大厅", "李白")
        journal = server.server.database.journal
        publish = self.patch(journal, "_publish", lambda room, events: None)
        li.say("lost", id="1")
        publish.restore()
        li.events()
        server.hold_reads = True
        li.say("b", ref="r")
        self.assertEqual(li.events(), [])
        server.release()
        events = li.events()
        self.assertEqual([e.get("seq") for e in events], [1, 2, 2])
        self.assertEqual(types(events), ["said", "said", "done"])

    def test_nothing_is_asked_of_the_log_when_nothing_is_uncertain(self) -> None:
        server = MemoryServer(self)
        li = server.enter("大厅", "李白")
        log = server.server.database.log
        self.patch(log, "state", lambda room: self.fail("asked"))
        li.say("a", reply_to=9)
        server.clock.advance(5)
        self.assertEqual([e["code"] for e in li.events()], ["no_such_message"])


class LoggingTests(SynchronousTestCase):
    def test_a_text_is_logged_only_when_that_is_asked_for(self) -> None:
        from twisted.logger import capturedLogs, formatEvent

        for asked in (False, True):
            with capturedLogs() as logs:
                li = MemoryServer(self, log_messages=asked).enter("大厅", "李白")
                li.say("床前\n2026-01-01 admin\x1b[2J")
            lines = [formatEvent(event) for event in logs]
            self.assertEqual(
                [line for line in lines if "床前" in line],
                ["'李白' in '大厅': '床前\\n2026-01-01 admin\\x1b[2J'"] * asked,
            )
            self.assertFalse([line for line in lines if "\x1b" in line or "\n" in line])

    def test_never_one_of_a_private_room(self) -> None:
        from twisted.logger import capturedLogs, formatEvent

        with capturedLogs() as logs:
            li = MemoryServer(self, log_messages=True).enter("大厅", "李白")
            li.send(type="create", title="诗社")
            room = li.events()[-1]["room"]
            li.send(type="join", room=room)
            li.say("机密", room=room)
            self.assertEqual(li.events()[-1]["text"], "机密")
        self.assertEqual([each for each in logs if "机密" in str(formatEvent(each))], [])


class RefusedTests(SynchronousTestCase):
    def test_it_becomes_the_event_that_tells(self) -> None:
        told = Refused("too_fast", "Wait.", retry_after=0.4, ref="own").told(None, "x")
        self.assertEqual(
            (told.code, told.retry_after, told.ref, told.id), ("too_fast", 0.4, "own", "x")
        )


class NextTests(SynchronousTestCase):
    """Hearing that something may be stored, in rooms that sleep too."""

    def setUp(self) -> None:
        self.server = MemoryServer(self)
        self.timeline = Timeline(self.server.server.database.log, Clock())
        self.said: list[LogEvent] = [
            Said(room="大厅", seq=1, user="u", nick="n", text="1", at=0),
        ]

    def test_all_who_ask_hear_of_what_is_stored_once(self) -> None:
        first, second = self.timeline.next("大厅"), self.timeline.next("大厅")
        self.timeline.arrive("大厅", self.said)
        self.assertEqual(self.successResultOf(first), 1)
        self.assertEqual(self.successResultOf(second), 1)
        later = self.timeline.next("大厅")
        self.assertNoResult(later)
        self.timeline.arrive("大厅", [replace(self.said[0], seq=seq) for seq in (2, 3)])
        self.assertEqual(self.successResultOf(later), 3)

    def test_a_room_that_is_awake_tells_too(self) -> None:
        self.successResultOf(self.timeline.wake("大厅"))
        news = self.timeline.next("大厅")
        self.timeline.arrive("大厅", self.said)
        self.successResultOf(news)

    def test_another_room_says_nothing(self) -> None:
        news = self.timeline.next("二")
        self.timeline.arrive("大厅", self.said)
        self.assertNoResult(news)

    def test_what_is_uncertain_is_news(self) -> None:
        news = self.timeline.next("大厅")
        self.timeline.look("大厅")
        self.assertIsNone(self.successResultOf(news))

    def test_who_asks_again_at_the_news_hears_the_next(self) -> None:
        heard: list[Deferred[int | None]] = []
        news = self.timeline.next("大厅")
        news.addCallback(lambda _: heard.append(self.timeline.next("大厅")))
        self.timeline.arrive("大厅", self.said)
        [later] = heard
        self.assertNoResult(later)

    def test_who_cancels_leaves_nothing(self) -> None:
        first, second = self.timeline.next("大厅"), self.timeline.next("大厅")
        first.cancel()
        self.failureResultOf(first, CancelledError)
        self.timeline.arrive("大厅", self.said)
        self.successResultOf(second)
        second.cancel()
        self.assertEqual(self.timeline._expecting.rooms(), set())
        third = self.timeline.next("大厅")
        third.cancel()
        self.failureResultOf(third, CancelledError)
        self.assertEqual(self.timeline._expecting.rooms(), set())
