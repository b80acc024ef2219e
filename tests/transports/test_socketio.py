"""The room over Socket.IO: what one says, hears and is refused, by polling and by WebSocket."""

from typing import Any

from tests.core.test_chat import types
from tests.transports.lobby import CARRIERS, LobbyCase, names

SAID = {"type": "said", "room": "lobby", "at": 1_700_000_000_000}


def said(text: str, **fields: object) -> list[Any]:
    """The event of a message, as it arrives."""
    return ["chat message", text, SAID | fields]


class EnteringTests(LobbyCase):
    """CONNECT, and what comes of it."""

    def test_in_this_order(self) -> None:
        self.du.say("1")
        self.du.say("2")
        auth = {
            "nick": "李白",
            "token": "nobody's",
            "since": 1,
            "epoch": self.du.joined["epoch"],
        }
        for client in self.opened():
            heard = client.enter(**auth)
            self.du.say("live")
            heard += client.heard()
            self.assertEqual(list(heard[0][1]), ["sid"])
            live = len(heard) - 5
            self.assertEqual(
                names(heard),
                ["CONNECT", "welcome", "error", "joined", *["chat message"] * (live + 1)],
            )
            self.assertEqual(heard[2][1]["code"], "forbidden")
            self.assertIs(heard[3][1]["recovered"], True)
            self.assertEqual(heard[4][1:3], ["2", heard[4][2] | {"seq": 2}])
            self.assertEqual(heard[-1][1], "live")

    def test_without_a_word_one_is_a_guest_in_the_lobby(self) -> None:
        for client in self.opened():
            client.enter()
            self.assertRegex(client.welcome["nick"], "^guest-[0-9]{4}$")
            self.assertEqual(client.joined["room"], "lobby")
            self.assertNotIn("recovered", client.joined)

    def test_nick_room_and_token_are_those_of_auth(self) -> None:
        other = self.server.enter("大厅", "李白")
        for client in self.opened():
            client.enter(token=other.welcome["token"], room="大厅")
            self.assertEqual(client.welcome["user"], other.welcome["user"])
            self.assertEqual(client.welcome["nick"], "李白")
            self.assertEqual(client.joined["members"], other.joined["members"])

    def test_a_taken_nick_becomes_the_next_free(self) -> None:
        for client, nick in zip(self.opened(), ("杜甫-2", "杜甫-3"), strict=True):
            client.enter(nick="杜甫")
            self.assertEqual(client.welcome["nick"], nick)

    def test_cookie_and_bearer_say_who_one_is_unless_auth_does(self) -> None:
        token, user = self.du.welcome["token"], self.du.welcome["user"]
        for headers in ({"Cookie": f"chatroom={token}"}, {"Authorization": f"Bearer {token}"}):
            for kind in CARRIERS:
                client = kind(self.server, headers)
                client.enter()
                self.assertEqual(client.welcome["user"], user)
                other = kind(self.server, headers)
                other.enter(token=self.server.tokens_of("somebody"))
                self.assertEqual(other.welcome["user"], "somebody")

    def test_wrong_names_are_refused_after_the_welcome(self) -> None:
        for client in self.opened():
            client.ask(nick="", room="a/b")
            self.assertEqual(names(client.heard()), ["CONNECT", "welcome", "error", "error"])
            client.emit("chat message", "nowhere yet, so in the lobby")
            self.assertEqual(names(client.heard()), ["joined", "chat message"])

    def test_wrong_types_are_a_connect_error_and_one_may_try_again(self) -> None:
        for auth in (
            {"nick": 1},
            {"token": []},
            {"room": {}},
            {"since": "1"},
            {"since": -1},
            {"epoch": 7},
            {"nick": "a\0b"},
        ):
            for client in self.opened():
                client.ask(**auth)
                [[name, reason]] = client.heard()
                self.assertEqual(name, "CONNECT_ERROR")
                self.assertEqual(set(reason), {"message", "data"})
                self.assertEqual(reason["data"]["type"], "error")
                self.assertIn(reason["data"]["code"], ("bad_field", "bad_json"))
                self.assertEqual(reason["data"]["message"], reason["message"])
                client.enter(nick="李白")
                client.give("41")
        self.assertNotIn("said", types(self.du.events()))

    def test_there_is_one_namespace(self) -> None:
        for client in self.opened():
            for name in ("/admin", "/lobby", "/" + "a" * 100):
                client.give(f"40{name},")
                self.assertEqual(client.take()[-1], f'44{name},{{"message":"Invalid namespace"}}')
            client.enter()

    def test_who_disconnects_may_connect_again(self) -> None:
        for client in self.opened():
            client.enter(nick="李白")
            first = client.welcome
            self.du.events()
            client.give("41")
            self.assertEqual(types(self.du.events()), ["left"])
            self.du.say("unheard")
            client.enter(token=first["token"])
            self.assertEqual(client.welcome["user"], first["user"])
            self.assertNotEqual(client.welcome["client"], first["client"])
            client.emit("chat message", "again")
            self.assertEqual(names(client.heard()), ["chat message"])
            client.give("41")


