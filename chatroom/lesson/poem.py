"""The lesson's first program, the place to read first: a WebSocket that goes on with your poem."""

from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

NEXT_LINE = "举头望明月，低头思故乡,".encode()
MAX_TEXT_BYTES = 65536
MAX_FRAMES = 1024


class PoemProtocol(WebSocketServerProtocol):
    """One visitor: each text comes back, to its sender alone, with the poem's next line."""

    _log = Logger()

    def onOpen(self) -> None:
        self.factory.visitors.add(self)
        self._log.info("有个人进来了")
        # Who does not read what we send is not read from either, or the answers fill our memory.
        # Behind twisted.web the HTTP channel is still registered here, and would not stop anything.
        self.unregisterProducer()
        self.registerProducer(self.transport, streaming=True)

    def onMessageBegin(self, isBinary: bool) -> None:
        super().onMessageBegin(isBinary)
        self._frames = 0

    def onMessageFrameBegin(self, length: int) -> None:
        super().onMessageFrameBegin(length)
        # Autobahn limits a message's bytes but not its frames, and keeps even the empty ones.
        self._frames += 1
        if self._frames > MAX_FRAMES and not self.failedByMe:
            self._fail_connection(self.CLOSE_STATUS_CODE_POLICY_VIOLATION, "too many frames")

    # Never "async def": Autobahn would drop the coroutine, and with it the message.
    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        if self.state != self.STATE_OPEN:
            return  # sent before the visitor saw that we are closing
        if isBinary:
            # sendClose() takes only 1000 and 3000 to 4999.
            self._fail_connection(self.CLOSE_STATUS_CODE_UNSUPPORTED_DATA, "text only")
        else:
            # sendMessage() would refuse an answer longer than maxMessagePayloadSize.
            self.sendPreparedMessage(self.factory.prepareMessage(payload + NEXT_LINE))

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        # Also called for a handshake that was refused: nobody had come in.
        if self in self.factory.visitors:
            self.factory.visitors.remove(self)
            self._log.info("ta又走了！呜呜呜")


class PoemFactory(WebSocketServerFactory):
    """Everyone who is here now, and the rules for all of them."""

    protocol = PoemProtocol

    def __init__(self, reactor: IReactorTime) -> None:
        super().__init__(reactor=reactor, server="")
        self.visitors: set[PoemProtocol] = set()
        # All in one call: each call that leaves allowNullOrigin out turns it off.
        self.setProtocolOptions(
            webStatus=False,
            failByDrop=False,
            maxMessagePayloadSize=MAX_TEXT_BYTES,
            maxFramePayloadSize=MAX_TEXT_BYTES,
            openHandshakeTimeout=5,
            closeHandshakeTimeout=5,
            autoPingInterval=25,
            autoPingTimeout=20,
            allowedOrigins=["*"],
            allowNullOrigin=True,
        )
