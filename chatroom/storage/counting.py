"""How a running server learns that another process has changed its database."""

import sqlite3

_COUNT = """
    INSERT INTO meta (key, value) VALUES ('outside', 1)
    ON CONFLICT (key) DO UPDATE SET value = value + 1
"""
_COUNTED = "SELECT value FROM meta WHERE key = 'outside'"


def count_change(connection: sqlite3.Connection) -> None:
    """Let a running server see that something has changed."""
    connection.execute(_COUNT)


def changes(connection: sqlite3.Connection) -> int:
    """How often another process has changed something: a running server looks at it."""
    row = connection.execute(_COUNTED).fetchone()
    return 0 if row is None else int(row[0])
