"""The life of a client's sockets: what it may send and when, and how long we wait for it."""

from typing import Any

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from chatroom.wire.engineio.packet import Malformed
from chatroom.wire.socketio.sockets import PATIENCE, Connect, Disconnect, Event, Sockets

MAX_MESSAGE = 500


def place(num: int) -> str:
    """Where an attachment belongs."""
    return f'{{"_placeholder":true,"num":{num}}}'


class SocketsCase(SynchronousTestCase):
    """A client's sockets in the namespaces `/` and `/a`, and what is sent to it."""

    def setUp(self) -> None:
        self.begin()

    def begin(self) -> None:
        self.clock = Clock()
        self.sent: list[str | bytes] = []
        self.given_up = 0
        self.sockets = Sockets(
            frozenset({"/", "/a"}),
            send=self.sent.append,
            give_up=self.give_up,
            max_message=MAX_MESSAGE,
            clock=self.clock,
        )

    def give_up(self) -> None:
        """As a session does that ends."""
        self.given_up += 1
        self.sockets.close()

    def connect(self, namespace: str = "/") -> None:
        happened = self.sockets.receive(f"0{namespace},")
        self.assertEqual(happened, Connect(namespace, {}, None))
        self.sockets.accept(namespace, "x")
        self.sent.clear()

    def event(self, *messages: str | bytes) -> Any:
        """What has happened by the last of some messages; by the others, nothing has."""
        *before, last = messages
        for message in before:
            self.assertIsNone(self.sockets.receive(message))
        return self.sockets.receive(last)

    def assert_malformed(self, *messages: str | bytes) -> None:
        self.assertRaises(Malformed, self.event, *messages)

    def assert_waits(self, seconds: float) -> None:
        """It is given up after so many seconds, and not before."""
        [call] = self.clock.getDelayedCalls()
        self.assertEqual(call.getTime() - self.clock.seconds(), seconds)
        self.clock.advance(seconds - 0.001)
        self.assertEqual(self.given_up, 0)
        self.clock.advance(0.001)
        self.assertEqual((self.given_up, self.clock.getDelayedCalls()), (1, []))

    def assert_waits_for_nothing(self) -> None:
        self.assertEqual((self.given_up, self.clock.getDelayedCalls()), (0, []))


class ConnectTests(SocketsCase):
    def test_with_what_a_client_says_of_itself_or_nothing(self) -> None:
        for message, auth in (
            ("0", {}),
            ("0{}", {}),
            ('0{"nick":"李白"}', {"nick": "李白"}),
        ):
            self.begin()
            self.assertEqual(self.event(message), Connect("/", auth, None))
            self.assertEqual(self.sent, [])

    def test_what_breaks_a_rule_is_said(self) -> None:
        connect = self.event('0/a,{"nick":"\\u0000"}')
        self.assertEqual((connect.namespace, connect.auth), ("/a", {"nick": "\0"}))
        self.assertIn("NUL", connect.fault)

    def test_accepted(self) -> None:
        self.event("0")
        self.sockets.accept("/", "x")
        self.event("0/a,")
        self.sockets.accept("/a", "y")
        self.assertEqual(self.sent, ['0{"sid":"x"}', '0/a,{"sid":"y"}'])

    def test_refused_and_asked_again(self) -> None:
        self.event("0")
        self.sockets.refuse("/", {"message": "no", "data": {"code": "bad_field"}})
        self.assertEqual(self.sent, ['4{"message":"no","data":{"code":"bad_field"}}'])
        self.assert_malformed('2["a"]')
        self.connect()
        self.assertEqual(self.event('2["a"]').name, "a")

    def test_an_unknown_namespace_is_refused_and_the_others_go_on(self) -> None:
        for namespace in ("/b", "/A", "/a/", "/a?b=c", "//", "/__proto__", "/<b>"):
            self.assertIsNone(self.event(f"0{namespace},"))
            self.assertEqual(self.sent.pop(), f'4{namespace},{{"message":"Invalid namespace"}}')
            self.assert_malformed(f'2{namespace},["a"]')
        self.connect()
        self.assertEqual(self.event('2["a"]').name, "a")

    def test_twice_is_malformed(self) -> None:
        self.connect()
        self.assert_malformed("0")
        self.assert_malformed('0{"nick":"a"}')

    def test_each_namespace_is_its_own(self) -> None:
        self.connect("/a")
        self.assert_malformed('2["a"]')
        self.assertEqual(self.event('2/a,["a"]').namespace, "/a")
        self.connect("/")
        self.assertEqual(self.event('2["a"]').namespace, "/")
        self.assertEqual(self.event("1/a,"), Disconnect("/a"))
        self.assertEqual(self.event('2["a"]').namespace, "/")


