"""A wire between browser and server that can be unplugged, go dead without a sound, or carry no WebSocket."""

from __future__ import annotations

from typing import Any

from twisted.internet import reactor
from twisted.internet.threads import blockingCallFromThread
from twisted.protocols.portforward import ProxyClient, ProxyClientFactory, ProxyFactory, ProxyServer


class ServersEnd(ProxyClient):
    def dataReceived(self, data: bytes) -> None:
        if not self.peer.muted:
            super().dataReceived(data)


class ServersEndFactory(ProxyClientFactory):
    protocol = ServersEnd
    noisy = False


class BrowsersEnd(ProxyServer):
    clientProtocolFactory = ServersEndFactory
    muted = False
    # How often the browser has sent something since it asked for a WebSocket.
    words = 0

    def connectionMade(self) -> None:
        self.factory.ends.add(self)
        super().connectionMade()

    def connectionLost(self, reason: Any) -> None:
        self.factory.ends.discard(self)
        super().connectionLost(reason)

    def dataReceived(self, data: bytes) -> None:
        if b"upgrade: websocket" in data.lower() or self.words:
            self.words += 1
        # As a proxy does that knows nothing of them, or, worse, waits for more, or wants to read along.
        if self.words and self.factory.websockets in ("refuse", "swallow"):
            if self.factory.websockets == "refuse":
                self.transport.abortConnection()
        elif self.words == 3 and self.factory.websockets == "cut":
            self.transport.abortConnection()
        else:
            super().dataReceived(data)


class Cable(ProxyFactory):
    """To be held by the thread of the browser, but for `cut`."""

    protocol = BrowsersEnd
    noisy = False

    def __init__(self, host: str, port: int) -> None:
        super().__init__(host, port)
        self.ends: set[BrowsersEnd] = set()
        self.plugged = True
        # "pass", "refuse" or "swallow" them, or "cut" them after the greeting.
        self.websockets = "pass"

    def buildProtocol(self, address: Any) -> BrowsersEnd | None:
        return super().buildProtocol(address) if self.plugged else None

    def cut(self) -> None:
        for end in list(self.ends):
            end.transport.abortConnection()

    def block(self) -> None:
        """Cuts every connection, and refuses WebSockets until `websockets` says otherwise."""
        self.websockets = "refuse"
        blockingCallFromThread(reactor, self.cut)

    def unplug(self) -> None:
        """Cuts every connection, and takes no new one until `plug`."""
        self.plugged = False
        blockingCallFromThread(reactor, self.cut)

    def plug(self) -> None:
        self.plugged = True

    def mute(self) -> None:
        """The connections that are open stay open, but the browser hears nothing more from them."""
        for end in list(self.ends):
            end.muted = True