class TalkingTests(LobbyCase):
    """What is said, both ways."""

    def test_a_message_goes_to_all_the_sender_included(self) -> None:
        for client in self.entered():
            client.heard()
            self.du.events()
            client.emit("chat message", "床前明月光")
            [mine] = client.heard()
            seq = mine[2]["seq"]
            who = {key: client.welcome[key] for key in ("user", "nick")}
            self.assertEqual(mine, said("床前明月光", seq=seq, **who))
            [theirs] = self.du.events()
            self.assertEqual(theirs, {**SAID, **who, "seq": seq, "text": "床前明月光"})
            self.du.say("疑是地上霜")
            who = {key: self.du.welcome[key] for key in ("user", "nick")}
            self.assertEqual(client.heard(), [said("疑是地上霜", seq=seq + 1, **who)])

    def test_say_is_the_same_and_options_are_those_of_say(self) -> None:
        for client in self.entered():
            client.emit("say", {"text": "a", "id": "x"})
            first = client.heard()[0][2]["seq"]
            client.emit("chat message", "b", {"reply_to": first, "id": "y", "room": "lobby"})
            [[_, text, event]] = client.heard()
            self.assertEqual((text, event["reply_to"], event["id"]), ("b", first, "y"))

    def test_other_rooms_are_joined_and_heard(self) -> None:
        li = self.server.enter("月下", "李白")
        for client in self.entered():
            client.emit("join", {"room": "月下"}, ack=7)
            [[id, answer]] = [each for each in client.heard() if each[0] == 7]
            self.assertEqual((id, answer["ok"]), (7, True))
            self.assertEqual(answer["event"]["type"], "joined")
            self.assertNotIn("ref", answer["event"])
            li.say("独酌")
            self.assertEqual(client.heard()[-1][2]["room"], "月下")
            client.emit("leave", {"room": "月下"})
            self.assertEqual(names(client.heard()), ["left"])
            li.say("无相亲")
            self.assertEqual(client.heard(), [])

    def test_commands_are_answered_by_their_events(self) -> None:
        for client in self.entered():
            client.heard()
            for name, fields, answer in (
                ("ping", {"ref": "r"}, "pong"),
                ("history", {"room": "lobby", "ref": "r"}, "history"),
                ("members", {"room": "lobby", "ref": "r"}, "members"),
                ("join", {"room": "lobby", "ref": "r"}, "joined"),
            ):
                client.emit(name, fields)
                [[heard, event]] = client.heard()
                self.assertEqual((heard, event["type"], event["ref"]), (answer, answer, "r"))
            client.emit("typing", {"room": "lobby", "ref": "r"})
            self.assertEqual(client.heard()[-1], ["done", {"type": "done", "ref": "r"}])

    def test_a_nick_is_changed_for_all(self) -> None:
        one, other = self.entered()
        one.emit("nick", {"nick": "李白"}, ack=3)
        renamed, answer = one.heard()
        self.assertEqual((renamed[0], answer), ("renamed", [3, {"ok": True}]))
        self.assertEqual(names(other.heard()), ["renamed"])
        self.assertEqual(types(self.du.events()), ["renamed"])
        other.emit("nick", {"nick": "李白"})
        self.assertEqual([each[1]["code"] for each in other.heard()], ["nick_taken"])

    def test_presence_is_about_users_whatever_they_come_by(self) -> None:
        token = self.server.tokens_of("li")
        socket = self.server.connect(headers={"Authorization": f"Bearer {token}"}, room="lobby")
        clients = self.opened()
        for client in clients:
            client.enter(token=token)
        self.assertEqual(types(self.du.events()), ["entered"])
        socket.cut()
        clients[0].cut()
        self.assertEqual(self.du.events(), [])
        clients[1].cut()
        self.assertEqual(types(self.du.events()), ["left"])

    def test_one_bucket_for_all_connections_of_a_user(self) -> None:
        self.start(rate=3)
        token = self.du.welcome["token"]
        poller, socket = self.entered(token=token)
        self.du.say("1")
        poller.emit("chat message", "2")
        socket.emit("chat message", "3")
        poller.heard(), socket.heard()
        for client in (poller, socket):
            client.emit("chat message", "4")
            [[name, error]] = client.heard()
            self.assertEqual((name, error["code"]), ("error", "too_fast"))
        self.du.say("4")
        self.assertEqual(self.du.events()[-1]["code"], "too_fast")


