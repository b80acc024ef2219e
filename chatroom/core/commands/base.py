"""What all commands have in common."""

from typing import Annotated

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