class EventTests(SocketsCase):
    def test_before_connect_everything_else_is_malformed(self) -> None:
        for message in (
            '2["a"]',
            '27["a"]',
            "37[]",
            "1",
            f'51-["a",{place(0)}]',
            b"",
            b"a",
            "4",
            "",
        ):
            self.assert_malformed(message)
            self.assertIsNone(self.event("0/unknown,"))
        self.event("0")
        self.assert_malformed('2["asked, and not accepted"]')

    def test_a_name_its_arguments_and_perhaps_an_id(self) -> None:
        self.connect()
        for message, event in (
            ('2["a"]', Event("/", "a", [], None, None)),
            ('20["a",1,{"b":[]}]', Event("/", "a", [1, {"b": []}], 0, None)),
            ('2["error","b"]', Event("/", "error", ["b"], None, None)),
        ):
            self.assertEqual(self.event(message), event)

    def test_what_breaks_a_rule_is_said(self) -> None:
        self.connect()
        event = self.event('27["a","\\ud800"]')
        self.assertEqual((event.name, event.arguments, event.id), ("a", ["\ud800"], 7))
        self.assertIn("surrogate", event.fault)

    def test_after_disconnect_they_are_malformed_until_the_next_connect(self) -> None:
        self.connect()
        self.assertEqual(self.event("1"), Disconnect("/"))
        for message in ('2["a"]', "37[]", "1"):
            self.assert_malformed(message)
        self.connect()
        self.assertEqual(self.event('2["a"]').name, "a")

    def test_so_they_are_after_we_disconnect(self) -> None:
        self.connect()
        self.sockets.disconnect("/")
        self.assertEqual(self.sent, ["1"])
        self.assert_malformed('2["a"]')
        self.connect()
        self.assertEqual(self.event('2["a"]').name, "a")

    def test_acknowledgements_that_we_did_not_ask_for_are_nothing(self) -> None:
        self.connect()
        self.assertIsNone(self.event('37["a"]'))
        self.assertIsNone(self.event(f"61-7[{place(0)}]", b"a"))
        self.assertEqual(self.event('2["a"]').name, "a")

    def test_what_we_send(self) -> None:
        self.sockets.emit("/", "a", 1, {"b": None})
        self.sockets.emit("/a", "b", b"c", [b"d"])
        self.sockets.acknowledge("/", 0, {"ok": True})
        self.sockets.acknowledge("/a", 7, b"e")
        self.sockets.disconnect("/a")
        self.assertEqual(
            self.sent,
            [
                '2["a",1,{"b":null}]',
                f'52-/a,["b",{place(0)},[{place(1)}]]',
                b"c",
                b"d",
                '30[{"ok":true}]',
                f"61-/a,7[{place(0)}]",
                b"e",
                "1/a,",
            ],
        )


class AttachmentTests(SocketsCase):
    def setUp(self) -> None:
        super().setUp()
        self.connect()

    def test_they_are_put_where_they_belong(self) -> None:
        self.assertEqual(
            self.event(f'52-7["a",{place(1)},{{"b":{place(0)}}}]', b"0", b""),
            Event("/", "a", [b"", {"b": b"0"}], 7, None),
        )
        self.assertEqual(self.event('2["next"]').name, "next")

    def test_one_packet_after_another(self) -> None:
        for number in range(3):
            data = str(number).encode()
            self.assertEqual(self.event(f'51-["a",{place(0)}]', data).arguments, [data])

    def test_none_may_be_announced(self) -> None:
        self.assertEqual(self.event('50-["a"]'), Event("/", "a", [], None, None))

    def test_after_each_but_the_last_of_ten_nothing_has_happened_yet(self) -> None:
        for count in range(1, 11):
            places = ",".join(map(place, range(count)))
            data = [bytes([number]) for number in range(count)]
            event = self.event(f'5{count}-["a",{places}]', *data)
            self.assertEqual(event, Event("/", "a", data, None, None))

    def test_text_in_place_of_one_is_malformed(self) -> None:
        for text in ('2["a"]', "1", "0/a,", f'51-["a",{place(0)}]', ""):
            self.begin()
            self.connect()
            self.assert_malformed(f'52-["a",{place(0)},{place(1)}]', b"0", text)

    def test_one_that_nothing_announced_is_malformed(self) -> None:
        self.assert_malformed(b"a")
        self.event(f'51-["a",{place(0)}]', b"0")
        self.assert_malformed(b"1")

    def test_one_without_a_place_is_malformed(self) -> None:
        for data in ('"a"', f'"a",{place(1)}', f'"a",{place(0)},{place(0)}', f'"a",{place(-1)}'):
            self.begin()
            self.connect()
            self.assert_malformed(f"51-[{data}]", b"0")

    def test_where_a_rule_is_broken_they_are_waited_for_and_left_out(self) -> None:
        event = self.event(f'51-7["a",{place(0)},"\\u0000"]', b"0")
        self.assertEqual((event.name, event.id), ("a", 7))
        # To fill what is nested too deep could fail.
        self.assertEqual(event.arguments, [{"_placeholder": True, "num": 0}, "\0"])
        self.assertIn("NUL", event.fault)
        self.assertEqual(self.event('2["a"]').name, "a")

    def test_for_a_socket_that_is_not_there_they_are_not_waited_for(self) -> None:
        # CVE-2026-48804
        self.assert_malformed(f'51-/a,["a",{place(0)}]')
        self.assert_waits_for_nothing()


