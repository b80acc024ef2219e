"""Who may not write by now: an order may have been stored while something waited for its turn."""

import sqlite3
from collections.abc import Sequence
from itertools import chain
from typing import Self

from chatroom.core.errors import Refused
from chatroom.core.orders import SERVER
from chatroom.core.permissions import forbidden
from chatroom.core.work import Change, Draft, Kind, Ruling, Verdict

_ANY = "SELECT 1 FROM sanctions LIMIT 1"
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
    """The mutes and bans of those who write in a batch, as of each place in it."""

    def __init__(self) -> None:
        # By room, user and act.
        self._until: dict[tuple[str, str, str], int | None] = {}

    @classmethod
    def of(cls, connection: sqlite3.Connection, work: Sequence[object]) -> Self:
        """Read those that stand before the batch; nearly always there are none at all."""
        silenced = cls()
        asked = {(one.room, one.user) for one in work if isinstance(one, Asked)}
        if asked and connection.execute(_ANY).fetchone():
            query = _SILENCED.format(asked=", ".join("(?, ?)" for _ in asked))
            for room, user, act, until in connection.execute(query, list(chain(*asked))):
                silenced._until[room, user, act] = until
        return silenced

    def heed(self, done: Verdict) -> None:
        """Let a verdict of this batch hold for what comes after it."""
        if done.whom is None:
            return
        undone = _UNDOES.get(done.ruling)
        if undone is not None:
            self._until.pop((done.room, done.whom.user, undone), None)
        elif done.ruling.value in _REFUSALS:
            self._until[done.room, done.whom.user, done.ruling.value] = done.until

    def refusal(self, one: Asked) -> Refused | None:
        """Why something may not be written, if it may not; a muted user may delete its own."""
        if not self._until:
            return None
        deletes = isinstance(one, Change) and one.kind is Kind.DELETE
        for act, (sentence, why) in _REFUSALS.items():
            for room in (one.room, SERVER):
                until = self._until.get((room, one.user, act), _OVER)
                if (until is None or one.at < until) and not (deletes and act == "mute"):
                    return forbidden(sentence, why, until)
        return None
