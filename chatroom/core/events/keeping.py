"""How a room is kept, for those who keep it."""

from msgspec import Struct

from chatroom.core.events.base import Event, Person
from chatroom.core.events.log import Rules


class RoleHolder(Struct, frozen=True):
    """A user that is more than a guest in a room."""

    user: str
    nick: str
    role: str


class Sanction(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who may not write (`mute`) or be in the room (`ban`), by whom, and why."""

    act: str
    user: str
    nick: str
    by: Person
    at: int
    until: int | None = None
    reason: str | None = None
    network: bool = False


class Moderation(Event, frozen=True, kw_only=True):
    """How a room is kept, for those who keep it; `role` is one's own."""

    room: str | None = None
    role: str
    rules: Rules
    roles: list[RoleHolder]
    sanctions: list[Sanction]
    ref: str | None = None


class Deed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a moderator did; `n` orders all of them, `of` is the message that it was about."""

    n: int
    act: str
    user: str
    nick: str
    at: int
    whom: Person | None = None
    of: int | None = None
    reason: str | None = None
    until: int | None = None
    network: bool = False
    role: str | None = None
    rules: Rules | None = None


class Audit(Event, frozen=True, kw_only=True):
    """What moderators did, the last first; `more` tells whether there is older."""

    room: str | None = None
    deeds: list[Deed]
    more: bool
    ref: str | None = None


class Version(Struct, frozen=True):
    """What a message said from `at` on."""

    text: str
    at: int


class Versions(Event, frozen=True, kw_only=True):
    """All texts of a message, the first first; none of one that is deleted."""

    room: str
    seq: int
    texts: list[Version]
    ref: str | None = None


class WouldGo(Event, frozen=True, kw_only=True, tag="retention"):
    """What a room would let go of now, if its messages were kept so; all of it is up to `up_to`.

    `at` is when the last of these messages was said.
    """

    room: str
    keep_days: int
    keep_messages: int
    messages: int
    up_to: int | None
    at: int | None
    ref: str | None = None
