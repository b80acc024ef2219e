"""How long messages are kept: who says it, what is foretold, and who begins again when they go."""

from typing import Any
from urllib.parse import quote

from chatroom.core.errors import unavailable
from chatroom.core.timeline import AGAIN_AFTER
from chatroom.transports.channel import TOO_FAR_BEHIND
from chatroom.transports.outbox import READ_AGAIN_AFTER
from tests.core.test_moderating import ROOM, KeepingCase
from tests.memory import Peer
from tests.transports.answers import read, request
from tests.transports.asking import bearer, parsed

A_DAY = 24 * 3600 * 1000
TEXT = "床前明月光" * 200


class RetainingCase(KeepingCase):
    """A server that lets go of what is kept no longer."""

    def setUp(self) -> None:
        super().setUp()
        self.server.server.watch()

    def pass_by(self, seconds: float = 1) -> None:
        self.server.clock.pump([0.01] * round(seconds * 100))
        self.server.settle()

    def say(self, count: int) -> None:
        for number in range(count):
            self.libai.say(str(number), id=f"m{number}")
        self.hush()

    def keep(self, **rules: int) -> None:
        self.order("rule", **rules)
        self.pass_by()

    @property
    def room(self) -> Any:
        return self.server.server._core.timeline.room(ROOM)

    def seqs(self) -> list[int]:
        return [message["seq"] for message in self.get("/messages")["messages"]]

    def get(self, path: str, by: Peer | None = None) -> dict[str, Any]:
        lines = [] if by is None else [bearer(by.welcome["token"])]
        [answer] = read(self.server.request(request(f"/api/v1/rooms/{quote(ROOM)}{path}", *lines)))
        return parsed(answer)


class RuleTests(RetainingCase):
    def test_an_owner_says_how_long(self) -> None:
        self.hush()
        self.ask(self.libai, "rule", keep_days=30, keep_messages=1000)
        [ruled] = self.dufu.events()
        self.assertEqual(ruled["rules"], {"keep_days": 30, "keep_messages": 1000})
        again = self.server.enter_as(self.dufu, ROOM)
        self.assertEqual(again.joined["rules"], ruled["rules"])
        self.assertEqual(self.deeds()[0]["rules"], ruled["rules"])
        self.order("rule", slow=5)
        self.order("rule", keep_days=0)
        expected = {"keep_messages": 1000, "slow": 5}
        self.assertEqual(self.moderation()["rules"], expected)

    def test_a_moderator_does_not(self) -> None:
        self.order("appoint", self.dufu, role="moderator")
        for rules in ({"keep_days": 1}, {"keep_messages": 0}, {"slow": 5, "keep_days": 1}):
            self.assertEqual(self.refusal(self.dufu, "rule", **rules), ("forbidden", "role"))
        self.assertEqual(self.refusal(self.dufu, "retention"), ("forbidden", "role"))
        self.order("rule", by=self.dufu, slow=5)
        self.assertEqual(self.moderation()["rules"], {"slow": 5})

    def test_limits_at_and_past(self) -> None:
        for name, most in (("keep_days", 36_500), ("keep_messages", 10_000_000)):
            for wrong in (-1, most + 1, 1.5, "1", True):
                for type in ("rule", "retention"):
                    self.assertEqual(
                        self.ask(self.libai, type, **{name: wrong})["code"], "bad_field"
                    )
            for right in (most, 0):
                self.assertEqual(self.ask(self.libai, "retention", **{name: right})["messages"], 0)
                self.order("rule", **{name: right})


class ForecastTests(RetainingCase):
    def test_what_would_go_is_told_and_nothing_changes(self) -> None:
        self.say(5)
        told = self.ask(self.libai, "retention", keep_messages=2)
        expected = {
            "type": "retention",
            "room": ROOM,
            "keep_days": 0,
            "keep_messages": 2,
            "messages": 3,
            "up_to": 3,
            "at": self.server.now,
            "ref": "r",
        }
        self.assertEqual(told, expected)
        self.others_hear_nothing(self.libai)
        self.assertEqual(self.get("/retention?keep_messages=2", self.libai), expected_of(expected))
        self.pass_by(120)
        self.assertEqual(self.seqs(), [1, 2, 3, 4, 5])

    def test_what_is_not_named_is_as_it_is(self) -> None:
        self.say(5)
        self.order("rule", keep_messages=5)
        self.server.now += 2 * A_DAY
        told = self.ask(self.libai, "retention")
        self.assertEqual((told["keep_messages"], told["messages"]), (5, 0))
        self.assertEqual((told["up_to"], told["at"]), (None, None))
        told = self.ask(self.libai, "retention", keep_days=1)
        self.assertEqual((told["keep_days"], told["keep_messages"]), (1, 5))
        self.assertEqual(told["messages"], 5)

    def test_of_a_room_of_which_nothing_is_stored(self) -> None:
        self.assertEqual(self.ask(self.libai, "retention", keep_days=1)["messages"], 0)
        answer = self.ask(self.libai, "retention", room="别处", keep_days=1)
        self.assertEqual(answer["code"], "forbidden")

    def test_storage_is_away(self) -> None:
        def fails(*asked: object) -> Any:
            raise unavailable()

        self.patch(self.server.server.database.log, "going", fails)
        self.assertEqual(self.refusal(self.libai, "retention"), ("unavailable", None))


