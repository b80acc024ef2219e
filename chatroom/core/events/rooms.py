"""Which rooms there are, how one comes to be and who is asked into it."""

from msgspec import Struct, field

from chatroom.core.events.base import Event, Person


class Listed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A room in a list: `count` users are in it now; `at` is of its last message, in ms.

    `name` is what it is called on the wire; one that is not public has a `title`, or is `with`
    somebody. `mine`: one is a member, or reads there; what is `unread` is told of these alone.
    """

    name: str
    kind: str | None = None
    title: str | None = None
    with_: Person | None = field(default=None, name="with")
    topic: str
    count: int
    seq: int
    at: int | None
    unlisted: bool = False
    locked: bool = False
    password: bool = False
    archived: bool = False
    role: str | None = None
    mine: bool = False
    read: int | None = None
    unread: int | None = None
    mentions: int | None = None


class RoomList(Event, frozen=True, kw_only=True, tag="rooms"):
    """Rooms, the last active first; `more` tells whether there are others."""

    rooms: list[Listed]
    more: bool
    ref: str | None = None


class Created(Event, frozen=True, kw_only=True):
    """There is such a room, and one may be in it."""

    room: str
    title: str | None = None
    with_: Person | None = field(default=None, name="with")
    ref: str | None = None


class Invitation(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who has its `code` becomes a member: until then, in ms since 1970, and so often.

    Without `until` for ever, without `uses` as often as one likes. The code is told once.
    """

    id: int
    code: str | None = None
    by: Person
    at: int
    until: int | None = None
    uses: int | None = None


class Invited(Event, frozen=True, kw_only=True):
    """There is an invitation to a room, to be handed on."""

    room: str
    invitation: Invitation
    ref: str | None = None


class Invitations(Event, frozen=True, kw_only=True):
    """Those to a room that are good now, the last first."""

    room: str
    invitations: list[Invitation]
    ref: str | None = None


class News(Event, frozen=True, kw_only=True):
    """Something was said in a room that is one's own and that this connection is not in.

    Without a `text` one was made a member. No `seq`: clients take what has a room and a number for
    an event of its log.
    """

    room: str
    newest: int
    user: str | None = None
    nick: str | None = None
    text: str | None = None
