"""A load on a server that runs: `python -m benchmarks.load PORT DIALECT --clients N …`.

Prints one line of JSON: what was sent and delivered, how long it took, what is missing.
"""

import argparse
import gc
import json
import resource
import time
from dataclasses import asdict, dataclass

from benchmarks import marks, resuming
from benchmarks.client import Client, Plan
from benchmarks.crowd import Crowd, Refused
from benchmarks.dialects import DIALECTS
from benchmarks.figures import percentile
from benchmarks.machine import cpu_seconds, memory_kib
from chatroom.core.attendance import FOLDED_FOR, FOLDED_FOR_AT_MOST, TOLD_A_SECOND

SETTLING = 500_000
"""In µs; after the last notice of who came, which is the later the more there are."""
WATCHED = 100
"""Of so many clients, evenly among all, each delivery is timed; where all is sent that can be, of
a tenth."""
SILENCE, MOST_DRAINED = 5_000_000, 60_000_000
"""What is on its way is waited for until nothing came for so long, or at most, in µs: to write much
to 10,000 clients takes a server more than a second, and what is late is not missing."""


@dataclass
class Figures:
    """What is told of a load. Times of day are seconds by the monotonic clock."""

    connect_s: float
    came: float
    began: float
    ended: float = 0
    sent: int = 0
    sent_per_s: float = 0
    deliveries: int = 0
    deliveries_per_s: float = 0
    p50_ms: float = 0
    p99_ms: float = 0
    max_ms: float = 0
    cpu_s: float = 0
    rss_kib: int = 0
    load_busy: float = 0
    missing: int = 0
    closed: int = 0


def evenly(clients: list[Client], count: int) -> list[Client]:
    """Give so many of the clients, at the same distance of each other."""
    count = min(count, len(clients))
    return [clients[number * len(clients) // count] for number in range(count)]


def first(clients: list[Client], count: int) -> list[Client]:
    """Give those who came first, whom a server that goes through a room in order serves first."""
    return clients[:count]


def keep_in_flight(crowd: Crowd, senders: list[Client], window: int, seconds: float) -> None:
    """Let each sender say something whenever one of its own came back: all that can be sent."""
    for sender in senders:
        sender.tag = marks.tag_of(sender.number)
        for _ in range(window):
            crowd.say(sender)
    end = marks.now() + seconds * 1e6
    while marks.now() < end:
        crowd.turn(0.01)
        for sender in crowd.echoes:
            for _ in range(sender.own + window - sender.said):
                crowd.say(sender)
        crowd.echoes.clear()


def keep_pace(crowd: Crowd, senders: list[Client], rate: float, seconds: float) -> None:
    """Let the senders say so many things a second, one after the other, whatever becomes of it."""
    began = marks.now()
    for number in range(int(rate * seconds)):
        due = began + number * 1e6 / rate
        while (left := due - marks.now()) > 0:
            crowd.turn(left / 1e6)
        crowd.say(senders[number % len(senders)])
    wait(crowd, began + seconds * 1e6 - marks.now())


def wait(crowd: Crowd, microseconds: float) -> None:
    """Read for so long."""
    end = marks.now() + microseconds
    while (left := end - marks.now()) > 0:
        crowd.turn(min(left / 1e6, 0.1))


def drain(crowd: Crowd) -> None:
    """Wait for what is on its way."""
    began = last = marks.now()
    heard = crowd.heard
    while crowd.missing and last - began < MOST_DRAINED and marks.now() - last < SILENCE:
        crowd.turn(0.05)
        if crowd.heard != heard:
            heard, last = crowd.heard, marks.now()


def told_after(clients: int) -> float:
    """Give within how many µs the largest room there can be is told who came."""
    return 1e6 * min(max(FOLDED_FOR, clients / TOLD_A_SECOND), FOLDED_FOR_AT_MOST)


def measure(crowd: Crowd, given: argparse.Namespace) -> Figures:
    """Connect, settle, send, wait for the rest; the figures are of the time of sending."""
    came = time.monotonic()
    took = crowd.connect()
    wait(crowd, told_after(given.clients) + SETTLING)
    spread = evenly if given.spread else first
    senders = spread(crowd.clients, given.senders)
    for client in evenly(crowd.clients, WATCHED // 10 if given.window else WATCHED):
        client.watched = True
    found = Figures(connect_s=took, came=came, began=time.monotonic())
    used, busy = cpu_seconds(given.pid), time.process_time()
    if given.window:
        keep_in_flight(crowd, senders, given.window, given.seconds)
    elif given.rate:
        keep_pace(crowd, senders, given.rate, given.seconds)
    else:
        wait(crowd, given.seconds * 1e6)
    found.ended = time.monotonic()
    lasted = found.ended - found.began
    found.load_busy = (time.process_time() - busy) / lasted
    found.cpu_s = cpu_seconds(given.pid) - used
    found.rss_kib = memory_kib(given.pid, "VmRSS")
    found.deliveries, found.sent = crowd.heard, sum(client.said for client in crowd.clients)
    found.deliveries_per_s, found.sent_per_s = found.deliveries / lasted, found.sent / lasted
    drain(crowd)
    found.missing, found.closed = crowd.missing, crowd.closed
    crowd.delays.sort()
    found.p50_ms, found.p99_ms, found.max_ms = (
        percentile(crowd.delays, part) / 1000 for part in (0.5, 0.99, 1)
    )
    return found


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("dialect", choices=DIALECTS)
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--rooms", type=int, default=1)
    parser.add_argument("--senders", type=int, default=10)
    parser.add_argument("--spread", type=int, default=0, help="1: senders from all, not the first")
    parser.add_argument("--size", type=int, default=0, help="characters in a text, at least")
    parser.add_argument("--window", type=int, default=0, help="messages in flight a sender")
    parser.add_argument("--rate", type=float, default=0, help="messages a second")
    parser.add_argument("--resume", type=int, default=0, help="messages missed, by all at once")
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--pid", type=int, default=0, help="the server's process, on this machine")
    given = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    plan = Plan(given.port, DIALECTS[given.dialect], given.clients, given.rooms, given.size)
    # A collection over all clients would be taken for a delay of the server's.
    gc.disable()
    try:
        if given.resume:
            print(json.dumps(resuming.measure(plan, given.resume)))
        else:
            print(json.dumps(asdict(measure(Crowd(plan), given))))
    except Refused as refused:
        raise SystemExit(str(refused)) from None


if __name__ == "__main__":
    main()