def expected_of(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != "ref"}


class GoingTests(RetainingCase):
    def test_it_goes_at_once_from_memory_and_from_every_page(self) -> None:
        self.say(5)
        self.keep(keep_messages=2)
        self.assertEqual((self.room.oldest, self.room.seq), (4, 6))
        self.assertEqual([each.event.seq for each in self.room.recent.entries], [4, 5, 6])
        self.assertEqual(self.seqs(), [4, 5])
        self.assertEqual(self.server.enter_as(self.dufu, ROOM).joined["oldest"], 4)
        self.hush()
        self.libai.say("六")
        [said] = self.dufu.events()
        self.assertEqual(said["seq"], 7)

    def test_days_pass_while_nothing_is_said(self) -> None:
        self.say(3)
        self.keep(keep_days=1)
        self.server.now += A_DAY
        self.pass_by(61)
        self.assertEqual(self.seqs(), [1, 2, 3])
        self.server.now += 1
        self.pass_by(61)
        self.assertEqual(self.seqs(), [])
        self.assertEqual(self.get("/messages")["as_of"], 4)
        self.assertEqual(self.get("/events")["oldest"], 5)

    def test_a_room_of_which_all_has_gone_wakes_where_its_numbers_are(self) -> None:
        self.say(3)
        self.keep(keep_days=1)
        self.server.now += 2 * A_DAY
        for peer in self.peers:
            peer.cut()
        self.pass_by(61)
        self.assertIsNone(self.room)
        again = self.server.enter_as(self.libai, ROOM)
        self.assertEqual((again.joined["seq"], again.joined["oldest"]), (4, 5))
        again.say("又来")
        self.assertEqual(again.events()[-1]["seq"], 5)

    def test_a_position_is_honest(self) -> None:
        self.say(5)
        epoch = self.libai.joined["epoch"]
        self.keep(keep_messages=2)
        for since, recovered in ((2, False), (3, True), (4, True), (0, False)):
            peer = self.server.connect(room=ROOM, since=since, epoch=epoch)
            _, joined, *missed = peer.events()
            self.assertEqual(joined["recovered"], recovered, since)
            expected = list(range(since + 1, 7)) if recovered else []
            self.assertEqual([event["seq"] for event in missed if "seq" in event], expected)
            page = self.get(f"/events?since={since}&epoch={epoch}")
            self.assertEqual(page["recovered"], recovered, since)
            self.assertEqual([event["seq"] for event in page["events"]], expected)
            self.assertEqual(page["oldest"], 4)
            peer.cut()

    def test_a_repeated_id_is_answered_as_a_repeat(self) -> None:
        self.say(5)
        self.keep(keep_messages=2)
        self.hush()
        self.libai.say("0", id="m0", ref="s")
        said, done = self.libai.events()
        self.assertEqual(
            (said["seq"], said["text"], said["deleted"], said["again"]), (1, "", True, True)
        )
        self.assertEqual((done["type"], done["seq"]), ("done", 1))
        self.assertEqual(self.dufu.events(), [])

    def test_one_that_wakes_while_it_goes_begins_where_it_does(self) -> None:
        self.say(5)
        for peer in self.peers:
            peer.cut()
        self.server.settle()
        self.server.hold_reads = True
        peer = self.server.connect(room=ROOM)
        timeline = self.server.server._core.timeline
        job, waiting = self.server.held.popleft()
        while self.server.held or not waiting.called:
            waiting.callback(job())
            self.server.settle()
            if timeline.room(ROOM) is not None:
                break
            timeline.begins(ROOM, 4)
            job, waiting = self.server.held.popleft()
        self.server.hold_reads = False
        self.server.release()
        room = timeline.room(ROOM)
        self.assertEqual(room.oldest, 4)
        self.assertEqual([each.event.seq for each in room.recent.entries], [4, 5])
        self.assertEqual(peer.events()[1]["oldest"], 4)
        self.assertEqual(timeline._begins, {})

    def test_what_was_deleted_while_it_woke_tells_nothing_of_the_next(self) -> None:
        self.say(5)
        for peer in self.peers:
            peer.cut()
        self.server.settle()
        self.server.hold_reads = True
        self.server.connect(room=ROOM)
        timeline = self.server.server._core.timeline
        self.assertIn(ROOM, timeline._waking)
        timeline.begins(ROOM, 4)
        timeline._outdated.add(ROOM)
        self.server.hold_reads = False
        self.server.release()
        self.assertEqual((self.room.oldest, timeline._begins), (1, {}))

    def test_who_looks_because_nobody_knows_learns_it_too(self) -> None:
        self.say(5)
        self.server.server.database.journal._writer._connected().execute(
            "UPDATE rooms SET oldest = 3 WHERE name = ?", (ROOM,)
        )
        self.server.server._core.timeline.look(ROOM)
        self.pass_by(AGAIN_AFTER + 0.1)
        self.assertEqual(self.room.oldest, 3)


