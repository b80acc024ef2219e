"""`/echo`: the product's own site, resource, protocol and options, with each message sent back."""

from autobahn.twisted.websocket import WebSocketServerFactory
from autobahn.websocket.compress import PerMessageDeflateOffer, PerMessageDeflateOfferAccept

from chatroom.site import build_site, page_folder
from chatroom.transports.admission import Capacity, Door, Origins
from chatroom.transports.channel import Channel, secure
from chatroom.transports.http import Request, Site
from chatroom.transports.settled import settled
from chatroom.transports.upgrade import Upgrade
from chatroom.transports.visitor import Visitor
from tests.conformance.engine import Echo as EngineEcho
from tests.conformance.engine import Handlers, build_engine


class Echo(Channel):
    """Sends back what it is sent, binary too, and compressed if asked; the chat is not."""

    _offers: bytes = b""

    def open(self, request: Request) -> None:
        offers = request.requestHeaders.getRawHeaders(b"sec-websocket-extensions", [])
        self._offers = b",".join(offers)
        super().open(request)

    def accept(self, key: bytes) -> None:
        if not self._offers:
            super().accept(key)
            return
        self.websocket_extensions = self._parseExtensionsHeader(self._offers.decode())
        self._wskey = key.decode()
        self.succeedHandshake(None)

    def onOpen(self) -> None:
        # Who does not read is not read from; the HTTP channel, still the producer, would not stop.
        self.unregisterProducer()
        self.registerProducer(self.transport, True)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        if self.is_live:
            self.sendMessage(payload, isBinary)


class EchoFactory(WebSocketServerFactory):
    """Makes them with the options of the product, and deflate besides."""

    protocol = Echo

    def __init__(self, max_frame: int, max_frames: int, reactor: object) -> None:
        super().__init__(server="", reactor=reactor)
        secure(self, max_frame)
        self._max_frames = max_frames
        self.setProtocolOptions(perMessageCompressionAccept=accept_deflate, allowNullOrigin=True)
        self.protocol = settled(Echo, self)

    def admit(self, visitor: Visitor) -> Echo:
        """Make the connection of a visitor that `admission` let in."""
        echo: Echo = self.buildProtocol(None)
        echo.most_frames = self._max_frames
        return echo


def accept_deflate(offers: list[object]) -> PerMessageDeflateOfferAccept | None:
    """Accept deflate as it was offered.

    With Autobahn's own windows, some 100 KB a connection: the cases of section 13 ask for each
    window by turns, and of their connections there are few at a time. What comes out is bounded by
    the limit on a message. The chat itself declines deflate.
    """
    for offer in offers:
        if isinstance(offer, PerMessageDeflateOffer):
            return PerMessageDeflateOfferAccept(offer)
    return None


def build_echo_site(max_frame: int, max_frames: int, reactor: object) -> Site:
    """Make the product's site with `/echo`, `/engine.io/` and `/socket.io/` on it."""
    admit = EchoFactory(max_frame, max_frames, reactor).admit
    echo = Upgrade(admit, Door(Capacity(0, 0), Origins((), False), False))
    site = build_site(
        web=page_folder(),
        own_page=True,
        new_token=lambda token: None,
        poem=echo,
        exact={b"ws": echo},
        below={b"socket.io": build_engine(Handlers, reactor)},
        bodies={b"/": max_frame},
        trust_proxy=False,
        reactor=reactor,
    )
    site.resource.putChild(b"echo", echo)
    site.resource.putChild(b"engine.io", build_engine(EngineEcho, reactor))
    return site