class LimitTests(SocketsCase):
    def padded(self, text: str, size: int) -> str:
        """An event of so many bytes."""
        return text % ("." * (size - len(text.encode()) + 2))

    def test_text_is_measured_in_bytes(self) -> None:
        self.connect()
        for text in ('2["%s"]', '2["月%s"]'):
            self.assertIsInstance(self.event(self.padded(text, MAX_MESSAGE)), Event)
            self.assert_malformed(self.padded(text, MAX_MESSAGE + 1))

    def test_attachments_count_with_their_text(self) -> None:
        text = f'52-["月",{place(0)},{place(1)}]'
        rest = MAX_MESSAGE - len(text.encode())
        for data in ((b"." * rest, b""), (b"", b"." * rest), (b"." * (rest - 1), b".")):
            self.begin()
            self.connect()
            self.assertEqual(self.event(text, *data).arguments, [*data])
            # And each packet begins to count anew.
            self.assertEqual(self.event(text, *data).arguments, [*data])
            self.assert_malformed(text, data[0], data[1] + b".")

    def test_the_first_that_is_too_big_is_refused_at_once(self) -> None:
        self.connect()
        text = f'52-["a",{place(0)},{place(1)}]'
        self.event(text)
        self.assert_malformed(b"." * (MAX_MESSAGE - len(text) + 1))

    def test_connect_has_the_same(self) -> None:
        self.assertIsInstance(self.event(self.padded('0{"nick":"%s"}', MAX_MESSAGE)), Connect)
        self.assert_malformed(self.padded('0{"nick":"%s"}', MAX_MESSAGE + 1))


class PatienceTests(SocketsCase):
    def test_who_does_not_connect_is_given_up(self) -> None:
        self.assert_waits(PATIENCE)

    def test_asking_for_what_there_is_not_gives_no_more_time(self) -> None:
        self.clock.advance(PATIENCE - 1)
        self.event("0/unknown,")
        self.assert_waits(1)

    def test_nor_does_being_refused(self) -> None:
        self.clock.advance(PATIENCE - 1)
        self.event("0")
        self.sockets.refuse("/", {"message": "no"})
        self.assert_waits(1)

    def test_who_is_connected_may_be_silent(self) -> None:
        self.connect()
        self.assert_waits_for_nothing()
        self.event('2["a"]')
        self.connect("/a")
        self.event("1/a,")
        self.assert_waits_for_nothing()

    def test_who_disconnects_has_as_long_to_come_back(self) -> None:
        self.connect()
        self.clock.advance(1000)
        self.event("1")
        self.clock.advance(PATIENCE - 1)
        self.connect()
        self.assert_waits_for_nothing()
        self.event("1")
        self.assert_waits(PATIENCE)

    def test_so_has_who_is_disconnected(self) -> None:
        self.connect()
        self.sockets.disconnect("/")
        self.assert_waits(PATIENCE)

    def test_attachments_that_never_come_are_given_up(self) -> None:
        # CVE-2026-48804
        self.connect()
        self.clock.advance(1000)
        self.event(f'51-["a",{place(0)}]')
        self.assert_waits(PATIENCE)

    def test_each_that_comes_gives_no_more_time(self) -> None:
        self.connect()
        self.event(f'52-["a",{place(0)},{place(1)}]')
        self.clock.advance(PATIENCE - 1)
        self.event(b"0")
        self.assert_waits(1)

    def test_when_all_have_come_nothing_is_waited_for(self) -> None:
        self.connect()
        for _ in range(3):
            self.event(f'51-["a",{place(0)}]')
            self.clock.advance(PATIENCE - 1)
            self.event(b"0")
            self.assert_waits_for_nothing()

    def test_once_it_is_closed_nothing_is_waited_for(self) -> None:
        for is_connected, message in (
            (False, "0"),
            (False, "0/unknown,"),
            (True, f'51-["a",{place(0)}]'),
            (True, "1"),
        ):
            self.begin()
            if is_connected:
                self.connect()
            self.event(message)
            self.assertEqual(len(self.clock.getDelayedCalls()), 1)
            self.sockets.close()
            self.assert_waits_for_nothing()
            self.sockets.close()

    def test_nor_after_what_was_malformed(self) -> None:
        for messages in (["2"], [b""], ["0/unknown,", "1"]):
            self.begin()
            self.assert_malformed(*messages)
            self.sockets.close()
            self.assert_waits_for_nothing()