class BehindTests(RetainingCase):
    """Who is behind what has gone cannot be told it, and begins again."""

    def flood(self, count: int) -> None:
        for number in range(count):
            self.libai.post(type="say", text=TEXT)
            if number % 50 == 49:
                self.server.settle()
        self.server.settle()
        self.libai.events()
        self.wangwei.events()

    def test_it_is_closed_and_comes_back_to_a_new_beginning(self) -> None:
        self.dufu.stop_reading()
        self.flood(1200)
        self.keep(keep_messages=10)
        self.dufu.read_on()
        self.pass_by()
        told = [event["seq"] for event in self.dufu.events() if event["type"] == "said"]
        self.assertEqual(told, list(range(1, len(told) + 1)))
        self.assertLess(len(told), 1000)
        self.assertEqual((self.dufu.close or (0,))[0], TOO_FAR_BEHIND)
        again = self.server.connect(room=ROOM, since=told[-1], epoch=self.dufu.joined["epoch"])
        self.assertFalse(again.events()[1]["recovered"])

    def test_also_when_the_log_knows_before_the_room_does(self) -> None:
        self.dufu.stop_reading()
        self.flood(1200)
        journal = self.server.server.database.journal
        journal._writer._connected().execute(
            "UPDATE rooms SET oldest = 1150 WHERE name = ?", (ROOM,)
        )
        self.room.recent.drop_below(1150)
        self.dufu.read_on()
        told = [event["seq"] for event in self.dufu.events() if event["type"] == "said"]
        self.assertEqual(told, list(range(1, len(told) + 1)))
        self.assertIsNone(self.dufu.close)
        self.pass_by(READ_AGAIN_AFTER + 0.1)
        self.assertEqual([e for e in self.dufu.events() if e["type"] == "said"], [])
        self.assertEqual((self.dufu.close or (0,))[0], TOO_FAR_BEHIND)

    def test_a_page_of_the_log_has_no_hole_either(self) -> None:
        self.say(5)
        journal = self.server.server.database.journal
        journal._writer._connected().execute("UPDATE rooms SET oldest = 4 WHERE name = ?", (ROOM,))
        self.room.recent.drop_below(9)
        epoch = self.libai.joined["epoch"]
        page = self.get(f"/events?since=1&epoch={epoch}")
        self.assertEqual((page["recovered"], page["events"], page["oldest"]), (False, [], 4))
        journal._writer._connected().execute("UPDATE rooms SET oldest = 6 WHERE name = ?", (ROOM,))
        page = self.get(f"/events?since=1&epoch={epoch}")
        self.assertEqual((page["recovered"], page["events"], page["oldest"]), (False, [], 6))

    def test_who_was_removed_from_the_room_meanwhile_stays_in_others(self) -> None:
        self.dufu.send(type="join", room="别处")
        self.dufu.stop_reading()
        self.flood(1200)
        self.order("kick", self.dufu)
        self.keep(keep_messages=10)
        self.dufu.read_on()
        self.pass_by()
        events = self.dufu.events()
        self.assertIn("left", [event["type"] for event in events])
        self.assertNotIn(1200, [event.get("seq") for event in events])
        self.dufu.say("还在", room="别处")
        self.assertEqual(self.dufu.events()[-1]["text"], "还在")
        self.assertIsNone(self.dufu.close)

    def test_who_was_never_told_of_what_has_gone_begins_again(self) -> None:
        self.say(3)
        self.server.server._core.timeline.begins(ROOM, self.room.seq + 3)
        self.pass_by()
        for peer in self.peers:
            peer.events()
            self.assertEqual((peer.close or (0,))[0], TOO_FAR_BEHIND)

    def test_who_is_not_behind_hears_nothing_of_it(self) -> None:
        self.say(5)
        self.keep(keep_messages=1)
        self.dufu.events()
        self.libai.say("新")
        self.assertEqual([event["seq"] for event in self.dufu.events()], [7])
        self.assertIsNone(self.dufu.close)
