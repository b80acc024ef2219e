"""How an event is read back from a row. Every SELECT names the columns in this order."""

from chatroom.core.events import Message, Said

Row = tuple[int, str | None, str, str, str, int, int | None]
"""seq, id, user, nick, text, at, reply_to"""


def said(room: str, row: Row, again: bool = False) -> Said:
    """The event of the log that a row of `events` holds."""
    seq, id, user, nick, text, at, reply_to = row
    return Said(
        room=room,
        seq=seq,
        id=id,
        user=user,
        nick=nick,
        text=text,
        at=at,
        reply_to=reply_to,
        again=again,
    )


def message(row: Row) -> Message:
    """The message that a row of `messages` holds."""
    seq, id, user, nick, text, at, reply_to = row
    return Message(seq=seq, id=id, user=user, nick=nick, text=text, at=at, reply_to=reply_to)
