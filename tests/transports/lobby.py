"""The lobby, with 杜甫 in it: what tests of the Socket.IO transports begin with."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from tests.core.test_chat import types
from tests.memory import MemoryServer, Peer
from tests.socketio_peer import Poller, SocketIOPeer

CARRIERS = (Poller, SocketIOPeer)


class LobbyCase(SynchronousTestCase):
    """A server with 杜甫 on `/ws` in the lobby, who sees what the others do."""

    def setUp(self) -> None:
        self.start()

    def start(self, **options: object) -> None:
        self.server = MemoryServer(self, **options)
        self.du = self.server.enter("lobby", "杜甫")

    def wait(self, seconds: int) -> None:
        """Let time pass for all but 杜甫, who goes on to answer pings."""
        for _ in range(seconds):
            self.server.clock.advance(1)
            for opcode, payload in self.du.frames():
                if opcode == 9:
                    self.du.frame(10, payload)
        self.server.settle()

    def opened(self) -> list[Any]:
        """A client without a socket, of each carrier."""
        return [kind(self.server) for kind in CARRIERS]

    def entered(self, **auth: object) -> list[Any]:
        """A client in a room, of each carrier."""
        entered = self.opened()
        for client in entered:
            client.enter(**auth)
        for client in entered:
            client.heard()
        self.du.events()
        return entered

    def texts(self, peer: Peer) -> list[str]:
        """What was said to one on `/ws`."""
        return [event["text"] for event in peer.events() if event["type"] == "said"]

    def assert_du_goes_on(self) -> None:
        """Nothing of it is anything to 杜甫."""
        self.du.events()
        self.du.send(type="ping")
        self.assertEqual(types(self.du.events()), ["pong"])


class UpgradeCase(LobbyCase):
    """A poller in the lobby, and the WebSocket that it would go over to."""

    def start(self, **options: object) -> None:
        super().start(**options)
        self.poller = Poller(self.server)
        self.poller.enter(nick="李白")
        self.du.events()

    def candidate(self, *packets: str) -> SocketIOPeer:
        """A WebSocket that names the poller's session, and what it says."""
        socket = SocketIOPeer(self.server, sid=self.poller.sid)
        socket.give(*packets)
        return socket


def names(heard: list[list[Any]]) -> list[Any]:
    """Give the names of events, the ids of acknowledgements."""
    return [each[0] for each in heard]


# More commands than may wait; each reads the disk. Then nearly as many bytes as may pile up.
ASKING = ['42["history",{"room":"lobby"}]'] * 70
LARGE = ['42["ping",{"a":"' + "a" * 60_000 + '"}]'] * 12


def pile_up(poller: Poller) -> None:
    """Bring commands that are not carried out while the reads are held, and their bytes."""
    poller.server.hold_reads = True
    for packets in (ASKING, LARGE):
        if poller.give(*packets) is None:
            raise AssertionError("held too soon")
