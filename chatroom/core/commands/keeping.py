"""What moderators ask, and owners."""

from typing import Annotated, Literal

from msgspec import Meta

from chatroom.core.commands.base import (
    LONGEST_SLOW,
    Command,
    Count,
    Days,
    Seconds,
    Sequence,
    UserId,
)


class Rule(Command, frozen=True, kw_only=True):
    """Change how a room is kept; what is left out stays. An empty `password` takes it away."""

    room: str
    locked: bool | None = None
    announcements: bool | None = None
    slow: Annotated[int, Meta(ge=0, le=LONGEST_SLOW)] | None = None
    password: str | None = None
    topic: str | None = None
    title: str | None = None
    unlisted: bool | None = None
    archived: bool | None = None
    keep_days: Days | None = None
    keep_messages: Count | None = None


class Retention(Command, frozen=True, kw_only=True):
    """Ask what a room would let go of now, by its rules or by others; nothing is changed."""

    room: str
    keep_days: Days | None = None
    keep_messages: Count | None = None


class Appoint(Command, frozen=True, kw_only=True):
    """Give somebody a role in a room."""

    room: str
    user: UserId
    role: Literal["owner", "moderator", "member", "guest"]


class Mute(Command, frozen=True, kw_only=True):
    """Let somebody not write for so many seconds."""

    room: str
    user: UserId
    seconds: Seconds
    reason: str | None = None


class Unmute(Command, frozen=True, kw_only=True):
    """Let somebody write again."""

    room: str
    user: UserId


class Kick(Command, frozen=True, kw_only=True):
    """Remove somebody from a room, who may come back unless that is closed."""

    room: str
    user: UserId
    reason: str | None = None


class Ban(Command, frozen=True, kw_only=True):
    """Keep somebody out of a room, or without one out of all; without `seconds` for ever.

    With `network`, guests from where that user is now are kept out too.
    """

    room: str | None = None
    user: UserId
    seconds: Seconds | None = None
    network: bool = False
    reason: str | None = None


class Unban(Command, frozen=True, kw_only=True):
    """Let somebody in again."""

    room: str | None = None
    user: UserId


class Purge(Command, frozen=True, kw_only=True):
    """Delete all that somebody said in a room."""

    room: str
    user: UserId


class Moderation(Command, frozen=True, kw_only=True):
    """Ask who has a role, who is muted or banned; without a room, in the whole server."""

    room: str | None = None


class Audit(Command, frozen=True, kw_only=True):
    """Ask what moderators did; without a room, what was done to the whole server."""

    room: str | None = None
    before: Sequence | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class Versions(Command, frozen=True, kw_only=True):
    """Ask for all texts that a message had."""

    room: str
    seq: Sequence


class Own(Command, frozen=True, kw_only=True):
    """Own the server, by the secret of a link that the server's start has shown."""

    secret: Annotated[str, Meta(max_length=100)]
