"""How it goes on when there is more: clients, rooms, messages of before."""

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

from benchmarks import history
from benchmarks.cases import Measured, Setting
from benchmarks.machine import memory_kib
from benchmarks.search import rounds
from benchmarks.servers import CHATROOM, started
from chatroom.storage import backlog, files

CLIENTS = (10, 100, 1_000, 10_000)
ROOMS = (1, 100, 10_000)
MESSAGES = (0, 1_000, 10_000, 100_000, 1_000_000)
RATE = 20
"""Messages a second, for the time that they take."""


def clients(setting: Setting) -> Iterator[Measured]:
    """All that can be delivered, and how long it takes while there is little to deliver."""
    for count in _up_to(setting.clients, CLIENTS):
        with started(CHATROOM) as running:
            full = running.load(
                clients=count, senders=min(10, count), window=4, seconds=setting.seconds
            )
        with started(CHATROOM) as running:
            calm = running.load(clients=count, rate=RATE, seconds=setting.seconds)
        figures = full | {name: calm[name] for name in ("p50_ms", "p99_ms")}
        for name in ("missing", "closed"):
            figures[name] = abs(full[name]) + abs(calm[name])
        yield Measured(f"{count:,} clients", figures, "clients", count)


def rooms(setting: Setting) -> Iterator[Measured]:
    """The same clients and messages on their way, in more and more rooms."""
    for count in _up_to(setting.clients, ROOMS):
        with started(CHATROOM) as running:
            found = running.load(
                clients=setting.clients,
                rooms=count,
                senders=min(100, setting.clients),
                spread=1,
                window=4,
                seconds=setting.seconds,
            )
        yield Measured(f"{count:,} room{'s'[: count - 1]}", found, "rooms", count)


def memory(setting: Setting) -> Iterator[Measured]:
    """What the process holds of the machine's memory, while silent clients are there, or after a
    start on a history.
    """
    for count in _up_to(setting.clients, CLIENTS):
        with started(CHATROOM) as running:
            found = running.load(clients=count, seconds=1)
        found["rss_mib"] = found["rss_kib"] / 1024
        yield Measured(f"{count:,} clients", found, "clients", count)
    for count in _up_to(setting.messages, MESSAGES):
        with started(CHATROOM, _filled(setting.cache, count)) as running:
            rss = memory_kib(running.pid, "VmRSS") / 1024
        yield Measured(f"{count:,} messages", {"rss_mib": rss}, "messages", count)


def start(setting: Setting) -> Iterator[Measured]:
    """From the command until the page is answered."""
    for count in _up_to(setting.messages, MESSAGES):
        with started(CHATROOM, _filled(setting.cache, count)) as running:
            yield Measured(f"{count:,} messages", {"start_s": running.started_s}, "messages", count)


def _up_to(most: int, points: tuple[int, ...]) -> list[int]:
    return sorted({min(most, point) for point in points})


def _filled(cache: Path, messages: int) -> Path:
    """Give a folder for data with so many messages, all indexed; it is made once."""
    folder = cache / f"history-{messages}"
    if not folder.is_dir():
        print(f"a history of {messages:,} messages is made in {folder}", flush=True)
        making = folder.with_suffix(".part")
        making.mkdir(parents=True, exist_ok=True)
        with contextlib.redirect_stdout(io.StringIO()):
            history.fill(making, messages)
        writer = files.open_writer(making / files.DATABASE)
        rounds(backlog.index_some, writer)
        writer.close()
        making.rename(folder)
    return folder
