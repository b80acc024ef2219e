"""How fast one searches in a million messages, half of them Chinese, and what an index costs.

    python -m benchmarks.search [MESSAGES] [FOLDER]

Makes a database in FOLDER (a temporary one by default; one that is there is used again), stores and
indexes MESSAGES, then searches 200 times while nothing else happens, and again beside a writer.
Times are in ms: the median, the 99th of a hundred, the longest; in brackets those of the processor,
which are the same on a machine with nothing else to do.
"""

import random
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from chatroom.core.interfaces import Search
from chatroom.core.work import Change, Draft, Kind
from chatroom.search.query import parse
from chatroom.storage import backlog, files, index
from chatroom.storage.batch import store
from chatroom.storage.search import search

MESSAGES = 1_000_000
BATCH = 200
FIRST = 1_700_000_000_000
ROOMS, USERS = 50, 500
STOPS = "，。！？ "


class Talk:
    """People who talk: characters and words as unequally frequent as in a language."""

    def __init__(self) -> None:
        self.rng = rng = random.Random(7)
        self.characters = [chr(0x4E00 + n) for n in rng.sample(range(20_000), 4_000)]
        letters = "etaoinshrdlucmfwypvbgkqjxz"
        self.words = list(
            {"".join(rng.choices(letters, k=rng.randint(2, 9))): 0 for _ in range(50_000)}
        )
        self.character_weights = list(accumulate(1 / (n + 8) for n in range(4_000)))
        self.word_weights = list(accumulate(1 / (n + 5) for n in range(len(self.words))))
        # Words of two to four characters, of which the texts are made.
        self.chinese = [
            "".join(self._characters(rng.choice((1, 2, 2, 2, 3, 4)))) for _ in range(40_000)
        ]
        self.chinese_weights = list(accumulate(1 / (n + 5) for n in range(40_000)))

    def _characters(self, count: int) -> list[str]:
        return self.rng.choices(self.characters, cum_weights=self.character_weights, k=count)

    def text(self) -> str:
        rng = self.rng
        if rng.random() < 0.5:
            words = rng.choices(
                self.chinese, cum_weights=self.chinese_weights, k=rng.randint(2, 20)
            )
            return "".join(
                word + (rng.choice(STOPS) if rng.random() < 0.2 else "") for word in words
            )
        words = rng.choices(self.words, cum_weights=self.word_weights, k=rng.randint(2, 20))
        return " ".join(words)

    def query(self) -> str:
        """As people search: a word or two, seldom more, sometimes with a filter."""
        rng = self.rng
        rare = rng.randrange(100, 20_000)
        ways: list[Callable[[], str]] = [
            lambda: rng.choice(self.chinese),
            lambda: self.chinese[rng.randrange(100)],
            lambda: self._characters(1)[0],
            lambda: f"{rng.choice(self.chinese[:2000])} {rng.choice(self.chinese[:2000])}",
            lambda: rng.choice(self.words),
            lambda: self.words[rng.randrange(100)],
            lambda: rng.choice(self.words)[:3],
            lambda: rng.choice(self.words)[:1],
            lambda: f'"{self.words[rng.randrange(50)]} {self.words[rng.randrange(50)]}"',
            lambda: f"{self.words[rare]} from:n{rng.randrange(USERS)}",
            lambda: f"in:room{rng.randrange(ROOMS)} {self.chinese[rng.randrange(500)]}",
            lambda: f"{self.chinese[rng.randrange(100)]} before:2023-12-01",
            lambda: "没有人说过的话",
        ]
        return rng.choice(ways)()

    def drafts(self, count: int, at: int) -> list[Draft]:
        rng = self.rng
        found = []
        for n in range(count):
            user = rng.randrange(USERS)
            room = f"room{min(rng.randrange(ROOMS), rng.randrange(ROOMS))}"
            found.append(Draft(room, f"u{user}", f"n{user}", self.text(), at + n * 30_000))
        return found


class Taken(NamedTuple):
    """Seconds that something took, by the clock and of the processor."""

    clock: float
    processor: float


