"""What becomes of messages: told to all, in order, also to who was away; and what one has read."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.memory import MemoryServer, Peer

ROOM = "大厅"


class MessagesTestCase(SynchronousTestCase):
    options: dict[str, Any] = {"rate": 0}

    def setUp(self) -> None:
        self.server = MemoryServer(self, **self.options)
        self.libai = self.server.enter(ROOM, "李白")
        self.dufu = self.server.enter(ROOM, "杜甫")
        self.libai.say("床前明月光")
        self.seq = self.dufu.events()[-1]["seq"]
        self.libai.events()

    def ask(self, peer: Peer, **command: Any) -> list[dict[str, Any]]:
        """Send a command in the room; give what its sender is told."""
        peer.send(**{"room": ROOM, "seq": self.seq, "ref": "r"} | command)
        return peer.events()

    def code(self, peer: Peer, **command: Any) -> str:
        [error] = self.ask(peer, **command)
        self.assertEqual((error["type"], error["ref"]), ("error", "r"))
        self.assertEqual(self.others(peer), [])
        return error["code"]

    def others(self, peer: Peer) -> list[dict[str, Any]]:
        return (self.dufu if peer is self.libai else self.libai).events()

    def page(self) -> list[dict[str, Any]]:
        self.libai.send(type="history", room=ROOM)
        return self.libai.events()[-1]["messages"]

    def at(self) -> int:
        return self.server.now


class ChangeTests(MessagesTestCase):
    def test_everybody_hears_of_each_in_the_order_of_the_log(self) -> None:
        told = [
            *self.ask(self.libai, type="edit", text="疑是地上霜"),
            *self.ask(self.libai, type="react", emoji="👍"),
            *self.ask(self.libai, type="unreact", emoji="👍"),
            *self.ask(self.libai, type="delete"),
        ]
        user, of = self.libai.welcome["user"], self.seq
        who = {"user": user, "nick": "李白", "emoji": "👍"}
        expected = [
            {"type": "edited", "text": "疑是地上霜", "user": user},
            {"type": "reacted", **who},
            {"type": "unreacted", **who},
            {"type": "deleted", "user": user},
        ]
        events = [
            {"room": ROOM, "seq": of + number, "of": of, "at": self.at(), **fields}
            for number, fields in enumerate(expected, 1)
        ]
        self.assertEqual(self.dufu.events(), events)
        self.assertEqual(told[::2], events)
        self.assertEqual(
            told[1::2], [{"type": "done", "ref": "r", "seq": each["seq"]} for each in events]
        )

    def test_what_changes_nothing_is_done_and_told_to_nobody(self) -> None:
        done = [{"type": "done", "ref": "r"}]
        self.ask(self.libai, type="react", emoji="👍")
        self.dufu.events()
        for command in (
            {"type": "edit", "text": "床前明月光"},
            {"type": "react", "emoji": "👍"},
            {"type": "unreact", "emoji": "🎉"},
        ):
            self.assertEqual(self.ask(self.libai, **command), done)
        self.ask(self.libai, type="delete")
        self.dufu.events()
        self.assertEqual(self.ask(self.libai, type="delete"), done)
        self.assertEqual(self.dufu.events(), [])

    def test_what_may_not_be_is_told_to_its_sender_alone(self) -> None:
        for peer, code, command in (
            (self.dufu, "forbidden", {"type": "edit", "text": "x"}),
            (self.dufu, "forbidden", {"type": "delete"}),
            (self.libai, "no_such_message", {"type": "edit", "text": "x", "seq": 99}),
            (self.libai, "no_such_message", {"type": "delete", "seq": 0}),
            (self.libai, "no_such_message", {"type": "react", "emoji": "👍", "seq": 99}),
            (self.libai, "bad_field", {"type": "edit", "text": " "}),
            (self.libai, "too_long", {"type": "edit", "text": "x" * 4001}),
            (self.libai, "bad_field", {"type": "react", "emoji": "好"}),
            (self.libai, "not_joined", {"type": "delete", "room": "山"}),
        ):
            self.assertEqual(self.code(peer, **command), code, command)

    def test_at_the_limit_it_is_taken(self) -> None:
        edited, _ = self.ask(self.libai, type="edit", text="x" * 4000)
        self.assertEqual(len(edited["text"]), 4000)

    def test_who_was_away_hears_of_it_on_coming_back(self) -> None:
        since, epoch = self.seq, self.dufu.joined["epoch"]
        self.dufu.cut()
        self.libai.events()
        self.ask(self.libai, type="react", emoji="👍")
        self.ask(self.libai, type="edit", text="低头思故乡")
        back = self.server.connect(room=ROOM, nick="杜甫", since=since, epoch=epoch)
        kinds = [event["type"] for event in back.events()]
        self.assertEqual(kinds, ["welcome", "joined", "reacted", "edited"])

    def test_a_deleted_text_is_nowhere_for_who_comes_back(self) -> None:
        self.ask(self.libai, type="edit", text="床前明月光，疑是")
        self.ask(self.libai, type="delete")
        for since in (0, self.seq):
            back = self.server.connect(
                room=ROOM, nick="王维", since=since, epoch=self.libai.joined["epoch"]
            )
            self.assertNotIn("明月", str(back.events()))
            back.cut()
        self.server.server.database.log._reader.close()
        self.assertNotIn("明月", str(self.page()))
        # After the room slept, the log is read anew.
        self.libai.cut()
        self.dufu.cut()
        back = self.server.connect(room=ROOM, nick="王维", since=0)
        told = back.events()
        self.assertNotIn("明月", str(told))
        self.assertEqual([each["type"] for each in told[2:]], ["said", "edited", "deleted"])
        self.assertTrue(all(each["deleted"] for each in told[2:4]))

    def test_history_has_what_became_of_it(self) -> None:
        self.ask(self.libai, type="edit", text="低头")
        self.ask(self.dufu, type="react", emoji="👍")
        [message] = self.page()
        self.assertEqual(message["text"], "低头")
        self.assertEqual(message["edited_at"], self.at())
        user = self.dufu.welcome["user"]
        self.assertEqual(
            message["reactions"], [{"emoji": "👍", "users": [user], "nicks": ["杜甫"], "count": 1}]
        )
        self.ask(self.libai, type="delete")
        [message] = self.page()
        self.assertEqual((message["text"], message["deleted"]), ("", True))
        self.assertNotIn("reactions", message)


class RateTests(MessagesTestCase):
    options: dict[str, Any] = {"rate": 3}

    def test_each_costs_a_token_when_it_is_accepted_and_nothing_else_does(self) -> None:
        # One is spent.
        for _ in range(5):
            self.ask(self.libai, type="edit", text="床前明月光")
            self.ask(self.libai, type="react", emoji="好")
            self.ask(self.libai, type="edit", text="x", seq=99)
        self.ask(self.libai, type="react", emoji="👍")
        self.ask(self.libai, type="unreact", emoji="👍")
        [error] = self.ask(self.libai, type="delete")
        self.assertEqual((error["code"], error["retry_after"]), ("too_fast", 3.4))


class ReadTests(MessagesTestCase):
    def test_ones_other_devices_hear_of_it_and_nobody_else(self) -> None:
        phone = self.server.enter_as(self.dufu, ROOM)
        self.assertEqual(self.ask(self.dufu, type="read"), [{"type": "done", "ref": "r"}])
        self.assertEqual(phone.events(), [{"type": "read", "room": ROOM, "up_to": self.seq}])
        self.assertEqual(self.libai.events(), [])
        self.ask(self.dufu, type="read")
        self.assertEqual(phone.events(), [])

    def test_what_is_not_read_is_told(self) -> None:
        self.ask(self.dufu, type="read")
        self.libai.say("@杜甫 来吗")
        self.libai.say("一起去")
        self.dufu.events()
        self.dufu.send(type="unread", ref="r")
        [told] = self.dufu.events()
        room = {"room": ROOM, "read": self.seq, "unread": 2, "mentions": 1}
        self.assertEqual(told, {"type": "unread", "rooms": [room], "ref": "r"})

    def test_a_room_that_is_not_there(self) -> None:
        self.assertEqual(self.code(self.dufu, type="read", room="水"), "no_such_room")
