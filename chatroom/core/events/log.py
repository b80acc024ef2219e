"""Events of a room's log: stored, numbered, the same for everyone."""

from msgspec import Struct

from chatroom.core.events.base import LogEvent, Person


class Said(LogEvent, frozen=True, kw_only=True):
    """A message. `at` is in ms since 1970; `again` marks the answer to a repeated `id`.

    One that has been deleted since is told without its text.
    """

    id: str | None = None
    user: str
    nick: str
    text: str
    at: int
    reply_to: int | None = None
    deleted: bool = False
    again: bool = False


class Edited(LogEvent, frozen=True, kw_only=True):
    """The message `of` has another text; none when that has been deleted since."""

    of: int
    text: str
    user: str
    at: int
    deleted: bool = False


class Deleted(LogEvent, frozen=True, kw_only=True):
    """The message `of` is gone, deleted by `user`."""

    of: int
    user: str
    at: int


class Reacted(LogEvent, frozen=True, kw_only=True):
    """A user has put an emoji to the message `of`."""

    of: int
    emoji: str
    user: str
    nick: str
    at: int


class Unreacted(Reacted, frozen=True, kw_only=True):
    """A user has taken an emoji back."""


class Rules(Struct, frozen=True, omit_defaults=True):
    """How a room is kept; `slow` is the seconds between two messages of one user, 0 is none.

    A `title` is only a private room's, which has no name. In an `archived` room nobody writes.
    What is older than `keep_days`, or not among the newest `keep_messages`, goes; 0 is for ever.
    """

    locked: bool = False
    announcements: bool = False
    slow: int = 0
    password: bool = False
    topic: str = ""
    title: str = ""
    unlisted: bool = False
    archived: bool = False
    keep_days: int = 0
    keep_messages: int = 0


class Moderated(LogEvent, frozen=True, kw_only=True):
    """A user was muted, removed or banned, or is no more; `until` in ms since 1970."""

    act: str
    whom: Person
    user: str
    nick: str
    at: int
    until: int | None = None
    reason: str | None = None


class Appointed(LogEvent, frozen=True, kw_only=True):
    """A user has another role in the room."""

    role: str
    whom: Person
    user: str
    nick: str
    at: int


class Ruled(LogEvent, frozen=True, kw_only=True):
    """The room is kept by other rules."""

    rules: Rules
    user: str
    nick: str
    at: int


class Destroyed(LogEvent, frozen=True, kw_only=True):
    """The room is deleted with all that was said there; this is the last of its log."""

    user: str
    nick: str
    at: int


# What a log is made of.
Logged = Said | Edited | Deleted | Reacted | Unreacted | Moderated | Appointed | Ruled | Destroyed
