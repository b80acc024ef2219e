"""How events and messages are written to rows, and read back."""

from collections.abc import Callable, Sequence

from msgspec import Struct, json

from chatroom.core.events import (
    Appointed,
    Deleted,
    Destroyed,
    Edited,
    LogEvent,
    Message,
    Moderated,
    Person,
    Reacted,
    Reaction,
    Ruled,
    Rules,
    Said,
    Unreacted,
)
from chatroom.core.work import Ruling, Verdict

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
    if kind == "destroyed":
        return Destroyed(room=room, seq=seq, user=user, nick=nick, at=at)
    if of is None:
        told = json.decode(text, type=_TOLD[kind])
        return told.event(room, seq, user, nick, at)
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


# What an event that tells of a verdict has in its `text`.


class _Moderation(Struct, frozen=True, omit_defaults=True):
    act: str
    whom: Person
    until: int | None = None
    reason: str | None = None

    def event(self, room: str, seq: int, user: str, nick: str, at: int) -> LogEvent:
        return Moderated(
            room=room,
            seq=seq,
            act=self.act,
            whom=self.whom,
            user=user,
            nick=nick,
            at=at,
            until=self.until,
            reason=self.reason,
        )


class _Appointment(Struct, frozen=True):
    role: str
    whom: Person

    def event(self, room: str, seq: int, user: str, nick: str, at: int) -> LogEvent:
        return Appointed(
            room=room, seq=seq, role=self.role, whom=self.whom, user=user, nick=nick, at=at
        )


class _NewRules(Struct, frozen=True):
    rules: Rules

    def event(self, room: str, seq: int, user: str, nick: str, at: int) -> LogEvent:
        return Ruled(room=room, seq=seq, rules=self.rules, user=user, nick=nick, at=at)


_Told = _Moderation | _Appointment | _NewRules
_TOLD: dict[str, type[_Told]] = {
    "moderated": _Moderation,
    "appointed": _Appointment,
    "ruled": _NewRules,
}


def verdict_row(verdict: Verdict, seq: int) -> EventRow:
    """The row of `events` that tells a room of a verdict."""
    told: _Told
    if verdict.ruling is Ruling.DESTROY:
        return "destroyed", seq, None, None, verdict.user, verdict.nick, "", verdict.at, None
    if verdict.rules is not None:
        kind, told = "ruled", _NewRules(verdict.rules)
    else:
        assert verdict.whom is not None
        if verdict.role is not None:
            kind, told = "appointed", _Appointment(verdict.role.word, verdict.whom)
        else:
            kind, act = "moderated", verdict.ruling.value
            told = _Moderation(act, verdict.whom, verdict.until, verdict.reason)
    text = json.encode(told).decode()
    return kind, seq, None, None, verdict.user, verdict.nick, text, verdict.at, None


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
