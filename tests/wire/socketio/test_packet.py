"""Socket.IO's packets, as the protocol, its own parser's tests and python-socketio have them."""

import contextlib
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st
from socketio import packet as oracle
from twisted.trial.unittest import SynchronousTestCase

from chatroom.wire.engineio.packet import Malformed
from chatroom.wire.socketio.packet import (
    ACK,
    BINARY_ACK,
    BINARY_EVENT,
    CONNECT,
    CONNECT_ERROR,
    DISCONNECT,
    EVENT,
    RESERVED,
    Packet,
    decode,
    encode,
    fill,
)

PLACE = {"_placeholder": True, "num": 0}
HELD = '{"_placeholder":true,"num":0}'
# What a client may send, and what we may: what we make of it is what it was made of.
BOTH_WAYS = {
    "0": Packet(CONNECT),
    '0{"token":"123"}': Packet(CONNECT, "/", {"token": "123"}),
    '0/woot,{"token":"123"}': Packet(CONNECT, "/woot", {"token": "123"}),
    "0/woot,": Packet(CONNECT, "/woot"),
    "1": Packet(DISCONNECT),
    "1/woot,": Packet(DISCONNECT, "/woot"),
    '2["a",1,{}]': Packet(EVENT, "/", ["a", 1, {}]),
    '2["月",[null,true,1.5,"\\n"]]': Packet(EVENT, "/", ["月", [None, True, 1.5, "\n"]]),
    '2["a"]': Packet(EVENT, "/", ["a"]),
    '2[""]': Packet(EVENT, "/", [""]),
    '20["a"]': Packet(EVENT, "/", ["a"], 0),
    '2999999999999999["a"]': Packet(EVENT, "/", ["a"], 999_999_999_999_999),
    '2/test,1["a",1,{}]': Packet(EVENT, "/test", ["a", 1, {}], 1),
    '3123["a",1,{}]': Packet(ACK, "/", ["a", 1, {}], 123),
    "3/test,0[]": Packet(ACK, "/test", [], 0),
    # An ordinary event, whatever Node's emitters make of it (CVE-2024-38355).
    '2["error","x"]': Packet(EVENT, "/", ["error", "x"]),
    '2["__proto__",{"constructor":1}]': Packet(EVENT, "/", ["__proto__", {"constructor": 1}]),
    # A placeholder is one only where there are attachments.
    f'2["a",{HELD}]': Packet(EVENT, "/", ["a", PLACE]),
}
# What a client may send, though we write it otherwise.
ONE_WAY = {
    "0/": Packet(CONNECT),
    "0/,": Packet(CONNECT),
    "0{}": Packet(CONNECT, "/", {}),
    "0/woot": Packet(CONNECT, "/woot"),
    "0/a?token=1,": Packet(CONNECT, "/a?token=1"),
    "1/woot": Packet(DISCONNECT, "/woot"),
    '2/,["a"]': Packet(EVENT, "/", ["a"]),
    '2007["a"]': Packet(EVENT, "/", ["a"], 7),
    '2 [ "a" ]\n': Packet(EVENT, "/", ["a"]),
    '2["a",{"b":1,"b":2}]': Packet(EVENT, "/", ["a", {"b": 2}]),
    f"0/{'n' * 128},": Packet(CONNECT, "/" + "n" * 128),
    f'51-["a",{HELD}]': Packet(BINARY_EVENT, "/", ["a", PLACE], None, 1),
    f'51-/test,7["a",{HELD}]': Packet(BINARY_EVENT, "/test", ["a", PLACE], 7, 1),
    f"61-7[{HELD}]": Packet(BINARY_ACK, "/", [PLACE], 7, 1),
    '50-["a"]': Packet(BINARY_EVENT, "/", ["a"]),
    '510-["a"]': Packet(BINARY_EVENT, "/", ["a"], None, 10),
}
# Sound JSON to JavaScript, in which something is not allowed here.
FAULTY = (
    '2["a","\\ud800"]',
    '2["a","\\udc00\\ud800"]',
    '2["a",{"\\ud800":1}]',
    '2["\\ud800"]',
    '2["a",1e999]',
    '2["a",-1e999]',
    '2["a","\\u0000"]',
    '2["a",{"\\u0000":1}]',
    '2["\\u0000"]',
    '2["a",' + "[" * 9 + "]" * 9 + "]",
    '2["a",' + '{"a":' * 8 + "[]" + "}" * 8 + "]",
    '2/test,7["a","\\ud800"]',
    '37["\\ud800"]',
    f'51-["a",{HELD},"\\u0000"]',
    f'51-["a",{HELD},1e999]',
    '0{"nick":"\\ud800"}',
    '0{"nick":"\\u0000"}',
)
# What python-socketio reads all the same.
LAX = (
    # Of the official parser's own tests.
    '0/admin,"invalid"',
    "0[]",
    "1/admin,{}",
    "2/admin,{}",
    '2[{"toString":"foo"}]',
    '2[true,"foo"]',
    '2[null,"bar"]',
    '2["connect"]',
    '2["disconnect","123"]',
    "5",
    "51",
    "999",
    # Attachments: more than there may be (CVE-2026-33151), or where there are none.
    '511-["a"]',
    '599-["a"]',
    '5999999-["a"]',
    '5001-["a"]',
    '5["a"]',
    '61["a"]',
    '21-["a"]',
    "01-{}",
    "51-[]",
    "51-",
    # What a kind has no use for, or cannot do without.
    "2",
    "2[]",
    "2{}",
    '2"a"',
    "2null",
    "21",
    "2[1]",
    '2[["a"]]',
    "3[]",
    '3["a"]',
    "37",
    "37{}",
    "61-[]",
    "0null",
    "0true",
    '0"a"',
    "01",
    "07{}",
    "11",
    "1[]",
    "1/admin,7",
    '2/admin["a"]',
    # Digits are ASCII's.
    '２["a"]',
    '2１["a"]',
    # CONNECT_ERROR is the server's.
    "4",
    '4{"message":"x"}',
    "7",
    "8",
    "9",
    # The official parser takes a number for a name; no client of ours has an event of that kind.
    '2[1,"a",{}]',
    # Ids that no double holds, for JavaScript's clients could not match the answer.
    '21000000000000000["a"]',
    "31000000000000000[]",
    # Not even JSON.
    '2["a",NaN]',
    '2["a",Infinity]',
    '2["a",-Infinity]',
    f"0/{'n' * 129},",
)
# What python-socketio does not read either.
MALFORMED = (
    "",
    "a",
    " ",
    "\0",
    "-1",
    '442["some","data"',
    '2/admin,"invalid',
    "5a-",
    "5-",
    "51.23-",
    "5-1-",
    '51--["a"]',
    '2-1["a"]',
    "2[",
    '2["a"',
    '2["a",]',
    "2['a']",
    '2["a"]]',
    '2["a"]\0',
    '2["a"]2["a"]',
    '2abc["a"]',
    '2admin,["a"]',
    '2,["a"]',
    '21.5["a"]',
    '2+1["a"]',
    '21e3["a"]',
    '2["a",01]',
    '2["\n"]',
    '2["\\x41"]',
    '2["a",undefined]',
    '\ufeff2["a"]',
    '2\ufeff["a"]',
    "2" + "1" * 101 + '["a"]',
    "2" + "[" * 1_000_000,
    '2["a",' + '{"a":' * 200_000,
    "[" * 1_000_000,
)


