"""What has happened, in the past tense (docs/protocol.md, "Events").

Each struct is the wire's own shape: field names are those of the protocol, `type` is the tag.
A field that may be missing on the wire has a default and is left out at that value.
"""

from chatroom.core.events.base import (
    Event,
    LogEvent,
    Person,
)
from chatroom.core.events.connecting import (
    Done,
    Error,
    Handshake,
    Head,
    Hosting,
    Pong,
    Welcome,
    Wire,
)
from chatroom.core.events.keeping import (
    Audit,
    Deed,
    Moderation,
    RoleHolder,
    Sanction,
    Version,
    Versions,
)
from chatroom.core.events.log import (
    Appointed,
    Deleted,
    Edited,
    Logged,
    Moderated,
    Reacted,
    Ruled,
    Rules,
    Said,
    Unreacted,
)
from chatroom.core.events.presence import (
    Entered,
    IsTyping,
    Joined,
    Left,
    MembersPage,
    Presence,
    Renamed,
)
from chatroom.core.events.reading import (
    EventsPage,
    Found,
    FoundMessage,
    HasRead,
    HistoryPage,
    Message,
    Reaction,
    RoomUnread,
    UnreadRooms,
)

__all__ = [
    "Appointed",
    "Audit",
    "Deed",
    "Deleted",
    "Done",
    "Edited",
    "Entered",
    "Error",
    "Event",
    "EventsPage",
    "Found",
    "FoundMessage",
    "Handshake",
    "HasRead",
    "Head",
    "HistoryPage",
    "Hosting",
    "IsTyping",
    "Joined",
    "Left",
    "LogEvent",
    "Logged",
    "MembersPage",
    "Message",
    "Moderated",
    "Moderation",
    "Person",
    "Pong",
    "Presence",
    "Reacted",
    "Reaction",
    "Renamed",
    "RoleHolder",
    "RoomUnread",
    "Ruled",
    "Rules",
    "Said",
    "Sanction",
    "Unreacted",
    "UnreadRooms",
    "Version",
    "Versions",
    "Welcome",
    "Wire",
]
