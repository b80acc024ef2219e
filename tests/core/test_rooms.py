"""Entering and leaving rooms, positions, members, history."""

import itertools

from twisted.trial.unittest import SynchronousTestCase

from chatroom.core.errors import unavailable
from tests.core.test_chat import types
from tests.memory import MemoryServer, Peer


class JoinTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.server = MemoryServer(self)

    def test_the_url_alone_is_enough(self) -> None:
        li = self.server.enter("大厅", "李白")
        self.assertEqual(li.joined["members"], [{"user": li.welcome["user"], "nick": "李白"}])
        self.assertEqual((li.joined["seq"], li.joined["oldest"], li.joined["count"]), (0, 1, 1))
        self.assertNotIn("recovered", li.joined)

    def test_what_is_wrong_in_the_url_is_told_after_welcome_and_the_connection_stays(self) -> None:
        for query in ({"room": "a/b"}, {"room": "x", "since": "-1"}, {"room": "x", "since": "y"}):
            peer = self.server.connect(**query)
            welcome, error = peer.events()
            self.assertEqual((welcome["type"], error["code"]), ("welcome", "bad_field"))
            peer.send(type="ping")
            self.assertEqual(types(peer.events()), ["pong"])

    def test_a_nick_that_is_none_leaves_a_guest_with_another(self) -> None:
        peer = self.server.connect(room="大厅", nick="a\u202e")
        welcome, error, joined = peer.events()
        self.assertEqual((error["code"], joined["type"]), ("bad_field", "joined"))
        self.assertTrue(welcome["nick"].startswith("guest-"))

    def test_joining_again_answers_again_and_tells_nobody(self) -> None:
        li, du = self.server.enter("大厅", "李白"), self.server.enter("大厅", "杜甫")
        li.events()
        li.say("a")
        li.events(), du.events()
        li.send(type="join", room="大厅", ref="r")
        (joined,) = li.events()
        self.assertEqual((joined["ref"], joined["seq"], joined["count"]), ("r", 1, 2))
        li.send(type="join", room=" 大厅", since=0)
        self.assertEqual(types(li.events()), ["joined", "said"])
        self.assertEqual(du.events(), [])
        du.say("b")
        self.assertEqual(types(li.events()), ["said"])

    def test_twenty_rooms_and_one_more(self) -> None:
        li = self.server.connect()
        for number in range(20):
            li.send(type="join", room=str(number))
        self.assertEqual(types(li.events()), ["welcome"] + ["joined"] * 20)
        li.send(type="join", room="20", ref="r")
        li.send(type="join", room="19")
        refused, joined = li.events()
        self.assertEqual(
            (refused["code"], refused["ref"], joined["type"]), ("too_many", "r", "joined")
        )
        li.send(type="leave", room="0")
        li.send(type="join", room="20")
        self.assertEqual(types(li.events()), ["left", "joined"])

    def test_a_room_that_cannot_be_read_is_unavailable_and_can_be_joined_later(self) -> None:
        self.server.hold_reads = True
        li = self.server.connect(room="大厅")
        self.server.held.popleft()[1].errback(unavailable())
        self.server.settle()
        self.assertEqual(li.events()[-1]["code"], "unavailable")
        self.server.hold_reads = False
        li.send(type="join", room="大厅")
        self.assertEqual(types(li.events()), ["joined"])

    def test_who_goes_while_the_room_wakes_leaves_nothing_behind(self) -> None:
        self.server.hold_reads = True
        li = self.server.connect(room="大厅")
        li.cut()
        self.server.release()
        self.server.hold_reads = False
        du = self.server.enter("大厅", "杜甫")
        self.assertEqual(du.joined["count"], 1)


class PositionTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.server = MemoryServer(self, rate=0)
        self.li = self.server.enter("大厅", "李白")
        self.epoch = self.li.joined["epoch"]
        for number in range(1, 301):
            self.li.say(str(number))
        self.li.events()

    def resume(self, **position: object) -> tuple[bool, list[int]]:
        """Join at a position; give `recovered` and the numbers of what follows."""
        peer = self.server.connect(room="大厅", **position)
        joined, *said = peer.events()[1:]
        self.assertEqual(joined["seq"], 300)
        peer.cut()
        self.li.events()
        return joined["recovered"], [event["seq"] for event in said]

    def test_exactly_what_was_missed(self) -> None:
        for since in (0, 1, 199, 299, 300):
            recovered, seqs = self.resume(since=since, epoch=self.epoch)
            self.assertEqual((recovered, seqs), (True, list(range(since + 1, 301))))

    def test_from_the_beginning_no_epoch_is_needed(self) -> None:
        self.assertEqual(self.resume(since=0), (True, list(range(1, 301))))

    def test_never_a_guess(self) -> None:
        for position in (
            {"since": 5},
            {"since": 5, "epoch": "other"},
            {"since": 301, "epoch": self.epoch},
            {"since": 0, "epoch": "other"},
        ):
            self.assertEqual(self.resume(**position), (False, []))

    def test_after_a_restart_too(self) -> None:
        self.li.cut()
        self.server.close()
        self.server = MemoryServer(self, data=self.server.settings.data, rate=0)
        peer = self.server.connect(room="大厅", since=10, epoch=self.epoch)
        joined, *said = peer.events()[1:]
        self.assertTrue(joined["recovered"])
        self.assertEqual([event["seq"] for event in said], list(range(11, 301)))

    def test_ten_thousand_behind_and_one_more(self) -> None:
        for number in range(301, 10_002):
            self.li.post(type="say", text="x")
            if not number % 100:
                self.server.settle()
        self.server.settle()
        self.li.events()
        for since, recovered in ((1, True), (0, False)):
            peer = self.server.connect(room="大厅", since=since, epoch=self.epoch)
            self.server.settle()
            joined, *said = peer.events()[1:]
            self.assertEqual(joined["recovered"], recovered)
            self.assertEqual([e["seq"] for e in said], list(range(2, 10_002)) if recovered else [])
            peer.cut()


class LeaveTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.server = MemoryServer(self)
        self.li, self.du = self.server.enter("大厅", "李白"), self.server.enter("大厅", "杜甫")
        self.li.events()

    def test_who_leaves_and_who_stays_are_told(self) -> None:
        self.du.send(type="leave", room="大厅", ref="r")
        left = {
            "type": "left",
            "room": "大厅",
            "user": self.du.welcome["user"],
            "nick": "杜甫",
            "count": 1,
        }
        self.assertEqual(self.du.events(), [left, {"type": "done", "ref": "r"}])
        self.assertEqual(self.li.events(), [left])

    def test_who_has_left_hears_nothing_more(self) -> None:
        self.du.send(type="leave", room="大厅")
        self.du.events()
        self.li.say("a")
        self.assertEqual(self.du.events(), [])
        self.du.send(type="leave", room="大厅", ref="r")
        self.assertEqual(self.du.events()[0]["code"], "not_joined")

    def test_what_was_said_before_still_comes(self) -> None:
        self.li.post(type="say", text="a")
        self.server.clock.advance(0)  # stored, and not yet flushed
        self.du.post(type="leave", room="大厅")
        self.server.settle()
        self.assertEqual(types(self.du.events()), ["said", "left"])


class MembersTests(SynchronousTestCase):
    def test_fifty_at_once_and_the_others_by_asking(self) -> None:
        server = MemoryServer(self)
        peers = [server.enter("大厅", f"n{number}") for number in range(120)]
        users = [peer.welcome["user"] for peer in peers]
        last = peers[-1]
        self.assertEqual(last.joined["count"], 120)
        found = [member["user"] for member in last.joined["members"]]
        self.assertEqual(len(found), 50)
        more = True
        while more:
            last.send(type="members", room="大厅", after=found[-1], ref="m")
            page = last.events()[-1]
            self.assertEqual((page["type"], page["ref"], page["count"]), ("members", "m", 120))
            found += [member["user"] for member in page["members"]]
            more = page["more"]
        self.assertEqual(found, users)

    def test_unknown_rooms_and_members_are_refused(self) -> None:
        li = MemoryServer(self).enter("大厅", "李白")
        li.send(type="members", room="别处")
        li.send(type="members", room="大厅", after="nobody")
        self.assertEqual([e["code"] for e in li.events()], ["no_such_room", "bad_field"])


class HistoryTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.server = MemoryServer(self, rate=0)
        self.li = self.server.enter("大厅", "李白")
        for number in range(1, 121):
            self.li.say(str(number), id=str(number))
        self.li.events()

    def page(self, peer: Peer | None = None, **fields: object) -> dict[str, object]:
        peer = peer or self.li
        peer.send(type="history", room="大厅", **fields)
        event: dict[str, object] = peer.events()[-1]
        return event

    def seqs(self, **fields: object) -> tuple[list[int], bool]:
        page = self.page(**fields)
        return [m["seq"] for m in page["messages"]], page["more"]  # type: ignore

    def test_the_newest_before_and_after(self) -> None:
        self.assertEqual(self.seqs(), (list(range(71, 121)), True))
        self.assertEqual(self.seqs(before=71, limit=100), (list(range(1, 71)), False))
        self.assertEqual(self.seqs(after=118), ([119, 120], False))
        self.assertEqual(self.seqs(after=0, limit=2), ([1, 2], True))
        self.assertEqual(self.seqs(after=120), ([], False))

    def test_a_page_says_what_it_is(self) -> None:
        page = self.page(limit=2, ref="h")
        self.assertEqual(
            {name: page[name] for name in ("ref", "oldest", "newest", "as_of", "room")},
            {"ref": "h", "oldest": 119, "newest": 120, "as_of": 120, "room": "大厅"},
        )
        self.assertEqual(
            page["messages"][0],  # type: ignore[index]
            {
                "seq": 119,
                "id": "119",
                "user": self.li.welcome["user"],
                "nick": "李白",
                "text": "119",
                "at": self.server.now,
            },
        )
        empty = self.page(after=120)
        self.assertEqual((empty["oldest"], empty["newest"]), (None, None))

    def test_limits_at_and_past(self) -> None:
        self.assertEqual(len(self.seqs(limit=200)[0]), 120)
        for wrong in ({"limit": 0}, {"limit": 201}, {"before": 5, "after": 2}):
            self.assertEqual(self.page(**wrong)["code"], "bad_field")

    def test_around_a_number_and_from_a_time_on(self) -> None:
        page = self.page(around=60, limit=4)
        self.assertEqual([m["seq"] for m in page["messages"]], [58, 59, 60, 61])  # type: ignore
        self.assertEqual((page["more_before"], page["more"]), (True, True))
        page = self.page(at=self.server.now, limit=2)
        self.assertEqual([m["seq"] for m in page["messages"]], [1, 2])  # type: ignore
        self.assertEqual((page["more_before"], page["more"]), (False, True))
        page = self.page(at=self.server.now + 1)
        self.assertEqual((page["messages"], page["more_before"], page["more"]), ([], True, False))
        self.assertNotIn("more_before", self.page(before=5))

    def test_one_place_at_most(self) -> None:
        places = ("before", "after", "around", "at")
        for one, other in itertools.combinations(places, 2):
            self.assertEqual(self.page(**{one: 5, other: 2})["code"], "bad_field")
        self.assertEqual(self.page(**dict.fromkeys(places, 1))["code"], "bad_field")

    def test_one_need_not_be_in_the_room(self) -> None:
        stranger = self.server.connect()
        self.assertEqual(self.page(stranger, limit=1)["newest"], 120)
        stranger.send(type="history", room="别处")
        self.assertEqual(stranger.events()[-1]["code"], "no_such_room")

    def test_a_room_without_a_message_is_empty(self) -> None:
        self.li.send(type="join", room="新")
        self.li.send(type="history", room="新")
        page = self.li.events()[-1]
        self.assertEqual((page["messages"], page["more"], page["as_of"]), ([], False, 0))
        for place in ("around", "at"):
            self.li.send(type="history", room="新", **{place: 1})
            page = self.li.events()[-1]
            self.assertEqual((page["more_before"], page["more"]), (False, False))


class TypingTests(SynchronousTestCase):
    def test_at_most_once_in_three_seconds_a_message_between_or_not(self) -> None:
        server = MemoryServer(self)
        li, du = server.enter("大厅", "李白"), server.enter("大厅", "杜甫")
        for wait, told in ((0, 1), (2.9, 0), (0.1, 1)):
            server.clock.advance(wait)
            li.send(type="typing", room="大厅")
            self.assertEqual(types(du.events()), ["typing"] * told)
        li.say("a")
        li.send(type="typing", room="大厅")
        self.assertEqual(types(du.events()), ["said"])
        li.events()
        li.send(type="typing", room="别处")
        self.assertEqual(li.events()[-1]["code"], "not_joined")