class TableTests(SynchronousTestCase):
    def test_what_goes_both_ways(self) -> None:
        for text, packet in BOTH_WAYS.items():
            self.assertEqual(decode(text), packet)
            self.assertEqual(encode(packet), [text])

    def test_what_comes_in(self) -> None:
        for text, packet in ONE_WAY.items():
            self.assertEqual(decode(text), packet)

    def test_what_goes_out(self) -> None:
        for packet, *messages in (
            (Packet(CONNECT_ERROR, "/", {"message": "m"}), '4{"message":"m"}'),
            (Packet(CONNECT_ERROR, "/a", {"message": "m"}), '4/a,{"message":"m"}'),
            (Packet(EVENT, "/", ["a", b"\1"]), f'51-["a",{HELD}]', b"\1"),
            (Packet(ACK, "/a", [b"", {"b": [b"\2"]}], 7),
             f'62-/a,7[{HELD},{{"b":[{HELD.replace("0", "1")}]}}]', b"", b"\2"),
        ):  # fmt: skip
            self.assertEqual(encode(packet), messages)

    def test_what_is_malformed_to_all(self) -> None:
        for text in MALFORMED:
            self.assertRaises(Malformed, decode, text)
            self.assertRaises((ValueError, RecursionError), self.read_by_oracle, text)

    def test_what_is_malformed_to_us_alone(self) -> None:
        for text in LAX:
            self.assertRaises(Malformed, decode, text)
            self.read_by_oracle(text)

    def read_by_oracle(self, text: str) -> None:
        oracle.Packet().decode(text)

    def test_reserved_names_are_those_of_the_official_client(self) -> None:
        for name in (
            "connect",
            "connect_error",
            "disconnect",
            "disconnecting",
            "newListener",
            "removeListener",
        ):
            self.assertIn(name, RESERVED)
            self.assertRaises(Malformed, decode, f'2["{name}"]')
            self.assertRaises(Malformed, decode, f'51-["{name}",{HELD}]')
            self.assertEqual(decode(f'2["a","{name}"]').data, ["a", name])
            self.assertEqual(decode(f'37["{name}"]').data, [name])


