"""What has been said, page by page, and up to where one has read it."""

from msgspec import Struct

from chatroom.core.events.base import Event
from chatroom.core.events.log import Logged


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


class HistoryPage(Event, frozen=True, kw_only=True, tag="history"):
    """A page of messages, oldest first; `as_of` is the log position that it reflects.

    `more_before` is there where both directions are told; `more` is then that of what is newer.
    """

    room: str
    messages: list[Message]
    oldest: int | None
    newest: int | None
    more: bool
    more_before: bool | None = None
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
