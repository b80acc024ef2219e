"""Who may not write by now: an order may have been stored while something waited for its turn."""

import sqlite3
from collections.abc import Sequence
from itertools import chain
from typing import Self

from chatroom.core.errors import Refused
from chatroom.core.interfaces import Change, Draft, Kind, Ruling, Verdict
from chatroom.core.permissions import forbidden

_ANY = "SELECT 1 FROM sanctions LIMIT 1"
_HELD = """
    WITH asked (room, user) AS (VALUES {asked})
    SELECT asked.room, asked.user, sanctions.act, sanctions.until
    FROM asked
    JOIN rooms ON rooms.name = asked.room
    JOIN sanctions ON sanctions.room IN (rooms.id, 0) AND sanctions.user = asked.user
        AND sanctions.act IN ('mute', 'ban')
"""
_REFUSALS = {
    "mute": ("You are muted here.", "muted"),
    "ban": ("You are banned here.", "banned"),
}
_UNDOES = {Ruling.UNMUTE: "mute", Ruling.UNBAN: "ban"}

Asked = Draft | Change


class Held:
    """The mutes and bans of those who write in a batch, as of each place in it."""

    def __init__(self) -> None:
        self._until: dict[tuple[str, str, str], int | None] = {}

    @classmethod
    def of(cls, connection: sqlite3.Connection, work: Sequence[object]) -> Self:
        """Read those that stand before the batch; nearly always there are none at all."""
        held = cls()
        asked = {(one.room, one.user) for one in work if isinstance(one, Asked)}
        if asked and connection.execute(_ANY).fetchone():
            query = _HELD.format(asked=", ".join("(?, ?)" for _ in asked))
            for room, user, act, until in connection.execute(query, list(chain(*asked))):
                held._until[room, user, act] = until
        return held

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
        if not self._until or (isinstance(one, Change) and one.kind is Kind.DELETE):
            return None
        for act, (sentence, why) in _REFUSALS.items():
            until = self._until.get((one.room, one.user, act), 0)
            if until is None or one.at < until:
                return forbidden(sentence, why, until)
        return None
