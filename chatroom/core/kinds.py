"""Which kinds of rooms there are."""

from enum import IntEnum


class RoomKind(IntEnum):
    """A public room is known by its name; the others by an address that nobody guesses.

    A `PRIVATE` room is there for its members alone, a `DIRECT` one for the two that it is between.
    On the wire a kind is its name in lower case, and that of a public room is left out.
    """

    PUBLIC = 0
    PRIVATE = 1
    DIRECT = 2

    @property
    def word(self) -> str | None:
        """What it is called on the wire."""
        return self.name.lower() if self else None
