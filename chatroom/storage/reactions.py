"""Who has put which emoji to a message."""

import sqlite3

from chatroom.core.events import Reaction

NAMED = 20
"""The most who are named for one emoji."""

_REACTIONS = """
    SELECT emoji, user, nick FROM reactions WHERE room = ? AND seq = ? ORDER BY at, user
"""


def reactions_to(connection: sqlite3.Connection, room: int, seq: int, count: int) -> list[Reaction]:
    """The reactions to a message that has `count` of them, the emoji that came first first."""
    if not count:
        return []
    found: dict[str, Reaction] = {}
    counts: dict[str, int] = {}
    for emoji, user, nick in connection.execute(_REACTIONS, (room, seq)):
        reaction = found.setdefault(emoji, Reaction(emoji, [], [], 0))
        counts[emoji] = counts.get(emoji, 0) + 1
        if counts[emoji] <= NAMED:
            reaction.users.append(user)
            reaction.nicks.append(nick)
    return [
        Reaction(each.emoji, each.users, each.nicks, counts[each.emoji]) for each in found.values()
    ]
