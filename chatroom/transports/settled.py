"""Autobahn's protocols without what they do and keep anew for each connection alike."""

from collections import deque
from functools import cached_property
from typing import Any, TypeVar

from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from autobahn.websocket.protocol import WebSocketProtocol
from autobahn.websocket.utf8validator import Utf8Validator
from twisted.internet.defer import Deferred

T = TypeVar("T", bound=WebSocketServerProtocol)


class _Unheard:
    """A future that nobody waits for; kept, it would make the connection refer to itself."""

    def __get__(self, instance: object, owner: type) -> Deferred[Any]:
        return Deferred()


class Settled(WebSocketServerProtocol):
    """Has made only when somebody asks what the usual connection never needs."""

    is_open, is_closed = _Unheard(), _Unheard()

    def __init__(self) -> None:
        """Leave out Autobahn's own, which makes what is below and in `settled`."""

    def _connectionMade(self) -> None:
        self.factory.countConnections += 1

    @cached_property
    def send_queue(self) -> deque[Any]:  # type: ignore[override]
        return deque()

    @cached_property
    def utf8validator(self) -> Any:  # type: ignore[override]
        return Utf8Validator()


def settled(kind: type[T], factory: WebSocketServerFactory) -> type[T]:
    """Give a kind of protocol that has, by its class, the settings of a factory and how it begins.

    Autobahn copies 29 settings to each connection and formats them for a line that is not logged,
    then sets some 40 fields; each connection is 2 KiB larger and opens in twice the time. What
    stands in these is read off one connection that it begins itself.
    """
    first = kind()
    own = {*vars(first), *vars(Settled), "factory"}
    first.factory = factory
    WebSocketProtocol.__init__(first)
    WebSocketProtocol._connectionMade(first)
    if first.openHandshakeTimeoutCall is not None:
        # The handshake is over when one of ours begins.
        first.openHandshakeTimeoutCall.cancel()
        first.openHandshakeTimeoutCall = None
    shared = {
        name: staticmethod(value) if callable(value) else value
        for name, value in vars(first).items()
        if name not in own
    }
    return type(kind.__name__, (kind,), {**shared, "__module__": kind.__module__})
