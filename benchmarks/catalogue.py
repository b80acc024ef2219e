"""All cases, by name."""

from collections.abc import Iterator

from benchmarks import growth, search, stall
from benchmarks.cases import Case, Measured, Setting, loaded, resume
from benchmarks.figures import percentile

PEERS = ("chatroom", "Socket.IO", "ws")
_FLOW = ("deliveries_per_s", "sent_per_s", "p50_ms", "p99_ms", "delivery_us", "load_busy")


def searches(setting: Setting) -> Iterator[Measured]:
    """Search in many messages, as `benchmarks.search` does."""
    for what, times in search.measure(setting.messages, setting.cache / "search"):
        taken = sorted(1000 * each.clock for each in times)
        parts = {"median_ms": 0.5, "p99_ms": 0.99, "max_ms": 1.0}
        figures = {name: percentile(taken, part) for name, part in parts.items()}
        yield Measured(what, {"times": len(taken)} | figures)


CASES = {
    "fanout": Case(
        "{clients:,} clients in one room; ten senders keep four messages each on their way",
        _FLOW,
        loaded(senders=10, window=4),
        clients=1_000,
        servers=PEERS,
    ),
    "socketio": Case(
        "The same, with Socket.IO clients everywhere",
        _FLOW,
        loaded(senders=10, window=4),
        clients=1_000,
        servers=("chatroom, by Socket.IO", "Socket.IO"),
    ),
    "durable": Case(
        "{clients:,} clients in one room; each keeps eight messages on their way",
        ("sent_per_s", "deliveries_per_s", "p50_ms", "p99_ms", "message_us", "load_busy"),
        loaded(senders=50, window=8),
        clients=50,
        servers=PEERS,
    ),
    "latency": Case(
        "20 messages a second into a room of {clients:,} clients, from sending to delivery",
        ("p99_ms", "p50_ms", "max_ms", "delivery_us", "load_busy"),
        loaded(senders=10, rate=20),
        clients=1_000,
        servers=PEERS,
        more_is_better=False,
    ),
    "idle": Case(
        "{clients:,} silent clients",
        ("client_kib", "connect_s", "connection_us"),
        loaded(),
        clients=10_000,
        servers=PEERS,
        more_is_better=False,
    ),
    "connect": Case(
        "{clients:,} clients come in, 200 at a time",
        ("connect_s", "connection_us"),
        loaded(),
        clients=10_000,
        seconds=1,
        servers=PEERS,
        more_is_better=False,
        shares="idle",
    ),
    "resume": Case(
        "{clients:,} clients lose their connections at once, and come back 200 messages later",
        ("resume_s", "deliveries_per_s"),
        resume,
        clients=2_000,
    ),
    "stall": Case(
        "How late the reactor is, with {clients:,} clients",
        ("stall_p50_ms", "stall_p999_ms", "stall_max_ms", "p50_ms", "p99_ms"),
        stall.measure,
        clients=10_000,
        seconds=10,
    ),
    "search": Case(
        "{messages:,} messages, half of them Chinese",
        ("times", "median_ms", "p99_ms", "max_ms"),
        searches,
        once=True,
    ),
    "clients": Case(
        "More and more clients in one room; the times at 20 messages a second",
        ("deliveries_per_s", "sent_per_s", "p50_ms", "p99_ms", "delivery_us", "load_busy"),
        growth.clients,
        clients=10_000,
    ),
    "rooms": Case(
        "{clients:,} clients in more and more rooms; 100 senders keep four messages on their way",
        ("sent_per_s", "deliveries_per_s", "p99_ms", "message_us", "delivery_us", "load_busy"),
        growth.rooms,
        clients=10_000,
    ),
    "memory": Case(
        "What the process holds of memory",
        ("rss_mib",),
        growth.memory,
        clients=10_000,
        seconds=1,
    ),
    "start": Case(
        "From the command to the first answer",
        ("start_s",),
        growth.start,
    ),
}
