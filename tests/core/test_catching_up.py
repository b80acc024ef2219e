"""Pages of the log: from memory where it is whole, and otherwise from the log itself."""

from typing import Any

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from chatroom.core import rooms
from chatroom.core.catching_up import READ, CatchingUp, CatchUp
from chatroom.core.events import EventsPage, Said
from tests.memory import MemoryServer

WHOLE = 4096


class CatchingUpCase(SynchronousTestCase):
    """A room with somebody in it, who can say something; it counts what is read of the log."""

    def setUp(self) -> None:
        self.server = MemoryServer(self, rate=0, max_text=WHOLE + 1)
        self.log = self.server.server.database.log
        self.epoch = self.server.server.database.epoch
        self.catching_up: CatchingUp = self.server.server._api._events._catching_up
        self.timeline = self.catching_up._timeline
        self.reads = 0
        self.li = self.server.enter("大厅", "李白")
        for name in ("state", "after"):
            self.patch(self.log, name, self.counted(getattr(self.log, name)))

    def counted(self, read: Any) -> Any:
        def counting(*asked: Any) -> Any:
            self.reads += 1
            return read(*asked)

        return counting

    def asking(self, since: int | None, must_exist: bool = True, **more: Any) -> Deferred[Any]:
        fields = {"room": "大厅", "since": since, "epoch": self.epoch} | more
        return Deferred.fromCoroutine(self.catching_up.page(CatchUp(**fields), must_exist))

    def page(self, since: int | None, **more: Any) -> EventsPage:
        page: EventsPage = self.successResultOf(self.asking(since, **more))
        return page

    def seqs(self, page: EventsPage) -> list[int]:
        return [event.seq for event in page.events]

    def assert_both(self, since: int, seqs: list[int], more: bool, **fields: Any) -> None:
        """The page is this one in the room that is awake, and in one that sleeps."""
        pages = [self.page(since, **fields)]
        self.assertEqual(self.reads, 0)
        self.li.cut()
        self.assertIsNone(self.timeline.room("大厅"))
        pages.append(self.page(since, **fields))
        for page in pages:
            self.assertEqual((self.seqs(page), page.more), (seqs, more))


class PageTests(CatchingUpCase):
    def test_awake_or_asleep_it_is_the_same(self) -> None:
        self.li.say("a")
        for command in ({"type": "edit", "text": "b"}, {"type": "react", "emoji": "👍"}):
            self.li.send(room="大厅", seq=1, **command)
        self.li.say("c")
        self.li.send(type="delete", room="大厅", seq=4)
        awake = [self.page(since) for since in range(6)]
        self.assertEqual(self.reads, 0)
        self.li.cut()
        self.assertEqual([self.page(since) for since in range(6)], awake)
        self.assertEqual(self.seqs(awake[0]), [1, 2, 3, 4, 5])
        said = awake[0].events[3]
        assert isinstance(said, Said)
        self.assertEqual((said.text, said.deleted), ("", True))

    def test_at_the_limit_of_events_and_past_it(self) -> None:
        for _ in range(3):
            self.li.say("a")
        for limit, more in ((2, True), (3, False), (4, False)):
            page = self.page(0, limit=limit)
            self.assertEqual((self.seqs(page), page.more), ([1, 2, 3][:limit], more))
        self.assert_both(1, [2], True, limit=1)

    def test_at_the_limit_of_text_and_past_it(self) -> None:
        most = READ // WHOLE
        for _ in range(most):
            self.li.say("月" * (WHOLE // 4) + "a" * (WHOLE // 4))
        self.assert_both(0, list(range(1, most + 1)), False)

    def test_a_byte_past_it(self) -> None:
        most = READ // WHOLE
        self.li.say("a" * (WHOLE + 1))
        for _ in range(most - 1):
            self.li.say("月" * (WHOLE // 4) + "a" * (WHOLE // 4))
        self.assert_both(0, list(range(1, most)), True)

    def test_what_is_behind_by_more_than_may_be(self) -> None:
        self.patch(rooms, "RECOVERABLE", 2)
        for _ in range(3):
            self.li.say("a")
        for since, recovered in ((1, True), (0, False)):
            page = self.page(since)
            self.assertEqual((page.recovered, bool(page.events)), (recovered, recovered))
        self.assertEqual((page.seq, page.more), (3, False))

    def test_without_a_position_it_tells_where_the_log_stands(self) -> None:
        self.li.say("a")
        page = self.page(None)
        self.assertEqual((page.seq, page.oldest, page.epoch), (1, 1, self.epoch))
        self.assertEqual((page.recovered, page.events, page.more), (None, [], False))
        self.assertEqual(self.reads, 0)

    def test_what_memory_has_no_more_is_read(self) -> None:
        for _ in range(3):
            self.li.say("a")
        room = self.timeline.room("大厅")
        assert room is not None
        room.recent.drop_oldest()
        self.assertEqual(self.seqs(self.page(1)), [2, 3])
        self.assertEqual(self.reads, 0)
        self.assertEqual(self.seqs(self.page(0)), [1, 2, 3])
        self.assertEqual(self.reads, 1)


class BehindTests(CatchingUpCase):
    """A room that is awake may have been told less than is stored."""

    def setUp(self) -> None:
        super().setUp()
        self.patch(self.server.server._fanout, "_hear", lambda *_: None)
        self.li.say("a")
        room = self.timeline.room("大厅")
        assert room is not None
        self.room = room
        self.assertEqual(self.room.seq, 0)

    def test_who_knows_of_more_than_the_room_is_served_by_the_log(self) -> None:
        page = self.page(1)
        self.assertEqual((page.recovered, page.seq, page.events), (True, 1, []))

    def test_nothing_is_not_said_for_it(self) -> None:
        self.assertEqual(self.seqs(self.page(0)), [])
        self.server.hold_reads = True
        self.timeline.arrive("大厅", [Said(room="大厅", seq=2, user="u", nick="n", text="", at=0)])
        self.server.hold_reads = False
        self.assertFalse(self.timeline.is_whole(self.room))
        self.assertEqual(self.seqs(self.page(0)), [1])
        self.server.release()

    def test_nor_while_nobody_knows_whether_it_was_stored(self) -> None:
        self.timeline.look("大厅")
        self.assertEqual(self.seqs(self.page(0)), [1])
        self.server.clock.advance(1)
        self.assertTrue(self.timeline.is_whole(self.room))
        self.reads = 0
        self.assertEqual(self.seqs(self.page(0)), [1])
        self.assertEqual(self.reads, 0)

    def test_what_is_stored_between_two_reads_counts(self) -> None:
        self.li.cut()
        self.server.hold_reads = True
        asking = self.asking(0)
        job, waiting = self.server.held.popleft()
        state = job()
        self.server.hold_reads = False
        self.server.enter("大厅", "杜甫").say("b")
        waiting.callback(state)
        page = self.successResultOf(asking)
        self.assertEqual((self.seqs(page), page.seq, page.more), ([1, 2], 2, False))
