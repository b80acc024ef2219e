"""What a connection is told of itself."""

from msgspec import Struct

from chatroom.core.events.base import Event


class Head(Struct, frozen=True):
    """The first line and the headers of a request or an answer, secrets shown as `…`."""

    line: str
    headers: list[tuple[str, str]]


class Handshake(Struct, frozen=True):
    """What the server received and what it sent before the first frame."""

    request: Head
    response: Head


class Welcome(Event, frozen=True, kw_only=True):
    """The first event of every connection, and the answer to `hello`; `host` owns the server."""

    protocol: int
    client: str
    user: str
    nick: str
    token: str
    limits: dict[str, int]
    host: bool = False
    handshake: Handshake | None = None
    ref: str | None = None


class Hosting(Event, frozen=True, kw_only=True):
    """One owns the server."""

    ref: str | None = None


class Done(Event, frozen=True, kw_only=True):
    """The command with this `ref` is carried out."""

    ref: str
    seq: int | None = None


class Pong(Event, frozen=True, kw_only=True):
    """The server is alive; `at` is its time in ms since 1970."""

    at: int
    ref: str | None = None


class Wire(Event, frozen=True, kw_only=True):
    """A frame that a connection has sent (`up`) or was sent (`down`); `at` is in ms since 1970."""

    way: str
    opcode: int
    masked: bool
    length: int
    at: int


class Error(Event, frozen=True, kw_only=True):
    """A command was not carried out; goes to its sender alone.

    `why` goes with `forbidden`: `banned`, `muted` (both with `until`, unless it is for ever, and
    the moderator's `reason`), `network`, `locked`, `password`, `announcements` or `role`.
    """

    code: str
    message: str
    retry_after: float | None = None
    why: str | None = None
    until: int | None = None
    reason: str | None = None
    ref: str | None = None
    id: str | None = None
