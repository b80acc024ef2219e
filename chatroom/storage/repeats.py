"""What was stored before under the id that a client gave it: an id is used once, and for ever."""

import sqlite3
from collections.abc import Collection
from itertools import chain
from typing import cast

from msgspec.structs import replace

from chatroom.core.events import Said
from chatroom.storage.rows import EventRow, columns, event

Key = tuple[str, str, str]
"""room, user, id"""

_ANSWERED = f"""
    WITH asked (room, user, id) AS (VALUES {{asked}})
    SELECT asked.room, asked.user, asked.id,
        keys.seq, (SELECT nick FROM users WHERE users.id = asked.user), {columns("e")}
    FROM asked
    JOIN rooms ON rooms.name = asked.room
    JOIN keys ON keys.room = rooms.id AND keys.user = asked.user AND keys.id = asked.id
    LEFT JOIN events AS e ON e.room = keys.room AND e.seq = keys.seq AND e.seq >= rooms.oldest
"""


def answered(connection: sqlite3.Connection, keys: Collection[Key]) -> dict[Key, Said]:
    """Give for each key that was used what was stored then, marked `again`.

    What is kept no longer is told as deleted, by the nick of now and at the time 0.
    """
    if not keys:
        return {}
    marks = ", ".join("(?, ?, ?)" for _ in keys)
    rows = connection.execute(_ANSWERED.format(asked=marks), list(chain.from_iterable(keys)))
    found = {}
    for room, user, id, seq, nick, *row in rows:
        if row[0] is None:
            said = Said(
                room=room, seq=seq, id=id, user=user, nick=nick or "", text="", at=0, deleted=True
            )
        else:
            said = cast(Said, event(room, cast(EventRow, tuple(row))))
        found[room, user, id] = replace(said, again=True)
    return found
