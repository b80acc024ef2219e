"""What one asks to read, and to have read."""

from typing import Annotated

from msgspec import Meta

from chatroom.core.commands.base import Command, Sequence


class Read(Command, frozen=True, kw_only=True):
    """Remember that one has read up to here, on whatever device."""

    room: str
    seq: Sequence


class Unread(Command, frozen=True, kw_only=True):
    """Ask how much there is that one has not read, in all rooms."""


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
