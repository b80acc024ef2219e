"""What Engine.IO answers with 400: the official server's codes and words, which clients know."""

from msgspec import json

from chatroom.transports.admission import Denied

UNKNOWN_TRANSPORT = (0, "Transport unknown")
UNKNOWN_SESSION = (1, "Session ID unknown")
BAD_METHOD = (2, "Bad handshake method")
BAD_REQUEST = (3, "Bad request")
FORBIDDEN = (4, "Forbidden")
UNSUPPORTED_VERSION = (5, "Unsupported protocol version")


class BadRequest(Denied):
    """A request that is not of the protocol, with the code that Engine.IO has for it."""

    def __init__(self, reason: tuple[int, str]) -> None:
        super().__init__(400, reason[1])
        self.code = reason[0]


def body(denied: Denied) -> bytes:
    """Give the JSON that tells why."""
    code = denied.code if isinstance(denied, BadRequest) else FORBIDDEN[0]
    return json.encode({"code": code, "message": denied.sentence})
