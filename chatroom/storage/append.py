"""Numbers what has happened and writes it down, within the transaction of its batch."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence

from chatroom.core.events import LogEvent
from chatroom.core.work import Change, Draft, Verdict
from chatroom.storage.known import own
from chatroom.storage.rows import EventRow, event, verdict_row

Happened = Draft | Change | Verdict

_NUMBER = """
    INSERT INTO rooms (name, seq, created_at, active_at, kept, generation) VALUES (
        :room, :count, :first_at, :said_at, :said, (SELECT count(*) FROM rooms WHERE was = :room)
    )
    ON CONFLICT (name) DO UPDATE SET seq = seq + excluded.seq,
        kept = kept + excluded.kept,
        active_at = coalesce(excluded.active_at, active_at)
    RETURNING id, seq
"""
_ADD_EVENT = """
    INSERT INTO events (room, type, seq, of, id, user, nick, text, at, reply_to)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_ADD_MESSAGE = """
    INSERT INTO messages (room, seq, id, user, nick, text, at, reply_to)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_ADD_KEY = "INSERT INTO keys (room, user, id, seq) VALUES (?, ?, ?, ?)"
_ADD_USER = """
    INSERT INTO users (id, nick, first_at) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET nick = excluded.nick WHERE nick <> excluded.nick
"""


def append(connection: sqlite3.Connection, happened: Sequence[Happened]) -> list[LogEvent]:
    """Number what has happened in each room in its order and store it; gives the events.

    A room comes to be with its first event, and is its maker's; a user likewise.
    """
    rooms: dict[str, int] = {}
    numbers: dict[str, Iterator[int]] = {}
    for name, each in sorted(_by_room(happened).items()):
        said = sum(isinstance(one, Draft) for one in each)
        # fetchall(): a RETURNING that is not read to its end would hold up the COMMIT.
        fields = {
            "room": name,
            "count": len(each),
            "first_at": each[0].at,
            "said": said,
            "said_at": next((one.at for one in reversed(each) if isinstance(one, Draft)), None),
        }
        [(room, seq)] = connection.execute(_NUMBER, fields).fetchall()
        maker = each[0].maker if isinstance(each[0], Draft) else None
        if maker is not None and seq == len(each):
            own(connection, room, maker, each[0].at)
        rooms[name] = room
        numbers[name] = iter(range(seq - len(each) + 1, seq + 1))
    rows = [(rooms[one.room], _row(one, next(numbers[one.room]))) for one in happened]
    connection.executemany(_ADD_EVENT, [(room, *row) for room, row in rows])
    messages = [(room, row) for room, row in rows if row[0] == "said"]
    connection.executemany(_ADD_MESSAGE, [(room, row[1], *row[3:]) for room, row in messages])
    keys = [(room, row[4], row[3], row[1]) for room, row in messages if row[3] is not None]
    connection.executemany(_ADD_KEY, keys)
    connection.executemany(_ADD_USER, _users(happened))
    return [event(one.room, row) for one, (_, row) in zip(happened, rows, strict=True)]


def _by_room(happened: Sequence[Happened]) -> dict[str, list[Happened]]:
    by_room: defaultdict[str, list[Happened]] = defaultdict(list)
    for one in happened:
        by_room[one.room].append(one)
    return by_room


def _row(one: Happened, seq: int) -> EventRow:
    if isinstance(one, Draft):
        return "said", seq, None, one.id, one.user, one.nick, one.text, one.at, one.reply_to
    if isinstance(one, Verdict):
        return verdict_row(one, seq)
    return one.kind.value, seq, one.of, None, one.user, one.nick, one.text, one.at, None


def _users(happened: Sequence[Happened]) -> list[tuple[str, str, int]]:
    """Each user once, with the newest nick and the oldest time; the operator is none."""
    nicks = {one.user: one.nick for one in happened if one.user}
    first_at = {one.user: one.at for one in reversed(happened)}
    return [(user, nick, first_at[user]) for user, nick in sorted(nicks.items())]
