"""What the core needs of the world around it, and nothing of how that is done."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

from twisted.internet.defer import Deferred

from chatroom.core.events import (
    Deed,
    FoundMessage,
    Invitation,
    LogEvent,
    Message,
    Person,
    RoleHolder,
    RoomUnread,
    Rules,
    Said,
    Sanction,
    Version,
)
from chatroom.core.kinds import RoomKind
from chatroom.core.orders import Orders, Origin
from chatroom.core.permissions import Role
from chatroom.core.work import Change, Claim, Draft, Mark, Ordered, Receipt, Verdict
from chatroom.search.query import Query


class DelayedCall(Protocol):
    """What a clock gives back for a call it will make."""

    def cancel(self) -> None: ...

    def active(self) -> bool: ...


class Clock(Protocol):
    """Monotonic time, in seconds: the reactor, or `twisted.internet.task.Clock` in tests."""

    def seconds(self) -> float: ...

    def callLater(
        self, delay: float, callable: Callable[..., object], /, *args: Any, **kwargs: Any
    ) -> DelayedCall: ...


class Random(Protocol):
    """Chance: `random.SystemRandom` in the product, a seeded `random.Random` in tests."""

    def randbytes(self, n: int) -> bytes: ...

    def random(self) -> float: ...


class Journal(Protocol):
    """Stores what happens in all rooms, in batches."""

    def write(self, draft: Draft) -> Deferred[Receipt]:
        """Fire once the message is safe on disk.

        Fails with `Refused`: `unavailable` when storage cannot take it now (whether an earlier
        try was stored is then unknown; the same `id` again decides), `no_such_message` when
        `reply_to` names none.
        """
        ...

    def change(self, change: Change) -> Deferred[LogEvent | None]:
        """Fire once the change is safe on disk, with its event; None where all is so already.

        Fails with `Refused`: `no_such_message`, also of one that is deleted; `forbidden` for
        another's; `too_many` different emoji; `unavailable`.
        """
        ...

    def order(self, verdict: Verdict) -> Deferred[Ordered]:
        """Fire once the verdict is safe on disk.

        Fails with `Refused`: `forbidden` where that would leave a private room without an owner;
        `no_such_room` where it is deleted meanwhile; `unavailable`.
        """
        ...

    def claim(self, claim: Claim) -> Deferred[bool]:
        """Let a user own the server, if nobody has used this secret and it is still good.

        Fails with `Refused('unavailable')`.
        """
        ...

    def mark(self, mark: Mark) -> Deferred[bool]:
        """Remember up to where a user has read; give whether that is further than before.

        A number that the room has not reached yet counts as its newest. Fails with `Refused`:
        `no_such_room`, `unavailable`.
        """
        ...


class LogState(NamedTuple):
    """Where a room's log stands: its newest number and its oldest that is still there.

    An empty log is (0, 1). `generation` tells rooms apart that had the same name one after another.
    """

    seq: int
    oldest: int
    generation: int = 0


class Place(NamedTuple):
    """Where a page of messages is: beside a number, or from a time on, in ms since 1970.

    One of them at most; with none it is at the end.
    """

    before: int | None = None
    after: int | None = None
    around: int | None = None
    at: int | None = None


class Page(NamedTuple):
    """Messages, oldest first; whether there are more in the direction asked; the log's `seq`.

    Around a number and from a time on, `more` is of what is newer, and `more_before` of what is
    older.
    """

    messages: list[Message]
    more: bool
    as_of: int
    more_before: bool | None = None


class Going(NamedTuple):
    """What would go: so many messages, up to which number, and when the last of them was said.

    That is in ms since 1970. None where there is no such.
    """

    messages: int
    up_to: int | None
    at: int | None


class Search(NamedTuple):
    """Who searches what, and where: in one room, or in all that it may read.

    `now` is in ms since 1970. `before` is where the last page ended.
    """

    query: Query
    user: str | None
    now: int
    room: str | None = None
    before: int | None = None
    limit: int = 20


class Hits(NamedTuple):
    """What was found, the newest first; `next` is where to go on, if there may be more."""

    messages: list[FoundMessage]
    next: int | None


class StoredRoom(NamedTuple):
    """A room as it is for somebody: `at` is when its last message was said, in ms since 1970.

    `mine`: it is one of the user's own. `other` is whom it is with.
    """

    name: str
    seq: int
    at: int | None
    kind: RoomKind
    rules: Rules
    role: Role
    mine: bool
    other: Person | None


class KeptBy(NamedTuple):
    """Who has a role in a room, and who may not write there or be in it."""

    roles: list[RoleHolder]
    sanctions: list[Sanction]


class Log(Protocol):
    """Reads what the journal has stored. Everything may fail with `Refused('unavailable')`."""

    def state(self, room: str) -> Deferred[LogState | None]:
        """Where the log of this room stands; None where nothing was ever stored."""
        ...

    def after(self, room: str, seq: int, limit: int) -> Deferred[list[LogEvent]]:
        """The events numbered `seq` + 1 and on, in order, at most `limit` and about 64 KiB."""
        ...

    def newest(self, room: str, limit: int) -> Deferred[list[LogEvent]]:
        """The last `limit` events, in order."""
        ...

    def page(self, room: str, place: Place, limit: int) -> Deferred[Page | None]:
        """A page of messages, ended early at 256 KiB; None where the room was never stored.

        Around a number, half of them at most are below it. From a time on: from a message that was
        said then or later, while the one before it was not; where the clock was set back there may
        be several such.
        """
        ...

    def own_rooms(self, user: str, q: str, now: int) -> Deferred[list[StoredRoom]]:
        """The rooms of a user's own that have `q` in their name, title or topic, at most 500."""
        ...

    def listed_rooms(self, user: str, q: str, now: int, limit: int) -> Deferred[list[StoredRoom]]:
        """At most `limit` of the other rooms, that are listed for all, the last active first."""
        ...

    def generation(self, room: str) -> Deferred[int]:
        """How many rooms of this name were deleted."""
        ...

    def invitations(self, room: str, now: int) -> Deferred[list[Invitation]]:
        """The invitations to a room that are good now, the last first."""
        ...

    def going(
        self, room: str, keep_days: int, keep_messages: int, now: int
    ) -> Deferred[Going | None]:
        """What would go at `now` by such rules; None where the room was never stored."""
        ...

    def nick(self, user: str) -> Deferred[str | None]:
        """The nick under which a user last said something, if it ever did."""
        ...

    def orders(self, room: str) -> Deferred[Orders | None]:
        """How a room is kept, or with `SERVER` the server; None where nothing was ever stored."""
        ...

    def kept_by(self, room: str) -> Deferred[KeptBy]:
        """The same for people to read: the nicks, and who ordered it."""
        ...

    def deeds(self, room: str, before: int | None, limit: int) -> Deferred[list[Deed]]:
        """What moderators did in a room, the last first, below the number `before`."""
        ...

    def versions(self, room: str, seq: int) -> Deferred[list[Version]]:
        """All texts of a message, the first first; none where there is no such, or no more."""
        ...

    def said_by(self, room: str, user: str, before: int, limit: int) -> Deferred[list[int]]:
        """The numbers below `before` of what a user said and is there, the newest first."""
        ...

    def known_as(self, user: str) -> Deferred[str | None]:
        """A nick that a user had: when it said something, or was ordered about."""
        ...

    def unread(self, user: str, nick: str, origin: Origin, now: int) -> Deferred[list[RoomUnread]]:
        """What a user has not read, in each room where it ever read and still may."""
        ...

    def search(self, asked: Search) -> Deferred[Hits]:
        """What is found in the rooms that the user may read, by all that is stored of these.

        Bans of networks and devices are not among that. A long search gives what it has so far.
        """
        ...

    def outside(self) -> Deferred[int]:
        """How often another process has changed something."""
        ...

    def repeated(self, room: str, user: str, id: str) -> Deferred[Said | None]:
        """The message that this user stored in this room under this `id`, if any."""
        ...


class Fanout(Protocol):
    """Brings stored events to every node, this one included."""

    def publish(self, room: str, events: Sequence[LogEvent]) -> None:
        """Events of one room, in order of `seq`."""
        ...

    def subscribe(self, hear: Callable[[str, Sequence[LogEvent]], None]) -> None:
        """Let `hear` have what is published, here or elsewhere."""
        ...
