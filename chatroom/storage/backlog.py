"""What the search index is behind with, done a little at a time between two batches.

It would cost a batch five times what storing does, and now and then the merging of the index's
segments (benchmarks/search.py shows it). So a message is stored without, and a room remembers up to
where its messages are indexed: after a kill and in a database from before it goes on from there.
"""

import sqlite3
from operator import itemgetter

from chatroom.storage import index
from chatroom.storage.transaction import transaction

MESSAGES = 100
"""So many are indexed at once, which takes about 10 ms."""
PAGES = 100
"""So many pages of the index are swept at once."""

# Those that have most to do come last, so that an old database does not keep others waiting.
_ROOMS = """
    SELECT id, max(searched, oldest - 1), seq FROM rooms
    WHERE searched < seq ORDER BY seq - searched, id LIMIT ?
"""
_MESSAGES = """
    SELECT at, room, seq, n, nick, text, deleted FROM messages
    WHERE room = ? AND seq > ? ORDER BY seq LIMIT ?
"""
_AT = 0
_SEQ = 2
_PLACE = "UPDATE messages SET n = ? WHERE room = ? AND seq = ?"
_GO_ON = "UPDATE rooms SET searched = ? WHERE id = ?"
_MERGE = "INSERT INTO search (search, rank) VALUES ('merge', ?)"
_UNSWEPT = "SELECT value FROM meta WHERE key = 'unswept'"
_SWEEPING = "UPDATE meta SET value = 2 WHERE key = 'unswept'"
_SWEPT = "DELETE FROM meta WHERE key = 'unswept' AND value = 2"


def index_some(connection: sqlite3.Connection) -> bool:
    """Index the next messages that are not indexed yet; give whether there was anything to do."""
    rooms = connection.execute(_ROOMS, (MESSAGES,)).fetchall()
    if not rooms:
        return False
    with transaction(connection):
        left = MESSAGES
        found: list[tuple[int, int, int, int | None, str, str, int]] = []
        for room, searched, seq in rooms:
            rows = connection.execute(_MESSAGES, (room, searched, left)).fetchall()
            found += rows
            # What is left of the log after the last message are no messages.
            connection.execute(_GO_ON, (rows[-1][_SEQ] if len(rows) == left else seq, room))
            left -= len(rows)
            if not left:
                break
        _index(connection, found)
    return True


def _index(
    connection: sqlite3.Connection,
    rows: list[tuple[int, int, int, int | None, str, str, int]],
) -> None:
    places = index.Places(connection)
    entries = []
    for at, room, seq, n, nick, text, deleted in sorted(rows, key=itemgetter(_AT)):
        if not deleted:
            place = places.take(at) if n is None else n
            connection.execute(_PLACE, (place, room, seq))
            entries.append(index.Entry(place, room, nick, text))
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
