"""How events and messages are written to rows, and read back."""

from collections.abc import Callable, Sequence

from chatroom.core.events import (
    Deleted,
    Edited,
    LogEvent,
    Message,
    Reacted,
    Reaction,
    Said,
    Unreacted,
)

MESSAGE_COLUMNS = "seq, id, user, nick, text, at, reply_to, edited_at, deleted"
"""Those of `messages` that make a message. Every SELECT names them in this order."""
_COLUMNS = ("type", "seq", "of", "id", "user", "nick", "text", "at", "reply_to")

EventRow = tuple[str, int, int | None, str | None, str, str, str, int, int | None]
MessageRow = tuple[int, str | None, str, str, str, int, int | None, int | None, int]


def columns(table: str) -> str:
    """Those of `events` that make an event, likewise; `table` is its name in the query."""
    return ", ".join(f"{table}.{column}" for column in _COLUMNS)


def event(room: str, row: EventRow) -> LogEvent:
    """The event of the log that a row of `events` holds."""
    kind, seq, of, id, user, nick, text, at, reply_to = row
    if kind == "said":
        # No message is empty, but for those whose text was taken away.
        return Said(
            room=room,
            seq=seq,
            id=id,
            user=user,
            nick=nick,
            text=text,
            at=at,
            reply_to=reply_to,
            deleted=text == "",
        )
    assert of is not None
    return _MADE[kind](room, seq, of, user, nick, text, at)


_MADE: dict[str, Callable[[str, int, int, str, str, str, int], LogEvent]] = {
    "edited": lambda room, seq, of, user, nick, text, at: Edited(
        room=room, seq=seq, of=of, user=user, text=text, at=at, deleted=text == ""
    ),
    "deleted": lambda room, seq, of, user, nick, text, at: Deleted(
        room=room, seq=seq, of=of, user=user, at=at
    ),
    "reacted": lambda room, seq, of, user, nick, text, at: Reacted(
        room=room, seq=seq, of=of, user=user, nick=nick, emoji=text, at=at
    ),
    "unreacted": lambda room, seq, of, user, nick, text, at: Unreacted(
        room=room, seq=seq, of=of, user=user, nick=nick, emoji=text, at=at
    ),
}


def message(row: MessageRow, reactions: Sequence[Reaction] = ()) -> Message:
    """The message that a row of `messages` holds."""
    seq, id, user, nick, text, at, reply_to, edited_at, deleted = row
    return Message(
        seq=seq,
        id=id,
        user=user,
        nick=nick,
        text=text,
        at=at,
        reply_to=reply_to,
        edited_at=edited_at,
        deleted=bool(deleted),
        reactions=list(reactions) or None,
    )