class FaultTests(SynchronousTestCase):
    def test_what_breaks_our_own_rules_is_read_and_said(self) -> None:
        for text in FAULTY:
            packet = decode(text)
            self.assertRegex(packet.fault or "", r"\A[A-Z].+\.\Z", text)
            self.assertIn(type(packet.data), (list, dict))

    def test_its_data_is_there(self) -> None:
        packet = decode('2/test,7["a",{"ref":"r","b":"\\ud800"}]')
        self.assertEqual(packet.data, ["a", {"ref": "r", "b": "\ud800"}])
        self.assertEqual((packet.namespace, packet.id), ("/test", 7))
        self.assertEqual(decode('2["a","b\\u0000"]').data, ["a", "b\0"])

    def test_the_rules_of_the_kinds_hold_all_the_same(self) -> None:
        for text in (
            '2{"a":"\\ud800"}',
            "2[1e999]",
            '2["connect","\\ud800"]',
            '2["connect","\\u0000"]',
            '3["\\ud800"]',
            '0["\\ud800"]',
            '1{"a":"\\u0000"}',
            '4{"message":"\\ud800"}',
            '2["\\ud800",NaN]',
            '2["\\ud800"',
        ):
            self.assertRaises(Malformed, decode, text)

    def test_an_argument_is_at_most_eight_levels_deep(self) -> None:
        for begin, end in (("[", "]"), ('{"a":', "}")):
            eight, nine = ('2["a",' + begin * n + "1" + end * n + "]" for n in (8, 9))
            self.assertIsNone(decode(eight).fault)
            self.assertIn("levels deep", decode(nine).fault or "")


class FillTests(SynchronousTestCase):
    def test_bytes_come_to_their_places(self) -> None:
        def place(num: int) -> dict[str, Any]:
            return {"_placeholder": True, "num": num}

        for data, filled in (
            (["a", place(0), place(1)], ["a", b"0", b"1"]),
            (["a", place(1), place(0)], ["a", b"1", b"0"]),
            (
                ["a", {"b": [place(1)], "c": {"d": place(0)}}],
                ["a", {"b": [b"1"], "c": {"d": b"0"}}],
            ),
            ([{**place(0), "more": 1}, place(1)], [b"0", b"1"]),
        ):
            self.assertEqual(fill(data, [b"0", b"1"]), filled)
        many = [str(number).encode() for number in range(10)]
        self.assertEqual(fill([place(number) for number in range(10)], many), many)

    def test_a_number_that_is_none_of_an_attachment_is_malformed(self) -> None:
        # CVE-2022-2421
        for num in (
            "splice",
            "length",
            "0",
            -1,
            1,
            2**64,
            0.0,
            1.0,
            False,
            True,
            None,
            [],
            [0],
            {},
        ):
            data = ["hello", {"_placeholder": True, "num": num}]
            self.assertRaises(Malformed, fill, data, [b"0"])
        self.assertRaises(Malformed, fill, ["hello", {"_placeholder": True}], [b"0"])

    def test_each_has_one_place(self) -> None:
        for data in (["a", PLACE, PLACE], ["a", PLACE], ["a"]):
            self.assertRaises(Malformed, fill, data, [b"0", b"1"])
        self.assertRaises(Malformed, fill, ["a", PLACE, PLACE], [b"0"])

    def test_what_only_looks_like_a_place_is_none(self) -> None:
        for held in (1, "true", False, None, [True]):
            data = ["a", {"_placeholder": held, "num": 0}]
            self.assertRaises(Malformed, fill, data, [b"0"])
            self.assertEqual(fill([*data, PLACE], [b"0"]), [*data, b"0"])


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)


