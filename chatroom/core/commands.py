"""What a client asks, in the imperative (docs/protocol.md, "Commands")."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Reference = Annotated[str, Meta(max_length=64)]
CLIENT_ID = r"\A[\x20-\x7e]{1,64}\Z"
ClientId = Annotated[str, Meta(pattern=CLIENT_ID)]
# SQLite and JavaScript's neighbours both hold this; no room comes near it, nor any time in ms.
Sequence = Annotated[int, Meta(ge=0, le=2**53 - 1)]
UserId = Annotated[str, Meta(pattern=CLIENT_ID)]
LONGEST_SLOW = 3600
# Ten years; what is to last for ever has none.
LONGEST = 10 * 366 * 24 * 3600
MOST_DAYS = 36_500
MOST_MESSAGES = 10_000_000
Days = Annotated[int, Meta(ge=0, le=MOST_DAYS)]
Count = Annotated[int, Meta(ge=0, le=MOST_MESSAGES)]
Seconds = Annotated[int, Meta(ge=1, le=LONGEST)]


class Command(Struct, frozen=True, kw_only=True):
    """The base of all: `ref` comes back with the answer."""

    ref: Reference | None = None


class Hello(Command, frozen=True, kw_only=True):
    """Say who one is; only as the first command."""

    token: str | None = None
    nick: str | None = None


class Join(Command, frozen=True, kw_only=True):
    """Enter a room; with a position, be told first what has happened after it."""

    room: str
    since: Sequence | None = None
    epoch: str | None = None
    password: str | None = None
    invitation: Annotated[str, Meta(max_length=64)] | None = None


class Leave(Command, frozen=True, kw_only=True):
    """Leave a room."""

    room: str


class Say(Command, frozen=True, kw_only=True):
    """Say something; `id` is the client's own and makes a repetition harmless."""

    text: str
    room: str | None = None
    id: ClientId | None = None
    reply_to: Sequence | None = None


class Edit(Command, frozen=True, kw_only=True):
    """Change the text of one's own message."""

    room: str
    seq: Sequence
    text: str


class Delete(Command, frozen=True, kw_only=True):
    """Delete one's own message, or another's."""

    room: str
    seq: Sequence


class React(Command, frozen=True, kw_only=True):
    """Put an emoji to a message."""

    room: str
    seq: Sequence
    emoji: str


class Unreact(Command, frozen=True, kw_only=True):
    """Take one's emoji back."""

    room: str
    seq: Sequence
    emoji: str


class Read(Command, frozen=True, kw_only=True):
    """Remember that one has read up to here, on whatever device."""

    room: str
    seq: Sequence


class Unread(Command, frozen=True, kw_only=True):
    """Ask how much there is that one has not read, in all rooms."""


class Typing(Command, frozen=True, kw_only=True):
    """Tell the room that one is typing."""

    room: str


class Nick(Command, frozen=True, kw_only=True):
    """Change one's name."""

    nick: str


class Members(Command, frozen=True, kw_only=True):
    """Ask for the members beyond the first page; `after` is the last user id one has."""

    room: str
    after: str | None = None


class History(Command, frozen=True, kw_only=True):
    """Ask for a page of messages; `at` is in ms since 1970."""

    room: str
    before: Sequence | None = None
    after: Sequence | None = None
    around: Sequence | None = None
    at: Sequence | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class Search(Command, frozen=True, kw_only=True):
    """Search in one room or in all; `cursor` is the `next` of the page before."""

    q: str
    room: str | None = None
    cursor: Annotated[str, Meta(max_length=64)] | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 20


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


class Rooms(Command, frozen=True, kw_only=True):
    """Ask which rooms there are: all of one's own, and others; `q` stands in name or topic."""

    q: Annotated[str, Meta(max_length=64)] = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 200


class Create(Command, frozen=True, kw_only=True):
    """Make a public room by its name, or a private one by its title."""

    room: str | None = None
    title: str | None = None
    topic: str = ""
    unlisted: bool = False


class Direct(Command, frozen=True, kw_only=True):
    """Be given the room that is one's own and another user's."""

    user: UserId


class Invite(Command, frozen=True, kw_only=True):
    """Be given a code that makes members: for so many seconds, and so many of them."""

    room: str
    seconds: Seconds | None = None
    uses: Annotated[int, Meta(ge=1, le=10_000)] | None = None


class Invitations(Command, frozen=True, kw_only=True):
    """Ask which invitations to a room are good now."""

    room: str


class Revoke(Command, frozen=True, kw_only=True):
    """Let an invitation be good no more."""

    room: str
    id: Sequence


class Part(Command, frozen=True, kw_only=True):
    """Leave a room for good, on all of one's devices."""

    room: str


class Destroy(Command, frozen=True, kw_only=True):
    """Delete a room with all that was said there."""

    room: str


class Own(Command, frozen=True, kw_only=True):
    """Own the server, by the secret of a link that the server's start has shown."""

    secret: Annotated[str, Meta(max_length=100)]


class Ping(Command, frozen=True, kw_only=True):
    """Ask for a sign of life."""
