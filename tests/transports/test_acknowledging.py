"""Acknowledgements: when they come, what they say, and that nothing else says it too."""

from tests.core.test_chat import types
from tests.transports.lobby import LobbyCase, names


class AcknowledgedTests(LobbyCase):
    """What asks for an acknowledgement has its answer there, and there alone."""

    def test_after_ones_own_event(self) -> None:
        for client in self.entered():
            client.heard()
            client.emit("chat message", "床前", ack=0)
            [[_, _, event], answer] = client.heard()
            self.assertEqual(answer, [0, {"ok": True, "seq": event["seq"]}])
            client.emit("say", {"text": "明月", "ref": "mine"}, ack=999_999_999_999_999)
            [_, answer] = client.heard()
            self.assertEqual(answer, [999_999_999_999_999, {"ok": True, "seq": event["seq"] + 1}])

    def test_only_once_it_is_stored(self) -> None:
        for client in self.entered():
            client.heard()
            self.server.hold_writes = True
            client.emit("chat message", "床前", ack=1)
            self.assertEqual(client.heard(), [])
            self.server.hold_writes = False
            self.server.release()
            self.assertEqual(names(client.heard()), ["chat message", 1])

    def test_others_have_none(self) -> None:
        one, other = self.entered()
        one.emit("chat message", "床前", ack=1)
        self.assertEqual(names(other.heard()), ["chat message"])
        self.assertEqual(types(self.du.events()), ["said"])

    def test_of_a_command_that_has_an_answer_it_is_the_answer(self) -> None:
        for client in self.entered():
            for name, fields, event in (
                ("ping", {"ref": "r"}, "pong"),
                ("history", {"room": "lobby", "ref": "r"}, "history"),
                ("members", {"room": "lobby", "ref": "r"}, "members"),
                ("join", {"room": "lobby", "ref": "r"}, "joined"),
            ):
                client.emit(name, fields, ack=7)
                [[id, answer]] = client.heard()
                self.assertEqual((id, answer["ok"]), (7, True))
                self.assertEqual((answer["event"]["type"], answer["event"]["ref"]), (event, "r"))

    def test_of_a_command_that_has_none_it_is_that_it_is_done(self) -> None:
        for client in self.entered():
            client.emit("typing", {"room": "lobby"}, ack=1)
            self.assertEqual(client.heard()[-1], [1, {"ok": True}])
            client.emit("leave", {"room": "lobby"}, ack=2)
            left, answer = client.heard()
            self.assertEqual((left[0], answer), ("left", [2, {"ok": True}]))

    def test_of_a_join_with_a_position_what_was_missed_comes_behind_it(self) -> None:
        self.du.say("1")
        self.du.say("2")
        for client in self.entered():
            client.emit("join", {"room": "lobby", "since": 0}, ack=1)
            answer, *missed = client.heard()
            self.assertIs(answer[1]["event"]["recovered"], True)
            self.assertEqual([each[1] for each in missed], ["1", "2"])

    def test_answers_come_in_order_whether_they_need_the_disk_or_not(self) -> None:
        for client in self.entered():
            client.heard()
            self.server.hold_reads = True
            client.emit("history", {"room": "lobby"}, ack=1)
            client.emit("say", {"text": ""}, ack=2)
            client.emit("nonsense", ack=3)
            self.assertEqual(client.heard(), [])
            self.server.hold_reads = False
            self.server.release()
            self.assertEqual(names(client.heard()), [1, 2, 3])

    def test_what_comes_too_fast_is_told_there(self) -> None:
        self.start(rate=1)
        for client in self.entered():
            client.heard()
            client.emit("chat message", "1", ack=1)
            client.heard()
            client.emit("chat message", "2", ack=2)
            [[id, answer]] = client.heard()
            self.assertEqual((id, answer["ok"]), (2, False))
            self.assertEqual(answer["error"]["code"], "too_fast")
            self.assertGreater(answer["error"]["retry_after"], 0)

    def test_also_when_it_is_the_connection_that_is_too_fast(self) -> None:
        for client in self.entered():
            client.give(*['42["typing",{"room":"lobby"}]'] * 99)
            client.heard()
            client.emit("ping", ack=1)
            [[id, answer]] = client.heard()
            self.assertEqual((id, answer["error"]["code"]), (1, "too_fast"))


class RepeatedTests(LobbyCase):
    """The same `id` again."""

    def test_with_an_acknowledgement_it_is_that_alone(self) -> None:
        for client in self.entered():
            client.heard()
            client.emit("chat message", "床前", {"id": "a"})
            [[_, _, event]] = client.heard()
            self.du.events()
            client.emit("chat message", "something else", {"id": "a"}, ack=4)
            self.assertEqual(client.heard(), [[4, {"ok": True, "seq": event["seq"]}]])
            self.assertEqual(self.du.events(), [])

    def test_without_it_is_the_message_again(self) -> None:
        for client in self.entered():
            client.heard()
            client.emit("chat message", "床前", {"id": "a"}, ack=1)
            [[_, text, event], _] = client.heard()
            client.emit("chat message", "something else", {"id": "a"})
            self.assertEqual(client.heard(), [["chat message", text, event | {"again": True}]])

    def test_both_at_once(self) -> None:
        for client in self.entered():
            client.heard()
            options = '{"id":"b"}'
            client.give(
                f'421["chat message","床前",{options}]',
                f'422["chat message","床前",{options}]',
                f'42["chat message","床前",{options}]',
            )
            heard = client.heard()
            self.assertEqual(
                sorted(map(str, names(heard))), ["1", "2", "chat message", "chat message"]
            )
            self.assertEqual(
                [each[2].get("again") for each in heard if len(each) > 2], [None, True]
            )

    def test_over_another_transport_it_is_one_message(self) -> None:
        token = self.server.tokens_of("li")
        poller, socket = self.entered(token=token)
        poller.up.receive(poller.request(b"POST", b'420["chat message","a",{"id":"x"}]'))
        poller.cut()
        socket.emit("chat message", "a", {"id": "x"}, ack=1)
        self.assertEqual(names(socket.heard()), ["chat message", 1])
        self.assertEqual(self.texts(self.du), ["a"])

    def test_hello_has_one_and_what_was_wrong_comes_after(self) -> None:
        for client in self.opened():
            client.give('40{"room":"/"}')
            client.heard()
            client.emit("hello", {"token": "nobody's", "ref": "r"}, ack=3)
            answer, error = client.heard()
            self.assertEqual((answer[0], answer[1]["ok"]), (3, True))
            self.assertEqual(
                (error[0], error[1]["code"], error[1]["ref"]), ("error", "forbidden", "r")
            )

    def test_in_two_rooms_at_once(self) -> None:
        """The same `id` may be in use in both, and only one of the two wants an acknowledgement."""
        for client in self.entered():
            client.emit("join", {"room": "诗社"})
            client.emit("chat message", "床前", {"id": "d", "room": "诗社"})
            client.heard()
            client.give(
                '427["chat message","明月",{"id":"d","room":"lobby"}]',
                '42["chat message","床前",{"id":"d","room":"诗社"}]',
            )
            heard = client.heard()
            again = [each[1] for each in heard if len(each) > 2 and each[2].get("again")]
            self.assertEqual(again, ["床前"])
            self.assertIn(7, names(heard))
