"""Whatever is sent: the answer is 200 or 400, nothing is logged as a failure, nothing is left."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.socketio_peer import SEPARATOR, Poller, SocketIOPeer
from tests.transports.lobby import LobbyCase

FIELDS = ("text", "room", "id", "ref", "since", "epoch", "nick", "token", "type", "limit", "before")
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["lobby", "a\0", "\ud800", {"_placeholder": True, "num": 0}]),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=4), inside, max_size=4)
    ),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["chat message", "say", "join", "leave", "history", "members", "nick", "typing", "hello", "x"]
)
HEADS = st.sampled_from(["42", "421", "4277", "450-", "451-", "452-9"])
PACKETS = st.one_of(
    st.builds(
        lambda head, name, values: head + json.dumps([name, *values]),
        HEADS,
        NAMES,
        st.lists(VALUES, max_size=3),
    ),
    st.builds(lambda auth: "40" + json.dumps(auth), VALUES),
    st.text(alphabet='0123456[]{}",:/b-_a', max_size=12),
    st.sampled_from(["40", "41", "3", "6", "bAQI=", "1", "40/x,", "2", "5", "2probe"]),
)


class AnythingTests(LobbyCase):
    def start(self, **options: object) -> None:
        super().start(rate=0, **options)

    def assert_nothing_left(self, poller: Poller, socket: SocketIOPeer) -> None:
        # A request that waits, and is cut, ends a session at once.
        poller.take()
        poller.cut()
        socket.cut()
        self.assertEqual(self.flushLoggedErrors(), [])
        self.assertEqual(self.server.server.engine.sessions, {})
        self.assert_du_goes_on()

    @settings(max_examples=200)
    @given(st.lists(PACKETS, min_size=1, max_size=6), st.booleans())
    def test_packets(self, packets: list[str], enter: bool) -> None:
        poller, socket = Poller(self.server), SocketIOPeer(self.server)
        if enter:
            poller.ask()
            socket.ask()
        raw = [packet.encode("utf-8", "surrogatepass") for packet in packets]
        answer = poller.post(SEPARATOR.encode().join(raw))
        self.assertIn(answer is None or answer.status, (True, 200, 400))
        for packet in raw:
            is_binary = packet[:1] == b"b"
            socket.frame(2 if is_binary else 1, packet[1:] if is_binary else packet)
        self.server.settle()
        self.assert_nothing_left(poller, socket)

    @settings(max_examples=100)
    @given(st.binary(max_size=60))
    def test_bytes(self, data: bytes) -> None:
        poller, socket = Poller(self.server), SocketIOPeer(self.server)
        poller.ask()
        self.assertIn(poller.post(data).status, (200, 400))
        socket.ask()
        socket.bring(data)
        self.server.settle()
        self.assert_nothing_left(poller, socket)
