"""What one asks about rooms as such: to list, make, enter by invitation and end them."""

from typing import Annotated

from msgspec import Meta

from chatroom.core.commands.base import Command, Seconds, Sequence, UserId


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
