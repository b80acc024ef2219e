"""An application that returns each message, behind the product's own site and protocol."""

from typing import Any

from autobahn.twisted.websocket import WebSocketServerFactory
from autobahn.websocket.compress import PerMessageDeflateOffer, PerMessageDeflateOfferAccept
from twisted.web.resource import Resource

from chatroom.site import Site
from chatroom.transports import channel
from chatroom.transports.admission import Capacity, Upgrade
from chatroom.transports.visitor import Visitor

MAX_FRAME = 64 * 1024


class EchoProtocol(channel.Channel):
    """Sends each message back, text or binary."""

    def onConnect(self, request: object) -> None:
        """Let everybody in."""

    def onOpen(self) -> None:
        # Who does not read is not read from, as in the product.
        self.unregisterProducer()
        self.registerProducer(self.transport, True)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        if self.is_live:
            self.sendMessage(payload, isBinary)


def echo_site(reactor: Any, max_frame: int = MAX_FRAME) -> Site:
    """Make a site with the echo at `/echo`; `max_frame` is in bytes."""
    factory = WebSocketServerFactory(server="", reactor=reactor)
    channel.secure(factory, max_frame)
    # The product leaves compression off; the suite's sections 12 and 13 are about it.
    factory.setProtocolOptions(perMessageCompressionAccept=accept_deflate, allowNullOrigin=True)

    def admit(visitor: Visitor) -> EchoProtocol:
        protocol = EchoProtocol()
        protocol.factory = factory
        return protocol

    root = Resource()
    root.putChild(b"echo", Upgrade(admit, Capacity(0, 0), None, trust_proxy=False))
    return Site(root, trust_proxy=False, reactor=reactor)


def accept_deflate(offers: list[object]) -> PerMessageDeflateOfferAccept | None:
    """Accept the first offer of permessage-deflate."""
    for offer in offers:
        if isinstance(offer, PerMessageDeflateOffer):
            return PerMessageDeflateOfferAccept(offer)
    return None
