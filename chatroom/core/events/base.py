"""The base of all events."""

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
