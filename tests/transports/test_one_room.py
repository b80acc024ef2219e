"""One room, whatever one comes by: everybody sees the same, in the same order."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.memory import MemoryServer, Peer
from tests.socketio_peer import Poller, SocketIOPeer, answered, event

EACH = 500


def messages(heard: list[Any]) -> list[tuple[int, str]]:
    """Give number and text of each message, however it was told."""
    found = []
    for each in heard:
        if isinstance(each, dict) and each["type"] == "said":
            found.append((each["seq"], each["text"]))
        elif isinstance(each, list) and each[0] == "chat message":
            found.append((each[2]["seq"], each[1]))
    return found


class OneRoomTests(SynchronousTestCase):
    """`/ws`, polling, a WebSocket of Socket.IO, and one that goes over in the middle."""

    def setUp(self) -> None:
        self.server = MemoryServer(self, rate=0)
        self.peer = self.server.enter("lobby", "杜甫")
        self.poller, self.moving = Poller(self.server), Poller(self.server)
        self.socket = SocketIOPeer(self.server)
        for client in (self.poller, self.moving, self.socket):
            client.enter()
        for client in (self.poller, self.moving, self.socket):
            client.heard()
        self.peer.events()

    def bring(self, client: Poller | SocketIOPeer | Peer, text: str) -> None:
        """Say something; the server acts when it next gets its turn."""
        if isinstance(client, Poller):
            client.up.receive(client.request(b"POST", event("chat message", text).encode()))
        elif isinstance(client, SocketIOPeer):
            client.frame(1, event("chat message", text).encode())
        else:
            client.post(type="say", text=text)

    def test_two_thousand_messages_of_all_at_once(self) -> None:
        clients = {"a": self.peer, "b": self.poller, "c": self.socket, "d": self.moving}
        heard: dict[str, list[Any]] = {name: [] for name in clients}
        for number in range(EACH):
            for name, client in clients.items():
                self.bring(client, f"{name}{number}")
            self.server.settle()
            if number % 7 == 0:
                for name in "bd":
                    if isinstance(clients[name], Poller):
                        heard[name] += clients[name].heard()
            if number == EACH // 2:
                [*answers] = answered(self.moving.up)
                self.assertEqual({answer.body for answer in answers}, {b"ok"})
                clients["d"] = over = SocketIOPeer(self.server, sid=self.moving.sid)
                over.give("2probe", "5")
                heard["d"] += self.moving.heard()
        for name, client in clients.items():
            heard[name] += client.events() if client is self.peer else client.heard()
        seen = {name: messages(each) for name, each in heard.items()}
        self.assertEqual([seq for seq, _ in seen["a"]], list(range(1, 4 * EACH + 1)))
        self.assertEqual(
            {text for _, text in seen["a"]},
            {f"{name}{number}" for name in clients for number in range(EACH)},
        )
        for name in "bcd":
            self.assertEqual(seen[name], seen["a"], name)
