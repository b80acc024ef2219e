"""What a client asks, in the imperative (docs/protocol.md, "Commands")."""

from typing import Annotated

from msgspec import Meta, Struct

Reference = Annotated[str, Meta(max_length=64)]
CLIENT_ID = r"\A[\x20-\x7e]{1,64}\Z"
ClientId = Annotated[str, Meta(pattern=CLIENT_ID)]
# SQLite and JavaScript's neighbours both hold this; no room comes near it.
Sequence = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class Command(Struct, frozen=True, kw_only=True):
    """The base of all: `ref` comes back with the answer."""

    ref: Reference | None = None


class Hello(Command, frozen=True, kw_only=True):
    """Say who one is; only as the first command."""

    token: str | None = None
    nick: str | None = None


class Join(Command, frozen=True, kw_only=True):
    """Enter a room; with a position, be told first what has happened after it."""

    room: str
    since: Sequence | None = None
    epoch: str | None = None


class Leave(Command, frozen=True, kw_only=True):
    """Leave a room."""

    room: str


class Say(Command, frozen=True, kw_only=True):
    """Say something; `id` is the client's own and makes a repetition harmless."""

    text: str
    room: str | None = None
    id: ClientId | None = None
    reply_to: Sequence | None = None


class Edit(Command, frozen=True, kw_only=True):
    """Change the text of one's own message."""

    room: str
    seq: Sequence
    text: str


class Delete(Command, frozen=True, kw_only=True):
    """Delete one's own message."""

    room: str
    seq: Sequence


class React(Command, frozen=True, kw_only=True):
    """Put an emoji to a message."""

    room: str
    seq: Sequence
    emoji: str


class Unreact(Command, frozen=True, kw_only=True):
    """Take one's emoji back."""

    room: str
    seq: Sequence
    emoji: str


class Read(Command, frozen=True, kw_only=True):
    """Remember that one has read up to here, on whatever device."""

    room: str
    seq: Sequence


class Unread(Command, frozen=True, kw_only=True):
    """Ask how much there is that one has not read, in all rooms."""


class Typing(Command, frozen=True, kw_only=True):
    """Tell the room that one is typing."""

    room: str


class Nick(Command, frozen=True, kw_only=True):
    """Change one's name."""

    nick: str


class Members(Command, frozen=True, kw_only=True):
    """Ask for the members beyond the first page; `after` is the last user id one has."""

    room: str
    after: str | None = None


class History(Command, frozen=True, kw_only=True):
    """Ask for a page of messages."""

    room: str
    before: Sequence | None = None
    after: Sequence | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class Ping(Command, frozen=True, kw_only=True):
    """Ask for a sign of life."""
