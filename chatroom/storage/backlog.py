"""What the search index is behind with, done a little at a time between two batches.

It would cost a batch of Chinese texts three times what storing does, and now and then the merging
of the index's segments (benchmarks/search.py shows it). So a message is stored without, and a room
remembers up to where its messages are indexed: after a kill and in a database from before it goes
on from there.
"""

import sqlite3
from contextlib import closing
from operator import itemgetter

from chatroom.storage import index
from chatroom.storage.transaction import transaction

SIZE = 16_000
"""So many bytes of texts are indexed at once, which takes about 10 ms; or a longer one alone."""
EACH = 30
"""A message counts for so many more."""
ROOMS = 100
"""So many rooms are looked at."""
PAGES = 100
"""So many pages of the index are swept at once."""

# Those that have most to do come last, so that an old database does not keep others waiting.
_ROOMS = """
    SELECT id, searched, oldest, seq FROM rooms
    WHERE searched < seq ORDER BY seq - searched, id LIMIT ?
"""
_MESSAGES = """
    SELECT at, room, seq, n, nick, text, deleted OR seq < ? FROM messages
    WHERE room = ? AND seq > ? ORDER BY seq
"""
_AT = 0
_SEQ = 2
_TEXT = 5
_Row = tuple[int, int, int, int | None, str, str, int]

_PLACE = "UPDATE messages SET n = ? WHERE room = ? AND seq = ?"
_GO_ON = "UPDATE rooms SET searched = ? WHERE id = ?"
_MERGE = "INSERT INTO search (search, rank) VALUES ('merge', ?)"
_UNSWEPT = "SELECT value FROM meta WHERE key = 'unswept'"
_SWEEPING = "UPDATE meta SET value = 2 WHERE key = 'unswept'"
_SWEPT = "DELETE FROM meta WHERE key = 'unswept' AND value = 2"


def index_some(connection: sqlite3.Connection) -> bool:
    """Index the next messages that are not indexed yet; give whether there was anything to do."""
    rooms = connection.execute(_ROOMS, (ROOMS,)).fetchall()
    if not rooms:
        return False
    with transaction(connection):
        found: list[_Row] = []
        left = SIZE
        for room, searched, oldest, seq in rooms:
            with closing(connection.execute(_MESSAGES, (oldest, room, searched))) as rows:
                for row in rows:
                    left -= EACH + len(row[_TEXT].encode())
                    if left < 0 and found:
                        break
                    found.append(row)
                    searched = row[_SEQ]
                else:
                    # What is left of the log after the last message are no messages.
                    searched = seq
            connection.execute(_GO_ON, (searched, room))
            if left < 0:
                break
        _index(connection, found)
    return True


def _index(connection: sqlite3.Connection, rows: list[_Row]) -> None:
    places = index.Places(connection)
    moved: list[tuple[int | None, int, int]] = []
    entries = []
    for at, room, seq, n, nick, text, is_gone in sorted(rows, key=itemgetter(_AT)):
        if is_gone:
            # What was let go of before it was indexed never is; without a place nobody looks there.
            place = None
        else:
            # One of a database from before has none yet.
            place = places.take(at) if n is None else n
            entries.append(index.Entry(place, room, nick, text))
        if place != n:
            moved.append((place, room, seq))
    connection.executemany(_PLACE, moved)
    index.add(connection, entries)


def sweep_some(connection: sqlite3.Connection) -> bool:
    """Take what was deleted out of the index's pages, where it cannot do so itself.

    Without FTS5's secure-delete a deletion is only noted in the index, and the terms stay in its
    pages until these are merged. So all are merged, PAGES at a time. Give whether there is more.
    """
    state = connection.execute(_UNSWEPT).fetchone()
    if state is None:
        return False
    with transaction(connection):
        if state[0] != 2:
            # Negative: begin to merge all there is into one (sqlite.org/fts5.html, 6.8).
            connection.execute(_MERGE, (-PAGES,))
            connection.execute(_SWEEPING)
            return True
        before = connection.total_changes
        connection.execute(_MERGE, (PAGES,))
        # As FTS5 counts, one row changed is none merged.
        if connection.total_changes - before >= 2:
            return True
        connection.execute(_SWEPT)
    return False
