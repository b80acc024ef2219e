"""Who is in a room, and what they are about."""

from msgspec import field

from chatroom.core.events.base import Event, Person
from chatroom.core.events.log import Rules


class Joined(Event, frozen=True, kw_only=True):
    """One is in the room; live events begin at `seq` + 1.

    `role` is one's own, unless that is of a guest; `rules` are there unless all are as usual;
    `muted` is until when one is, in ms since 1970, and `muted_for` why.
    """

    room: str
    epoch: str
    seq: int
    oldest: int
    kind: str | None = None
    with_: Person | None = field(default=None, name="with")
    members: list[Person]
    count: int
    role: str | None = None
    rules: Rules | None = None
    muted: int | None = None
    muted_for: str | None = None
    recovered: bool | None = None
    ref: str | None = None


class Entered(Event, frozen=True, kw_only=True):
    """A user's first connection came into the room."""

    room: str
    user: str
    nick: str
    count: int


class Left(Event, frozen=True, kw_only=True):
    """A user's last connection went out of the room."""

    room: str
    user: str
    nick: str
    count: int


class Presence(Event, frozen=True, kw_only=True):
    """Who came and went in the last second; only `count` when those were too many to name."""

    room: str
    count: int
    entered: list[Person] | None = None
    left: list[Person] | None = None


class IsTyping(Event, frozen=True, kw_only=True, tag="typing"):
    """A user is typing."""

    room: str
    user: str
    nick: str


class Renamed(Event, frozen=True, kw_only=True):
    """A user has another nick now."""

    user: str
    nick: str
    was: str


class MembersPage(Event, frozen=True, kw_only=True, tag="members"):
    """A page of a room's members; `more` tells whether there are others behind the last."""

    room: str
    members: list[Person]
    count: int
    more: bool
    ref: str | None = None
