"""What the database looks like, and how an older one becomes like it.

`PRAGMA user_version` counts the steps that were applied; `application_id` tells our files from
those of other programs. Both stand in the first 100 bytes of the file.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, Self

APPLICATION = int.from_bytes(b"chat")

# A step that has been released is never changed; what is to be different is a new step.
STEPS = [
    """
    CREATE TABLE meta (
        key TEXT PRIMARY KEY,
        value ANY NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE rooms (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        seq INTEGER NOT NULL,
        oldest INTEGER NOT NULL DEFAULT 1,
        created_at INTEGER NOT NULL
    ) STRICT;

    -- The log. Rows are never renumbered or reordered; a deletion blanks `text`.
    CREATE TABLE events (
        room INTEGER NOT NULL REFERENCES rooms,
        seq INTEGER NOT NULL,
        type TEXT NOT NULL,
        of INTEGER,
        user TEXT NOT NULL,
        nick TEXT NOT NULL,
        text TEXT NOT NULL,
        id TEXT,
        at INTEGER NOT NULL,
        reply_to INTEGER,
        PRIMARY KEY (room, seq)
    ) STRICT, WITHOUT ROWID;

    -- What history reads: the newest text of each message.
    CREATE TABLE messages (
        room INTEGER NOT NULL REFERENCES rooms,
        seq INTEGER NOT NULL,
        user TEXT NOT NULL,
        nick TEXT NOT NULL,
        text TEXT NOT NULL,
        id TEXT,
        at INTEGER NOT NULL,
        reply_to INTEGER,
        edited_at INTEGER,
        deleted INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (room, seq)
    ) STRICT, WITHOUT ROWID;

    -- Apart from the log, since an id stays taken when its event is no longer kept.
    CREATE TABLE keys (
        room INTEGER NOT NULL REFERENCES rooms,
        user TEXT NOT NULL,
        id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (room, user, id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE users (
        id TEXT PRIMARY KEY,
        nick TEXT NOT NULL,
        first_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    """,
    """
    -- How many reactions it has, so that most are read without a look at those.
    ALTER TABLE messages ADD COLUMN reactions INTEGER NOT NULL DEFAULT 0;

    CREATE TABLE reactions (
        room INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        emoji TEXT NOT NULL,
        user TEXT NOT NULL,
        nick TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (room, seq, emoji, user),
        FOREIGN KEY (room, seq) REFERENCES messages
    ) STRICT, WITHOUT ROWID;

    -- What has become of a message.
    CREATE INDEX events_of ON events (room, of) WHERE of IS NOT NULL;

    -- Up to where each user has read.
    CREATE TABLE reads (
        user TEXT NOT NULL,
        room INTEGER NOT NULL REFERENCES rooms,
        seq INTEGER NOT NULL,
        PRIMARY KEY (user, room)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    -- In what follows, room 0 is the whole server.
    CREATE TABLE roles (
        room INTEGER NOT NULL,
        user TEXT NOT NULL,
        role INTEGER NOT NULL,
        nick TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (room, user)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE rules (
        room INTEGER PRIMARY KEY,
        locked INTEGER NOT NULL,
        announcements INTEGER NOT NULL,
        slow INTEGER NOT NULL,
        password BLOB
    ) STRICT;

    -- Who is muted or banned; `networks` and `devices` are JSON arrays.
    CREATE TABLE sanctions (
        room INTEGER NOT NULL,
        act TEXT NOT NULL,
        user TEXT NOT NULL,
        nick TEXT NOT NULL,
        by TEXT NOT NULL,
        by_nick TEXT NOT NULL,
        at INTEGER NOT NULL,
        until INTEGER,
        reason TEXT,
        networks TEXT NOT NULL,
        devices TEXT NOT NULL,
        PRIMARY KEY (room, act, user)
    ) STRICT, WITHOUT ROWID;

    -- What moderators did; `detail` is a JSON object.
    CREATE TABLE audit (
        n INTEGER PRIMARY KEY AUTOINCREMENT,
        room INTEGER NOT NULL,
        act TEXT NOT NULL,
        user TEXT NOT NULL,
        nick TEXT NOT NULL,
        whom TEXT,
        at INTEGER NOT NULL,
        detail TEXT NOT NULL
    ) STRICT;
    CREATE INDEX audit_of ON audit (room, n);
    CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
    BEGIN SELECT RAISE (ABORT, 'what moderators did is not edited'); END;
    CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
    BEGIN SELECT RAISE (ABORT, 'what moderators did is not deleted'); END;

    -- SHA-256 of the secrets by which the server can be owned, each once.
    CREATE TABLE owner_links (
        secret BLOB PRIMARY KEY,
        until INTEGER
    ) STRICT, WITHOUT ROWID;

    -- Who has read here lately.
    CREATE INDEX reads_in ON reads (room, seq);
    """,
    """
    -- The messages of all rooms in the order of time; NULL for what is not searched. The terms are
    -- our own (chatroom/search/terms.py) and none has a space in it, so that SQLite only has to
    -- split at these. Which messages have a term is all that the index keeps.
    ALTER TABLE messages ADD COLUMN n INTEGER;
    CREATE UNIQUE INDEX messages_by_n ON messages (n) WHERE n IS NOT NULL;
    CREATE VIRTUAL TABLE search USING fts5 (
        terms, content = '', columnsize = 0, detail = none, prefix = '1 3',
        tokenize = "ascii tokenchars '$+#_:'"
    );

    -- Up to where a room's messages are in the index.
    ALTER TABLE rooms ADD COLUMN searched INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX rooms_to_search ON rooms (id) WHERE searched < seq;
    """,
    """
    -- As in core/kinds.py. The name of one that is not public is an address that nobody guesses.
    ALTER TABLE rooms ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
    -- When something was last said in it.
    ALTER TABLE rooms ADD COLUMN active_at INTEGER;
    UPDATE rooms SET active_at =
        (SELECT at FROM messages WHERE room = rooms.id ORDER BY seq DESC LIMIT 1);
    -- The name of a room that was deleted; it is called otherwise until all of it is gone.
    ALTER TABLE rooms ADD COLUMN was TEXT;
    CREATE INDEX rooms_that_were ON rooms (was) WHERE was IS NOT NULL;
    -- How many rooms of this name there were before; positions in those are none in this one.
    ALTER TABLE rooms ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;

    ALTER TABLE rules ADD COLUMN topic TEXT NOT NULL DEFAULT '';
    ALTER TABLE rules ADD COLUMN title TEXT NOT NULL DEFAULT '';
    ALTER TABLE rules ADD COLUMN unlisted INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE rules ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;

    -- Whose room is left for good, though what was read stays known.
    ALTER TABLE reads ADD COLUMN parted INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX roles_of ON roles (user, room);

    -- The room of each two, the lesser id first.
    CREATE TABLE pairs (
        one TEXT NOT NULL,
        other TEXT NOT NULL,
        room INTEGER NOT NULL UNIQUE REFERENCES rooms,
        PRIMARY KEY (one, other)
    ) STRICT, WITHOUT ROWID;

    -- By SHA-256 of the code: who shows it becomes a member. `uses` are those that are left.
    CREATE TABLE invitations (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        room INTEGER NOT NULL REFERENCES rooms,
        code BLOB NOT NULL UNIQUE,
        user TEXT NOT NULL,
        nick TEXT NOT NULL,
        at INTEGER NOT NULL,
        until INTEGER,
        uses INTEGER
    ) STRICT;
    CREATE INDEX invitations_to ON invitations (room);
    """,
    """
    -- How long a room's messages are kept, and how many of them; 0 is for ever, and any number.
    ALTER TABLE rules ADD COLUMN keep_days INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE rules ADD COLUMN keep_messages INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX rules_that_let_go ON rules (room) WHERE keep_days > 0 OR keep_messages > 0;

    -- How many messages there are from `oldest` on; and up to where the rows are gone of what is
    -- below that.
    ALTER TABLE rooms ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;
    UPDATE rooms SET kept = (SELECT count(*) FROM messages WHERE room = rooms.id);
    ALTER TABLE rooms ADD COLUMN swept INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX rooms_to_sweep ON rooms (id) WHERE swept < oldest - 1;
    """,
]


class StorageError(Exception):
    """Storage cannot be used; the text is one sentence for the operator, naming the file."""


class Stamp(NamedTuple):
    """What a database tells of its maker: program, steps applied, changes of its schema."""

    application: int
    version: int
    changes: int

    @classmethod
    def of_header(cls, header: bytes) -> Self:
        """Read it from the first 100 bytes of the file (sqlite.org/fileformat2.html, 1.3)."""
        return cls(*(int.from_bytes(header[at : at + 4]) for at in (68, 60, 40)))

    @classmethod
    def of(cls, connection: sqlite3.Connection) -> Self:
        """Ask the database itself, which also knows what is not yet in the main file."""
        names = ("application_id", "user_version", "schema_version")
        return cls(*(connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names))

    def accept(self, path: Path) -> None:
        """Raise `StorageError` unless the file is ours, or empty, and not newer than we are."""
        # A server killed while it made the file may leave one that has nothing in it yet.
        if self.application != APPLICATION and self != (0, 0, 0):
            raise StorageError(f"{path} belongs to another program.")
        if self.version > len(STEPS):
            raise StorageError(
                f"{path} was written by a newer chatroom"
                f" (schema {self.version}, this one knows {len(STEPS)})."
            )


def upgrade(connection: sqlite3.Connection, path: Path) -> None:
    """Apply the steps that are missing, each in a transaction; keep a copy of an older database.

    Raises `StorageError` or `sqlite3.Error`; closing the connection then undoes the step at hand.
    """
    stamp = Stamp.of(connection)
    stamp.accept(path)
    if 0 < stamp.version < len(STEPS):
        _back_up(connection, path.with_name(f"{path.name}.before-{stamp.version + 1}"))
    for version, step in enumerate(STEPS[stamp.version :], start=stamp.version + 1):
        # executescript() commits first what is open, so BEGIN has to stand in the script.
        connection.executescript(
            f"BEGIN IMMEDIATE; {step};"
            f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {version}; COMMIT"
        )


def _back_up(connection: sqlite3.Connection, copy: Path) -> None:
    # Under its name only once it is whole: a copy that broke off would pass for a backup.
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    # It holds what the database holds, the key of the tokens too.
    unfinished.touch(mode=0o600)
    with closing(sqlite3.connect(unfinished)) as target:
        connection.backup(target)
    os.replace(unfinished, copy)
