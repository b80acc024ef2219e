"""Who may not write by now: an order may have been stored while something waited for its turn."""

import sqlite3
from collections.abc import Sequence
from itertools import chain
from typing import Self

from chatroom.core.errors import Refused, no_such_room, nothing_there
from chatroom.core.names import is_address
from chatroom.core.orders import SERVER
from chatroom.core.permissions import forbidden
from chatroom.core.work import Change, Draft, Kind, Ruling, Verdict

# In one statement, since every batch asks it: is anybody silenced at all, which rooms are there,
# and which were.
_LOOK = """
    SELECT 'any', EXISTS (SELECT 1 FROM sanctions), NULL
    UNION ALL
    SELECT 'there', name, coalesce((SELECT archived FROM rules WHERE room = rooms.id), 0)
    FROM rooms WHERE name IN ({asked})
    UNION ALL
    SELECT 'was', was, NULL FROM rooms WHERE was IN ({asked})
"""
_SILENCED = """
    WITH asked (room, user) AS (VALUES {asked})
    SELECT CASE s.room WHEN 0 THEN '' ELSE asked.room END, asked.user, s.act, s.until
    FROM asked
    LEFT JOIN rooms ON rooms.name = asked.room
    JOIN sanctions AS s ON s.room IN (rooms.id, 0) AND s.user = asked.user
        AND s.act IN ('mute', 'ban')
"""
_REFUSALS = {
    "ban": ("You are banned here.", "banned"),
    "mute": ("You are muted here.", "muted"),
}
_UNDOES = {Ruling.UNMUTE: "mute", Ruling.UNBAN: "ban"}
_OVER = 0

Asked = Draft | Change


class Silenced:
    """What keeps those from writing who do in a batch, as of each place in it.

    They may be muted or banned, and a room archived or deleted.
    """

    def __init__(self) -> None:
        # By room, user and act.
        self._until: dict[tuple[str, str, str], int | None] = {}
        self._there: set[str] = set()
        self._archived: set[str] = set()
        self._gone: set[str] = set()
        self._destroyed: set[str] = set()

    @classmethod
    def of(cls, connection: sqlite3.Connection, work: Sequence[object]) -> Self:
        """Read those that stand before the batch; nearly always there are none at all."""
        silenced = cls()
        asked = {(one.room, one.user) for one in work if isinstance(one, Asked)}
        if asked and silenced._look(connection, sorted({room for room, _ in asked})):
            query = _SILENCED.format(asked=", ".join("(?, ?)" for _ in asked))
            for room, user, act, until in connection.execute(query, list(chain(*asked))):
                silenced._until[room, user, act] = until
        return silenced

    def _look(self, connection: sqlite3.Connection, rooms: list[str]) -> bool:
        """Note which rooms are there, and give whether anybody is silenced anywhere."""
        found = False
        query = _LOOK.format(asked=", ".join("?" for _ in rooms))
        for what, value, archived in connection.execute(query, [*rooms, *rooms]):
            if what == "any":
                found = bool(value)
            elif what == "was":
                self._gone.add(value)
            else:
                self._there.add(value)
                if archived:
                    self._archived.add(value)
        self._gone -= self._there
        return found

    def heed(self, done: Verdict) -> None:
        """Let a verdict of this batch hold for what comes after it."""
        if done.ruling is Ruling.DESTROY:
            self._destroyed.add(done.room)
        if done.rules is not None:
            self._there.add(done.room)
            (self._archived.add if done.rules.archived else self._archived.discard)(done.room)
        if done.whom is None:
            return
        undone = _UNDOES.get(done.ruling)
        if undone is not None:
            self._until.pop((done.room, done.whom.user, undone), None)
        elif done.ruling.value in _REFUSALS:
            self._until[done.room, done.whom.user, done.ruling.value] = done.until

    def refusal(self, one: Asked) -> Refused | None:
        """Why something may not be written, if it may not; a muted user may delete its own."""
        if self._is_missing(one):
            return _nothing_at(one.room)
        deletes = isinstance(one, Change) and one.kind is Kind.DELETE
        if one.room in self._archived and not deletes:
            return forbidden("This room is archived.", "archived")
        if not self._until:
            return None
        for act, (sentence, why) in _REFUSALS.items():
            for room in (one.room, SERVER):
                until = self._until.get((room, one.user, act), _OVER)
                if (until is None or one.at < until) and not (deletes and act == "mute"):
                    return forbidden(sentence, why, until)
        return None

    def destroyed(self, room: str) -> Refused | None:
        """Why nothing may be ordered in a room any more, if it was deleted in this batch."""
        return _nothing_at(room) if room in self._destroyed else None

    def _is_missing(self, one: Asked) -> bool:
        """Whether a room was deleted while this waited; who makes it anew is its maker."""
        if one.room in self._destroyed:
            return True
        if one.room in self._gone:
            return not (isinstance(one, Draft) and one.maker is not None)
        return one.room not in self._there and is_address(one.room)


def _nothing_at(room: str) -> Refused:
    return nothing_there() if is_address(room) else no_such_room()
