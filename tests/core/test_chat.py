"""Saying something: who may, what comes back, and what costs what."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.memory import MemoryServer, Peer


def types(events: list[dict[str, Any]]) -> list[str]:
    """Give the types of events."""
    return [event["type"] for event in events]


class SayTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.server = MemoryServer(self)
        self.li = self.server.enter("大厅", "李白")
        self.du = self.server.enter("大厅", "杜甫")
        self.li.events()

    def error(self, peer: Peer) -> tuple[str, str | None]:
        """Assert that all that came is one error; give its code and `ref`."""
        (event,) = peer.events()
        self.assertEqual(event["type"], "error")
        self.assertGreater(len(event["message"]), 10)
        return event["code"], event.get("ref")

    def test_everyone_in_the_room_gets_the_same_event(self) -> None:
        self.li.say("床前明月光", id="1")
        (mine,), (theirs,) = self.li.events(), self.du.events()
        self.assertEqual(mine, theirs)
        self.assertEqual(
            mine,
            {
                "type": "said",
                "room": "大厅",
                "seq": 1,
                "id": "1",
                "user": self.li.welcome["user"],
                "nick": "李白",
                "text": "床前明月光",
                "at": self.server.now,
            },
        )

    def test_done_comes_after_its_event_and_to_the_sender_alone(self) -> None:
        self.li.say("a", ref="r")
        said, done = self.li.events()
        self.assertEqual(said["type"], "said")
        self.assertEqual(done, {"type": "done", "ref": "r", "seq": 1})
        self.assertEqual(types(self.du.events()), ["said"])

    def test_the_same_id_again_is_answered_again_and_told_to_nobody(self) -> None:
        self.li.say("a", id="1")
        first = self.li.events()[0]
        self.du.events()
        self.li.say("b", id="1", ref="r")
        again, done = self.li.events()
        self.assertEqual(again, first | {"again": True})
        self.assertEqual(done, {"type": "done", "ref": "r", "seq": 1})
        self.assertEqual(self.du.events(), [])

    def test_an_id_is_its_users_and_its_rooms_own(self) -> None:
        self.li.say("a", id="1")
        self.du.say("b", id="1")
        self.li.send(type="join", room="别处")
        self.li.say("c", id="1", room="别处")
        said = [e for e in self.li.events() if e["type"] == "said"]
        self.assertEqual(
            [(e["room"], e["seq"]) for e in said], [("大厅", 1), ("大厅", 2), ("别处", 1)]
        )

    def test_a_text_is_kept_as_it_was_sent(self) -> None:
        text = " \u202e<b>诗\r\n\t😀e\u0301 \u200b "
        self.li.say(text)
        self.assertEqual(self.du.events()[0]["text"], text)

    def test_the_longest_text_and_one_character_more(self) -> None:
        self.li.say("😀" * 4000)
        self.assertEqual(self.du.events()[0]["text"], "😀" * 4000)
        self.li.events()
        self.li.say("a" * 4001, ref="r")
        self.assertEqual(self.error(self.li), ("too_long", "r"))

    def test_an_empty_text_is_refused(self) -> None:
        for text in ("", "  ", "\n\t", "　"):
            self.li.say(text, ref="r")
            self.assertEqual(self.error(self.li), ("bad_field", "r"))
        self.assertEqual(self.du.events(), [])

    def test_an_error_carries_the_id_of_what_it_answers(self) -> None:
        self.li.say("", id="x")
        self.assertEqual(self.li.events()[0]["id"], "x")

    def test_who_is_not_in_the_room_may_not_speak_there(self) -> None:
        self.li.say("a", room="别处")
        self.assertEqual(self.error(self.li)[0], "not_joined")

    def test_the_thirty_first_message_is_too_fast_and_costs_nothing(self) -> None:
        for number in range(30):
            self.li.say(str(number), id=str(number))
        self.assertEqual(types(self.li.events()), ["said"] * 30)
        self.li.say("30")
        (refused,) = self.li.events()
        self.assertEqual((refused["code"], refused["retry_after"]), ("too_fast", 0.4))
        self.server.clock.advance(0.4)
        self.li.say("30")
        self.assertEqual(types(self.li.events()), ["said"])
        self.du.events()
        self.du.say("ich")
        self.assertEqual(types(self.du.events()), ["said"])

    def test_a_repetition_costs_nothing_even_when_nothing_is_left(self) -> None:
        for number in range(30):
            self.li.say(str(number), id=str(number))
            self.li.say(str(number), id=str(number))
        said = self.li.events()
        self.assertEqual(len([e for e in said if "again" not in e]), 30)
        self.li.say("0", id="0", ref="r")
        again, done = self.li.events()
        self.assertEqual((again["seq"], again["again"], done["ref"]), (1, True, "r"))

    def test_a_refused_message_costs_nothing(self) -> None:
        for _ in range(40):
            self.li.say("")
        self.li.events()
        for number in range(30):
            self.li.say(str(number))
        self.assertEqual(types(self.li.events()), ["said"] * 30)

    def test_the_bucket_is_the_users_over_all_its_connections(self) -> None:
        second = self.server.connect(
            room="大厅", headers={"Authorization": "Bearer " + self.li.welcome["token"]}
        )
        second.events()
        for number in range(15):
            self.li.say(str(number))
            second.say(str(number))
        self.li.events()
        self.li.say("31")
        self.assertEqual(self.li.events()[-1]["code"], "too_fast")

    def test_coming_back_buys_no_speed(self) -> None:
        for number in range(30):
            self.li.say(str(number))
        self.li.cut()
        back = self.server.connect(
            room="大厅", headers={"Authorization": "Bearer " + self.li.welcome["token"]}
        )
        back.events()
        back.say("31")
        self.assertEqual(back.events()[-1]["code"], "too_fast")

    def test_no_rate_no_limit(self) -> None:
        free = MemoryServer(self, rate=0).enter("大厅", "李白")
        for number in range(150):
            free.say(str(number))
        self.assertEqual(types(free.events()), ["said"] * 150)

    def test_a_reply_names_a_message_of_the_room(self) -> None:
        self.li.say("a")
        self.li.events()
        self.li.say("b", reply_to=1)
        self.assertEqual(self.li.events()[0]["reply_to"], 1)
        self.li.say("c", reply_to=9, ref="r")
        self.assertEqual(self.error(self.li), ("no_such_message", "r"))


class LeavingTests(SynchronousTestCase):
    def test_who_leaves_at_once_still_gets_its_receipt(self) -> None:
        server = MemoryServer(self)
        li, du = server.enter("大厅", "李白"), server.enter("大厅", "杜甫")
        li.events()
        li.post(type="say", text="a", ref="1")
        li.post(type="leave", room="大厅")
        server.settle()
        self.assertEqual(types(li.events()), ["left", "said", "done"])
        self.assertEqual(types(du.events()), ["left", "said"])


class AddressTests(SynchronousTestCase):
    """Where a `say` goes that names no room."""

    def setUp(self) -> None:
        self.server = MemoryServer(self)

    def test_to_the_room_of_the_url_though_there_are_others(self) -> None:
        li = self.server.enter("大厅", "李白")
        li.send(type="join", room="别处")
        li.say("a")
        self.assertEqual(li.events()[-1]["room"], "大厅")

    def test_once_that_is_left_to_the_only_one(self) -> None:
        li = self.server.enter("大厅", "李白")
        li.send(type="join", room="别处")
        li.send(type="leave", room="大厅")
        li.say("a")
        self.assertEqual(li.events()[-1]["room"], "别处")

    def test_nowhere_when_there_are_several(self) -> None:
        li = self.server.connect()
        li.send(type="join", room="一")
        li.send(type="join", room="二")
        li.events()
        li.say("a", ref="r")
        self.assertEqual(li.events()[-1]["code"], "bad_field")

    def test_nowhere_when_all_rooms_are_left(self) -> None:
        li = self.server.connect()
        li.send(type="join", room="一")
        li.send(type="leave", room="一")
        li.events()
        li.say("a secret", ref="")
        (error,) = li.events()
        self.assertEqual((error["code"], error["ref"]), ("bad_field", ""))

    def test_into_the_lobby_when_nothing_was_asked_at_all(self) -> None:
        li = self.server.connect()
        li.say("a", ref="r")
        self.assertEqual(types(li.events()), ["welcome", "joined", "said", "done"])

    def test_a_say_before_joined_waits_for_it(self) -> None:
        self.server.hold_reads = True
        li = self.server.connect(room="大厅", nick="李白")
        li.say("a")
        self.assertEqual(types(li.events()), ["welcome"])
        self.server.release()
        self.assertEqual(types(li.events()), ["joined", "said"])


class PingTests(SynchronousTestCase):
    def test_pong_has_the_servers_time(self) -> None:
        server = MemoryServer(self)
        li = server.enter("大厅", "李白")
        li.send(type="ping", ref="p")
        self.assertEqual(li.events(), [{"type": "pong", "at": server.now, "ref": "p"}])
