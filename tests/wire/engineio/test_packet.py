"""Engine.IO's packets, as a frame and within a payload."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from chatroom.wire.engineio.packet import (
    MESSAGE,
    MOST_PACKETS,
    SEPARATOR,
    Malformed,
    Packet,
    decode,
    decode_payload,
    encode,
)

# Each kind as it stands in a frame and in a payload.
PACKETS = {
    b"0": Packet("0"),
    b'0{"sid":"a"}': Packet("0", '{"sid":"a"}'),
    b"1": Packet("1"),
    b"2": Packet("2"),
    b"2probe": Packet("2", "probe"),
    b"3": Packet("3"),
    b"3probe": Packet("3", "probe"),
    b"4": Packet("4", ""),
    b"4hello": Packet("4", "hello"),
    "4月".encode(): Packet("4", "月"),
    b"44": Packet("4", "4"),
    b"4b": Packet("4", "b"),
    b"5": Packet("5"),
    b"6": Packet("6"),
}
# Each message of bytes as it stands in a payload.
BYTES = {b"b": b"", b"bAQIDBA==": b"\x01\x02\x03\x04", b"b/+8=": b"\xff\xef", b"bHh4e": b"\x1e" * 3}
UNKNOWN = ("", "7", "8", "9", "a123", "{", "{}", '["a123"]', "b", "bAQID", " 4", "\0", "４")


class PacketTests(SynchronousTestCase):
    def test_each_kind_in_a_frame(self) -> None:
        for encoded, packet in PACKETS.items():
            self.assertEqual(decode(encoded.decode()), packet)

    def test_each_kind_in_a_payload(self) -> None:
        for encoded, packet in PACKETS.items():
            self.assertEqual(encode(packet), encoded)
            self.assertEqual(decode_payload(encoded), [packet])

    def test_bytes_are_a_message_as_they_are_in_a_frame(self) -> None:
        for data in (b"", b"4", b"b", b"\x00\xff"):
            self.assertEqual(decode(data), Packet(MESSAGE, data))

    def test_bytes_are_base64_in_a_payload(self) -> None:
        for encoded, data in BYTES.items():
            self.assertEqual(encode(Packet(MESSAGE, data)), encoded)
            self.assertEqual(decode_payload(encoded), [Packet(MESSAGE, data)])

    def test_unknown_kinds_are_refused(self) -> None:
        for text in UNKNOWN:
            self.assertRaises(Malformed, decode, text)
        for text in {*UNKNOWN} - {"b", "bAQID"}:
            self.assertRaises(Malformed, decode_payload, text.encode())


class PayloadTests(SynchronousTestCase):
    def test_packets_keep_their_order(self) -> None:
        payload = SEPARATOR.join([*PACKETS, *BYTES])
        self.assertEqual(
            decode_payload(payload),
            [*PACKETS.values(), *(Packet(MESSAGE, data) for data in BYTES.values())],
        )

    def test_an_empty_part_is_refused(self) -> None:
        for payload in (b"", b"\x1e", b"4a\x1e", b"\x1e4a", b"4a\x1e\x1e4b"):
            self.assertRaises(Malformed, decode_payload, payload)

    def test_one_bad_part_spoils_all(self) -> None:
        for bad in (b"7", b"4\xff", b"b*"):
            self.assertRaises(Malformed, decode_payload, b"4a\x1e" + bad + b"\x1e4b")

    def test_bad_base64_is_refused(self) -> None:
        for bad in (
            b"A",
            b"AB",
            b"ABC",
            b"AB=",
            b"ABC==",
            b"=",
            b"AB==CD",
            b"A*BC",
            b"AA A",
            b"-_-_",
        ):
            self.assertRaises(Malformed, decode_payload, b"b" + bad)
        self.assertRaises(Malformed, decode_payload, b"bAAAA\n")
        self.assertRaises(Malformed, decode_payload, "b月".encode())

    def test_bad_utf_8_is_refused(self) -> None:
        for bad in (b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xe6"):
            self.assertRaises(Malformed, decode_payload, b"4" + bad)
            self.assertRaises(Malformed, decode_payload, bad)

    def test_a_thousand_packets_are_taken_and_one_more_is_not(self) -> None:
        self.assertEqual(MOST_PACKETS, 1000)
        thousand = SEPARATOR.join([b"4a"] * 1000)
        self.assertEqual(decode_payload(thousand), [Packet(MESSAGE, "a")] * 1000)
        self.assertRaises(Malformed, decode_payload, thousand + SEPARATOR + b"4a")

    def test_a_megabyte_is_one_message_or_refused(self) -> None:
        brackets = "[" * 1_000_000
        self.assertRaises(Malformed, decode_payload, brackets.encode())
        self.assertRaises(Malformed, decode_payload, SEPARATOR * 1_000_000)
        self.assertEqual(decode_payload(b"4" + brackets.encode()), [Packet(MESSAGE, brackets)])


class AnyBytesTests(SynchronousTestCase):
    @given(st.lists(st.text().filter(lambda text: "\x1e" not in text) | st.binary(), min_size=1))
    def test_any_messages_come_through(self, messages: list[str | bytes]) -> None:
        packets = [Packet(MESSAGE, data) for data in messages]
        self.assertEqual(decode_payload(SEPARATOR.join(map(encode, packets))), packets)
        for packet in packets:
            in_a_frame = packet.data if isinstance(packet.data, bytes) else "4" + packet.data
            self.assertEqual(decode(in_a_frame), packet)

    @given(st.binary() | st.text(st.sampled_from("0123456b=\x1eA月")).map(str.encode))
    def test_any_payload_is_packets_or_malformed(self, payload: bytes) -> None:
        try:
            packets = decode_payload(payload)
        except Malformed:
            return
        self.assertEqual(len(packets), payload.count(SEPARATOR) + 1)
