"""What a polling session's requests were, as its owner is told: the wire made visible."""

from collections import deque
from collections.abc import Callable

from msgspec import Struct

from chatroom.core.events import Handshake
from chatroom.transports.heads import head
from chatroom.transports.http import Request

# Of each session: its record has a few KB as browsers ask, and at most about 100 KB.
LAST_EXCHANGES = 32
MOST_HEADERS = 50
# Of a line, whether it is the first or a header.
MOST_BYTES = 512


class Exchange(Struct, frozen=True):
    """One request and its answer.

    `received` and `sent` are bytes of the bodies, `at` ms since 1970, `waited` ms until the answer.
    """

    line: str
    received: int
    status: int
    sent: int
    at: int
    waited: int


class Record:
    """The first request of a session with its head, and its last ones in short."""

    def __init__(self, wall: Callable[[], int]) -> None:
        self._wall = wall
        self.handshake: Handshake | None = None
        self.exchanges: deque[Exchange] = deque(maxlen=LAST_EXCHANGES)

    def note(self, request: Request) -> None:
        """Write down a request once it is answered."""
        # Twisted lets go of the body with the answer.
        received = len(request.content.getvalue())
        request.gone.addCallback(self._answered, request, received, self._wall())

    def _answered(self, _: None, request: Request, received: int, began: int) -> None:
        if request.is_lost:
            # It was not answered, whatever its status says.
            return
        if self.handshake is None:
            self.handshake = Handshake(head(cut(request.head)), head(cut(answered(request))))
        self.exchanges.append(
            Exchange(
                line=head(cut(request.head[:1])).line,
                received=received,
                status=request.code,
                sent=request.sentLength,
                at=began,
                waited=self._wall() - began,
            )
        )


def answered(request: Request) -> list[bytes]:
    """Give the head of an answer as it was sent."""
    headers = request.responseHeaders.getAllRawHeaders()
    lines = [name + b": " + value for name, values in headers for value in values]
    return [b"HTTP/1.1 %d %b" % (request.code, request.code_message), *lines]


def cut(lines: list[bytes]) -> list[bytes]:
    """Give what is kept of a head."""
    return [line[:MOST_BYTES] for line in lines[: 1 + MOST_HEADERS]]
