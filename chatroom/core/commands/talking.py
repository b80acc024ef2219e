"""What anybody asks who talks: who one is, where, and what one says."""

from typing import Annotated

from msgspec import Meta

from chatroom.core.commands.base import ClientId, Command, Sequence


class Hello(Command, frozen=True, kw_only=True):
    """Say who one is; only as the first command."""

    token: str | None = None
    nick: str | None = None


class Join(Command, frozen=True, kw_only=True):
    """Enter a room; with a position, be told first what has happened after it."""

    room: str
    since: Sequence | None = None
    epoch: str | None = None
    password: str | None = None
    invitation: Annotated[str, Meta(max_length=64)] | None = None


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
    """Delete one's own message, or another's."""

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


class Ping(Command, frozen=True, kw_only=True):
    """Ask for a sign of life."""