def values(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Data with these leaves, less than eight levels deep."""
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
        max_leaves=8,
    )


NAMESPACES = st.just("/") | st.text("abc/-_?=月", max_size=20).map("/{}".format)
IDS = st.integers(0, 10**15 - 1)
NAMES = TEXTS.filter(lambda name: name not in RESERVED)
ARGUMENTS = st.lists(values(LEAVES | st.binary(max_size=9)), max_size=3)


@st.composite
def packets(draw: st.DrawFn) -> Packet:
    """Any packet that we and a client can both send."""
    kind = draw(st.sampled_from([CONNECT, DISCONNECT, EVENT, ACK]))
    namespace = draw(NAMESPACES)
    if kind == CONNECT:
        auth = st.none() | st.dictionaries(TEXTS, values(LEAVES), max_size=3)
        return Packet(kind, namespace, draw(auth))
    if kind == DISCONNECT:
        return Packet(kind, namespace)
    if kind == EVENT:
        data = [draw(NAMES), *draw(ARGUMENTS)]
        return Packet(kind, namespace, data, draw(st.none() | IDS))
    return Packet(kind, namespace, draw(ARGUMENTS), draw(IDS))


def received(messages: list[Any]) -> Packet:
    """What we make of a packet's messages, put together."""
    text, *attachments = messages
    packet = decode(text)
    data = fill(packet.data, attachments) if attachments else packet.data
    kind = {BINARY_EVENT: EVENT, BINARY_ACK: ACK}.get(packet.kind, packet.kind)
    return packet._replace(kind=kind, data=data, attachments=len(attachments))


def received_by_oracle(messages: list[Any]) -> Packet:
    """What python-socketio makes of them."""
    text, *attachments = messages
    packet = oracle.Packet(encoded_packet=text)
    for attachment in attachments:
        packet.add_attachment(attachment)
    kind = {BINARY_EVENT: EVENT, BINARY_ACK: ACK}.get(packet.packet_type, packet.packet_type)
    return Packet(kind, packet.namespace or "/", packet.data, packet.id, packet.attachment_count)


def sent_by_oracle(packet: Packet) -> list[Any]:
    """The messages in which python-socketio sends a packet."""
    sent = oracle.Packet(packet.kind, packet.data, packet.namespace, packet.id).encode()
    return sent if isinstance(sent, list) else [sent]


class OracleTests(SynchronousTestCase):
    @given(packets())
    def test_what_we_send_python_socketio_reads(self, packet: Packet) -> None:
        messages = encode(packet)
        read = received_by_oracle(messages)
        # It takes what looks like a query from the namespace.
        namespace = packet.namespace.partition("?")[0]
        self.assertEqual(read, packet._replace(namespace=namespace, attachments=len(messages) - 1))

    @given(packets())
    def test_what_python_socketio_sends_we_read(self, packet: Packet) -> None:
        messages = sent_by_oracle(packet)
        assume(len(messages) <= 11)
        self.assertEqual(received(messages), packet._replace(attachments=len(messages) - 1))

    @given(st.lists(st.binary(max_size=9), min_size=2, max_size=10), IDS)
    def test_several_attachments_keep_their_order_both_ways(
        self, data: list[bytes], id: int
    ) -> None:
        for packet in (
            Packet(EVENT, "/a", ["b", {"c": data[0]}, data[1:]], id),
            Packet(ACK, "/", [data], id),
        ):
            for messages in (encode(packet), sent_by_oracle(packet)):
                self.assertEqual(len(messages), 1 + len(data))
                for read in (received(messages), received_by_oracle(messages)):
                    self.assertEqual(read, packet._replace(attachments=len(data)))


class AnyTextTests(SynchronousTestCase):
    """Whatever comes is a packet or malformed."""

    ALPHABET = '0123456-/,"[]{}:a\\un. ' + "月\0"

    @given(st.text() | st.text(st.sampled_from(ALPHABET)))
    def test_any_text(self, text: str) -> None:
        with contextlib.suppress(Malformed):
            decode(text)

    @given(
        st.tuples(
            st.sampled_from("0123456"),
            st.sampled_from(["", "0-", "1-", "2-"]),
            st.sampled_from(["", "/,", "/a,", "/a"]),
            st.sampled_from(["", "0", "12"]),
            st.sampled_from(['["a",', "[", '{"a":', ""]),
            st.text(st.sampled_from(ALPHABET), max_size=9),
            st.sampled_from(["]", "}", ""]),
        )
    )
    def test_anything_like_a_packet(self, parts: tuple[str, ...]) -> None:
        with contextlib.suppress(Malformed):
            packet = decode("".join(parts))
            self.assertEqual(str(packet.kind), parts[0])
            self.assertEqual(packet.attachments, int(parts[1].removesuffix("-") or 0))

    @given(
        values(
            LEAVES
            | st.fixed_dictionaries(
                {"_placeholder": st.booleans() | st.just(1), "num": st.integers(-1, 3) | TEXTS}
            )
        ),
        st.lists(st.binary(max_size=3), max_size=3),
    )
    def test_any_placeholders(self, data: Any, attachments: list[bytes]) -> None:
        with contextlib.suppress(Malformed):
            filled = fill([data], attachments)
            self.assertEqual(sorted(bytes_in(filled)), sorted(attachments))


def bytes_in(data: Any) -> list[bytes]:
    """All bytes in data."""
    if isinstance(data, dict):
        data = list(data.values())
    if isinstance(data, list):
        return [found for item in data for found in bytes_in(item)]
    return [data] if isinstance(data, bytes) else []