class RefusedTests(LobbyCase):
    """What is wrong is told to its sender alone, and the session stays."""

    WRONG = (
        ("nonsense", [{}], "unknown_type"),
        ("error", [{}], "unknown_type"),
        ("message", ["a"], "bad_field"),
        ("say", [], "bad_field"),
        ("say", ["text"], "bad_field"),
        ("say", [{"text": 1}], "bad_field"),
        ("say", [{"text": "a"}, {}], "bad_field"),
        ("say", [{"text": " "}], "bad_field"),
        ("say", [{"text": "长" * 4001}], "too_long"),
        ("say", [{"text": "a", "room": "elsewhere"}], "not_joined"),
        ("say", [{"text": "a\0b"}], "bad_json"),
        ("chat message", [], "bad_field"),
        ("chat message", [{"text": "a"}], "bad_field"),
        ("chat message", [None], "bad_field"),
        ("chat message", ["a", 1], "bad_field"),
        ("chat message", ["a", {}, {}], "bad_field"),
        ("chat message", ["a", {"a": [[[[[[[[1]]]]]]]]}], "bad_json"),
        ("hello", [{}], "bad_field"),
    )

    def test_as_an_error_or_in_the_acknowledgement(self) -> None:
        self.start(rate=0)
        for client in self.entered():
            for name, arguments, code in self.WRONG:
                client.emit(name, *arguments)
                [[event, error]] = client.heard()
                self.assertEqual((event, error["type"], error["code"]), ("error", "error", code))
                client.emit(name, *arguments, ack=5)
                [[id, answer]] = client.heard()
                self.assertEqual((id, answer["ok"], set(answer)), (5, False, {"ok", "error"}))
                self.assertEqual(answer["error"], error)
        self.assertEqual(self.du.events(), [])

    def test_ref_and_id_come_back(self) -> None:
        for client in self.entered():
            for ack in (None, 9):
                client.emit("say", {"text": "", "ref": "r", "id": "i"}, ack=ack)
                [[_, told]] = client.heard()
                error = told if ack is None else told["error"]
                self.assertEqual((error["ref"], error["id"]), ("r", "i"))

    def test_an_answer_to_a_question_of_nobodys_is_ignored(self) -> None:
        for client in self.entered():
            client.give('431["what?"]', "430[]")
            self.assertEqual(client.heard(), [])
            client.emit("ping")
            self.assertEqual(names(client.heard()), ["pong"])

    def test_bytes_are_no_text(self) -> None:
        poller, socket = self.entered()
        place = '{"_placeholder":true,"num":0}'
        poller.give(f'451-["chat message",{place}]', "bAQI=")
        socket.frame(1, f'451-["chat message",{place}]'.encode())
        socket.frame(2, b"\1\2")
        self.server.settle()
        for client in (poller, socket):
            self.assertEqual([each[1]["code"] for each in client.heard()], ["bad_field"])