def told(what: str, times: list[Taken]) -> None:
    """Print how long something took."""
    by_clock, by_processor = (
        sorted(1000 * each for each in way) for way in zip(*times, strict=True)
    )
    at = (len(times) // 2, len(times) * 99 // 100, -1)
    clock, processor = (
        " / ".join(f"{way[place]:.2f}" for place in at) for way in (by_clock, by_processor)
    )
    print(f"{what}, {len(times)}: {clock} ({processor})", flush=True)


def timed(job: Callable[[], object]) -> Taken:
    """Do something, and tell how long it took."""
    begun, used = time.perf_counter(), time.thread_time()
    job()
    return Taken(time.perf_counter() - begun, time.thread_time() - used)


def rounds(step: Callable[[sqlite3.Connection], bool], writer: sqlite3.Connection) -> list[Taken]:
    """Take steps until nothing is left; how long each took."""
    found = []
    more = True

    def go_on() -> None:
        nonlocal more
        more = step(writer)

    while more:
        found.append(timed(go_on))
    return found


def main(messages: int, folder: Path) -> None:
    """Do all of it."""
    for what, times in measure(messages, folder):
        told(what, times)


def measure(messages: int, folder: Path) -> Iterator[tuple[str, list[Taken]]]:
    """Do one thing after the other; give what it was and how long each time took."""
    folder.mkdir(parents=True, exist_ok=True)
    talk = Talk()
    path = files.prepare(folder)
    writer = files.open_writer(path)
    index.prepare(writer)
    [(there,)] = writer.execute("SELECT coalesce(sum(seq), 0) FROM rooms").fetchall()
    writer.execute("PRAGMA synchronous = NORMAL")
    for n in range(there, messages, BATCH):
        store(writer, talk.drafts(BATCH, FIRST + n * 30_000))
        if n % 100_000 == 0:
            print(f"{n} stored", flush=True)
    left = rounds(backlog.index_some, writer)
    yield "rounds of indexing what was there", left
    writer.execute("PRAGMA synchronous = FULL")
    size = "SELECT sum(length(block)) FROM search_data"
    megabytes = writer.execute(size).fetchone()[0] / 1e6
    print(f"the index has {megabytes:.0f} MB, the file {path.stat().st_size / 1e6:.0f} MB")

    reader = files.open_reader(path)

    def find(q: str) -> None:
        asked = Search(parse(q), "u1", FIRST)
        reader.execute("BEGIN")
        search(asked, reader)
        reader.execute("COMMIT")

    queries = [talk.query() for _ in range(200)]
    slowest = sorted((timed(partial(find, q)), q) for q in queries)
    yield "searches", [taken for taken, _ in slowest]
    worst = (f"{q!r} {1000 * taken.clock:.0f}" for taken, q in slowest[-8:])
    print("the slowest:", ", ".join(worst))

    at = FIRST + messages * 30_000
    yield from _write(talk, writer, at, "alone")
    stop = threading.Event()
    found: list[Taken] = []

    def search_on() -> None:
        while not stop.is_set():
            found.append(timed(partial(find, talk.rng.choice(queries))))

    thread = threading.Thread(target=search_on)
    thread.start()
    try:
        yield from _write(talk, writer, at + 10**10, "beside searches")
    finally:
        stop.set()
        thread.join()
    yield "searches beside a writer", found
    yield "rounds of sweeping what was deleted", rounds(backlog.sweep_some, writer)


def _write(
    talk: Talk, writer: sqlite3.Connection, at: int, when: str
) -> Iterator[tuple[str, list[Taken]]]:
    for count, repeats in ((1, 200), (BATCH, 20)):
        times, indexed = [], []
        for n in range(repeats):
            drafts = talk.drafts(count, at + n * 60_000)
            times.append(timed(partial(store, writer, drafts)))
            indexed += rounds(backlog.index_some, writer)
        yield f"batches of {count} said, {when}", times
        yield f"rounds of indexing after those of {count}, {when}", indexed
    for kind in (Kind.EDIT, Kind.DELETE):
        changes = [_change(talk, writer, kind) for _ in range(200)]
        yield f"{kind.value}, {when}", [timed(partial(store, writer, [one])) for one in changes]


def _change(talk: Talk, writer: sqlite3.Connection, kind: Kind) -> Change:
    query = """
        SELECT rooms.name, m.seq, m.user FROM messages AS m JOIN rooms ON rooms.id = m.room
        WHERE m.n >= ? ORDER BY m.n LIMIT 1
    """
    [(newest,)] = writer.execute("SELECT max(n) FROM messages WHERE n > 0").fetchall()
    place = talk.rng.randrange(FIRST // 1000 << index.SLOTS, newest)
    name, seq, user = writer.execute(query, (place,)).fetchone()
    text = talk.text() if kind is Kind.EDIT else ""
    return Change(kind, name, seq, user, "n", FIRST, text)


if __name__ == "__main__":
    given = sys.argv[1:]
    with tempfile.TemporaryDirectory() as temporary:
        main(int(given[0]) if given else MESSAGES, Path(given[1] if given[1:] else temporary))
