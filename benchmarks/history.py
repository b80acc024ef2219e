"""How fast a page of history is anywhere among a million messages, and how long a start takes.

    python -m benchmarks.history [MESSAGES] [FOLDER]

Stores MESSAGES, two thirds of them in one room, in FOLDER (a temporary one by default; one that is
there is used again) and reads pages of 50 at random places: before and after a number, around one,
and from a time on. Then it opens databases of none, a tenth and all of the messages, as a server
does that starts, and lets go of nearly all of 20,000 others. Times are as in `benchmarks.search`.
"""

import random
import sqlite3
import sys
import tempfile
from functools import partial
from pathlib import Path

from twisted.internet.defer import execute
from twisted.internet.task import Clock

from benchmarks.search import BATCH, FIRST, Talk, rounds, timed, told
from chatroom.core.interfaces import Place
from chatroom.core.work import Changes, Draft, Ruling, Verdict
from chatroom.storage import backlog, files, index, retention, sweeping
from chatroom.storage.batch import store
from chatroom.storage.database import Database
from chatroom.storage.history import page

MESSAGES = 1_000_000
PAGES = 1_000
A_PAGE = 50
STEP = 30_000
"""Between two messages, in ms."""
STARTS = 10
GOING = 20_000
ROOM = "room0"


def main(messages: int, folder: Path) -> None:
    """Do all of it."""
    shares = (0, messages // 10, messages)
    for share in shares:
        database = folder / str(share)
        database.mkdir(parents=True, exist_ok=True)
        fill(database, share)
    _read(folder / str(messages))
    for share in shares:
        start = partial(_start, folder / str(share))
        told(f"starts with {share} messages", [timed(start) for _ in range(STARTS)])
    with tempfile.TemporaryDirectory() as another:
        _let_go(Path(another))


def fill(folder: Path, messages: int) -> None:
    """Have a database in a folder hold so many messages."""
    writer = files.open_writer(files.prepare(folder))
    [(there,)] = writer.execute("SELECT coalesce(sum(seq), 0) FROM rooms").fetchall()
    writer.execute("PRAGMA synchronous = NORMAL")
    talk = Talk()
    for n in range(there, messages, BATCH):
        store(writer, [_draft(talk, n + place) for place in range(BATCH)])
        if n % 100_000 == 0:
            print(f"{n} stored", flush=True)
    writer.close()


def _draft(talk: Talk, n: int) -> Draft:
    user = talk.rng.randrange(500)
    room = ROOM if n % 3 else f"room{talk.rng.randrange(1, 50)}"
    return Draft(room, f"u{user}", f"n{user}", talk.text(), FIRST + n * STEP, f"id{n}")


def _read(folder: Path) -> None:
    reader = files.open_reader(folder / files.DATABASE)
    [(seq,)] = reader.execute("SELECT seq FROM rooms WHERE name = ?", (ROOM,)).fetchall()
    rng = random.Random(7)
    for field in Place._fields:
        taken = []
        for _ in range(PAGES):
            where = rng.randint(1, seq - 1)
            place = Place(**{field: FIRST + where * STEP * 3 // 2 if field == "at" else where + 1})
            taken.append(timed(partial(_page, reader, place)))
        told(f"pages {field}", taken)
    told("the newest page", [timed(partial(_page, reader, Place())) for _ in range(PAGES)])
    reader.close()


def _page(reader: sqlite3.Connection, place: Place) -> None:
    reader.execute("BEGIN")
    found = page(ROOM, place, A_PAGE, reader)
    assert found is not None
    reader.execute("COMMIT")


def _start(folder: Path) -> None:
    database = Database(folder, Clock(), execute, execute, lambda *_: None, random.Random(7))
    database.open()
    database.close()


def _let_go(folder: Path) -> None:
    fill(folder, GOING)
    writer = files.open_writer(folder / files.DATABASE)
    index.prepare(writer)
    rounds(backlog.index_some, writer)
    now = FIRST + GOING * STEP
    changes = Changes(keep_messages=100)
    store(writer, [Verdict(Ruling.RULE, ROOM, "u1", "n1", now, changes=changes)])
    place: int | None = 0

    def step(writer: sqlite3.Connection) -> bool:
        nonlocal place
        assert place is not None
        place = retention.let_go(now, place, writer).next
        return place is not None

    told("rounds of letting go of messages, 2,000 events each", rounds(step, writer))
    told("rounds of sweeping them, 100 events each", rounds(sweeping.sweep_some, writer))
    writer.close()


if __name__ == "__main__":
    given = sys.argv[1:]
    with tempfile.TemporaryDirectory() as temporary:
        main(int(given[0]) if given else MESSAGES, Path(given[1] if given[1:] else temporary))
