"""What a case is, and those that put one load on one server after the other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from benchmarks.figures import Figures
from benchmarks.servers import Server, started


class Setting(NamedTuple):
    """How much to do."""

    servers: tuple[Server, ...]
    clients: int
    seconds: float
    messages: int
    """In the longest history."""
    cache: Path
    """For histories that are made once."""


class Measured(NamedTuple):
    """One row of one round; on a curve, of which, and at which place of it."""

    label: str
    figures: Figures
    series: str = ""
    x: int | None = None


@dataclass(frozen=True)
class Case:
    """One thing that is measured, round by round."""

    title: str
    columns: tuple[str, ...]
    measure: Callable[[Setting], Iterator[Measured]]
    clients: int = 0
    seconds: float = 4
    servers: tuple[str, ...] = ("chatroom",)
    more_is_better: bool = True
    """Of the first column, in which peers are compared."""
    once: bool = False
    """Whether a single round tells enough."""
    shares: str = ""
    """The case whose rows have it all, if that was measured before."""


def loaded(**load: int) -> Callable[[Setting], Iterator[Measured]]:
    """Make what puts a load on each server."""

    def measure(setting: Setting) -> Iterator[Measured]:
        for server in setting.servers:
            with started(server) as running:
                options = load | {"senders": min(load.get("senders", 1), setting.clients)}
                found = running.load(clients=setting.clients, seconds=setting.seconds, **options)
            yield Measured(server.title, found)

    return measure


def resume(setting: Setting) -> Iterator[Measured]:
    """Everybody comes back at once, behind what was said meanwhile."""
    for server in setting.servers:
        with started(server) as running:
            found = running.load(clients=setting.clients, resume=200)
        yield Measured(server.title, found)
