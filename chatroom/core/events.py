"""What has happened, in the past tense (docs/protocol.md, "Events").

Each struct is the wire's own shape: field names are those of the protocol, `type` is the tag.
A field that may be missing on the wire has a default and is left out at that value.
"""

from msgspec import Struct


class Event(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    tag_field="type",
    tag=lambda name: name.lower(),
):
    """The base of all that is sent to clients."""


class Person(Struct, frozen=True):
    """A user as others see it."""

    user: str
    nick: str


class LogEvent(Event, frozen=True, kw_only=True):
    """An event of a room's log: stored, numbered 1, 2, 3 … without holes, the same for everyone."""

    room: str
    seq: int


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
    """How a room is kept; `slow` is the seconds between two messages of one user, 0 is none."""

    locked: bool = False
    announcements: bool = False
    slow: int = 0
    password: bool = False


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


# What a log is made of.
Logged = Said | Edited | Deleted | Reacted | Unreacted | Moderated | Appointed | Ruled


class Reaction(Struct, frozen=True):
    """An emoji at a message: of how many, and the ids and nicks of the first 20."""

    emoji: str
    users: list[str]
    nicks: list[str]
    count: int


class Message(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message as history shows it."""

    seq: int
    id: str | None = None
    user: str
    nick: str
    text: str
    at: int
    reply_to: int | None = None
    edited_at: int | None = None
    deleted: bool = False
    reactions: list[Reaction] | None = None


class FoundMessage(Message, frozen=True, kw_only=True):
    """A message that was searched for; `match` are the ranges of its text, in characters."""

    room: str
    match: list[tuple[int, int]]


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


class Joined(Event, frozen=True, kw_only=True):
    """One is in the room; live events begin at `seq` + 1.

    `role` is one's own, unless that is of a guest; `rules` are there unless all are as usual;
    `muted` is until when one is, in ms since 1970, and `muted_for` why.
    """

    room: str
    epoch: str
    seq: int
    oldest: int
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


class HistoryPage(Event, frozen=True, kw_only=True, tag="history"):
    """A page of messages, oldest first; `as_of` is the log position that it reflects."""

    room: str
    messages: list[Message]
    oldest: int | None
    newest: int | None
    more: bool
    as_of: int
    ref: str | None = None


class Found(Event, frozen=True, kw_only=True):
    """What was searched for, the newest first; `next` leads to what is older, if there may be."""

    messages: list[FoundMessage]
    next: str | None
    ref: str | None = None


class EventsPage(Event, frozen=True, kw_only=True, tag="events"):
    """A page of the log after a position; `seq` and `oldest` are where the log stands.

    What is not `recovered` begins again with the newest page of history.
    """

    room: str
    epoch: str
    seq: int
    oldest: int
    recovered: bool | None = None
    events: list[Logged]
    more: bool


class MembersPage(Event, frozen=True, kw_only=True, tag="members"):
    """A page of a room's members; `more` tells whether there are others behind the last."""

    room: str
    members: list[Person]
    count: int
    more: bool
    ref: str | None = None


class HasRead(Event, frozen=True, kw_only=True, tag="read"):
    """One has read up to here, on another device.

    No `seq`: clients take what has a room and a number for an event of its log.
    """

    room: str
    up_to: int


class RoomUnread(Struct, frozen=True):
    """Up to where one has read a room, and what came since: at most 1,000 are counted.

    `mentions` are those with an @ and the nick that one has now.
    """

    room: str
    read: int
    unread: int
    mentions: int


class UnreadRooms(Event, frozen=True, kw_only=True, tag="unread"):
    """How much there is that one has not read, in the rooms where one ever read."""

    rooms: list[RoomUnread]
    ref: str | None = None


class Hosting(Event, frozen=True, kw_only=True):
    """One owns the server."""

    ref: str | None = None


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
