"""Who is here, and how the others are told: one by one, or folded in large rooms."""

from twisted.trial.unittest import SynchronousTestCase

from chatroom.core import attendance
from tests.core.test_chat import types
from tests.memory import MemoryServer


class SmallRoomTests(SynchronousTestCase):
    def test_who_joins_does_not_get_its_own_entered_and_the_others_do(self) -> None:
        server = MemoryServer(self)
        li = server.enter("大厅", "李白")
        du = server.enter("大厅", "杜甫")
        self.assertEqual(du.events(), [])
        user = du.welcome["user"]
        entered = {"type": "entered", "room": "大厅", "user": user, "nick": "杜甫", "count": 2}
        self.assertEqual(li.events(), [entered])
        du.cut()
        left = {"type": "left", "room": "大厅", "user": user, "nick": "杜甫", "count": 1}
        self.assertEqual(li.events(), [left])


class LargeRoomTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.server = MemoryServer(self)
        self.peers = [self.server.enter("大厅", f"n{number}") for number in range(50)]
        self.watcher = self.peers[0]

    def test_fifty_are_told_one_by_one_and_the_next_is_folded(self) -> None:
        self.assertEqual(types(self.watcher.events()), ["entered"] * 49)
        li = self.server.enter("大厅", "李白")
        self.assertEqual(self.watcher.events(), [])
        self.server.clock.advance(1)
        self.server.settle()
        (presence,) = self.watcher.events()
        self.assertEqual(
            presence,
            {
                "type": "presence",
                "room": "大厅",
                "count": 51,
                "entered": [{"user": li.welcome["user"], "nick": "李白"}],
                "left": [],
            },
        )

    def test_at_most_one_a_second_with_twenty_names_and_then_the_count_alone(self) -> None:
        self.watcher.events()
        for come, named in ((20, True), (21, False)):
            for number in range(come):
                self.server.enter("大厅", f"{come}-{number}")
            self.assertEqual(self.watcher.events(), [])
            self.server.clock.advance(1)
            self.server.settle()
            if named:
                # The first of them is the 51st, so all of them are folded.
                (presence,) = self.watcher.events()
                self.assertEqual(len(presence["entered"]), 20)
            else:
                (presence,) = self.watcher.events()
                self.assertEqual(presence, {"type": "presence", "room": "大厅", "count": 91})

    def test_who_comes_back_within_the_second_was_never_away(self) -> None:
        last = self.peers[-1]
        extra, *_ = (self.server.enter("大厅", nick) for nick in ("李白", "杜甫", "王维"))
        self.server.clock.advance(1)
        self.server.settle()
        self.watcher.events()
        last.cut()
        self.server.enter_as(last, "大厅")
        extra.cut()
        self.server.clock.advance(1)
        self.server.settle()
        (presence,) = self.watcher.events()
        self.assertEqual([person["nick"] for person in presence["left"]], ["李白"])
        self.assertEqual(presence["entered"], [])

    def test_who_comes_and_goes_within_the_second_leaves_no_trace(self) -> None:
        self.server.enter("大厅", "李白")
        self.watcher.events()
        self.server.enter("大厅", "杜甫").cut()
        self.server.clock.advance(1)
        self.server.settle()
        (presence,) = self.watcher.events()
        self.assertEqual([person["nick"] for person in presence["entered"]], ["李白"])
        self.server.clock.advance(5)
        self.server.settle()
        self.assertEqual(self.watcher.events(), [])

    def test_in_the_largest_rooms_it_takes_longer(self) -> None:
        self.patch(attendance, "TOLD_A_SECOND", 17)
        self.watcher.events()
        for nick, wait in (("李白", 3), ("杜甫", 4)):
            if nick == "杜甫":
                self.patch(attendance, "TOLD_A_SECOND", 13)
            self.server.enter("大厅", nick)
            self.server.clock.advance(wait - 0.1)
            self.server.settle()
            self.assertEqual(self.watcher.events(), [])
            self.server.clock.advance(0.1)
            self.server.settle()
            self.assertEqual(types(self.watcher.events()), ["presence"])

    def test_but_ten_seconds_at_most(self) -> None:
        self.patch(attendance, "TOLD_A_SECOND", 1)
        self.watcher.events()
        self.server.enter("大厅", "李白")
        self.server.clock.advance(9.9)
        self.server.settle()
        self.assertEqual(self.watcher.events(), [])
        self.server.clock.advance(0.1)
        self.server.settle()
        self.assertEqual(types(self.watcher.events()), ["presence"])
