"""What the journal is given to store, and what it gives back."""

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from chatroom.core.events import LogEvent, Person, Rules, Said
from chatroom.core.kinds import RoomKind
from chatroom.core.permissions import Role


class Kind(Enum):
    """What can become of a message: the tags of the events that tell of it."""

    EDIT = "edited"
    DELETE = "deleted"
    REACT = "reacted"
    UNREACT = "unreacted"


class Power(Enum):
    """What allows a change: one's own message, a moderator's right, or a purge that is noted."""

    OWN = 0
    MODERATOR = 1
    PURGE = 2


class Draft(NamedTuple):
    """A message that is allowed but has no number yet. `at` is in ms since 1970.

    `maker` becomes the room's owner, if this is the first of it that is stored.
    """

    room: str
    user: str
    nick: str
    text: str
    at: int
    id: str | None = None
    reply_to: int | None = None
    maker: Person | None = None


class Change(NamedTuple):
    """What is to become of the message `of`; `text` is the new one, or the emoji.

    `at` is in ms since 1970. `by` is what allows it.
    """

    kind: Kind
    room: str
    of: int
    user: str
    nick: str
    at: int
    text: str = ""
    by: Power = Power.OWN


class Ruling(Enum):
    """What moderators do."""

    APPOINT = "appoint"
    ADMIT = "admit"
    RULE = "rule"
    MUTE = "mute"
    UNMUTE = "unmute"
    KICK = "kick"
    BAN = "ban"
    UNBAN = "unban"
    DELETE = "delete"
    PURGE = "purge"
    OWN = "own"
    CREATE = "create"
    DIRECT = "direct"
    INVITE = "invite"
    REVOKE = "revoke"
    DESTROY = "destroy"


class Changes(NamedTuple):
    """What changes of a room's rules; None stays. `password` is a hash, empty for none."""

    locked: bool | None = None
    announcements: bool | None = None
    slow: int | None = None
    password: bytes | None = None
    topic: str | None = None
    title: str | None = None
    unlisted: bool | None = None
    archived: bool | None = None
    keep_days: int | None = None
    keep_messages: int | None = None


class Offer(NamedTuple):
    """An invitation, by the SHA-256 of its code; `uses` of None is any number."""

    code: bytes = b""
    uses: int | None = None
    id: int = 0


class Verdict(NamedTuple):
    """What a user orders in a room, or in the whole server; `at` and `until` in ms since 1970.

    `known` are those who become members with it. Of `changes`, `rules` is what comes of them.
    `password` is the hash of the one by which somebody is admitted, `offer` the invitation by which
    it is, or which is made or revoked. A room that is made is of this `kind`.
    """

    ruling: Ruling
    room: str
    user: str
    nick: str
    at: int
    whom: Person | None = None
    role: Role | None = None
    changes: Changes | None = None
    rules: Rules | None = None
    password: bytes | None = None
    until: int | None = None
    reason: str | None = None
    networks: Sequence[str] = ()
    devices: Sequence[str] = ()
    known: Sequence[Person] = ()
    maker: Person | None = None
    offer: Offer | None = None
    kind: RoomKind = RoomKind.PUBLIC


class Ordered(NamedTuple):
    """A verdict as it was carried out, None where all is so already; and the event that tells it.

    It then has all whom it made members, and all networks and devices that a ban is about.
    """

    done: Verdict | None
    event: LogEvent | None = None


class Claim(NamedTuple):
    """A user shows the secret of an owner link, of which `secret` is the SHA-256."""

    secret: bytes
    user: str
    nick: str
    at: int


class Mark(NamedTuple):
    """Up to where a user has read a room; or that it has `parted` from it, for good."""

    user: str
    room: str
    seq: int = 0
    parted: bool = False


class Receipt(NamedTuple):
    """The stored event; `again` when its `id` had been stored before and nothing new was."""

    event: Said
    again: bool
