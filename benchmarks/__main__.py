"""Measures what the server can do, beside others: `python -m benchmarks [CASE …]`, all by default.

Each round measures every server, or every point of a curve, once, so that a slow minute hits all
of them; the tables show the medians over the rounds. Ratios within a run count, absolute figures
are the machine's. Where a delivery is missing or a client was closed, the row does not count, and
the exit status is 1. For Linux.
"""

import argparse
import json
import resource
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import peers, servers, table
from benchmarks.cases import Case, Setting
from benchmarks.catalogue import CASES
from benchmarks.machine import described

CACHE = Path(tempfile.gettempdir()) / "chatroom-benchmarks"
SERVERS = {
    each.title: each
    for each in (servers.CHATROOM, servers.CHATROOM_SOCKETIO, servers.SOCKETIO, servers.WS)
}
OURS = {servers.CHATROOM.title, servers.CHATROOM_SOCKETIO.title}


def options() -> argparse.Namespace:
    """Read the command line."""
    names = "\n".join(f"  {name:10}{_title(case)}" for name, case in CASES.items())
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        epilog=f"cases:\n{names}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("case", nargs="*", metavar="CASE")
    parser.add_argument(
        "--rounds", type=_count, default=3, help="how often each is measured (%(default)s)"
    )
    parser.add_argument("--seconds", type=_seconds, help="of each load; the case has its own")
    parser.add_argument("--clients", type=_count, help="at most; the case has its own")
    parser.add_argument(
        "--messages", type=_count, default=1_000_000, help="in the longest history (%(default)s)"
    )
    parser.add_argument("--peers", action="store_true", help="have npm fetch Socket.IO and ws")
    parser.add_argument("--alone", action="store_true", help="measure no peers")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where histories are kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all results there")
    given = parser.parse_args()
    for name in given.case:
        if name not in CASES:
            parser.error(f"there is no case {name}; there are {', '.join(CASES)}")
    if given.json is not None and not given.json.absolute().parent.is_dir():
        parser.error(f"there is no folder for {given.json}")
    return given


def _count(text: str) -> int:
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _seconds(text: str) -> float:
    if not (number := float(text)) > 0:
        raise argparse.ArgumentTypeError("more than 0")
    return number


def _title(case: Case, given: argparse.Namespace | None = None) -> str:
    clients = (given and given.clients) or case.clients
    return case.title.format(clients=clients, messages=given.messages if given else 1_000_000)


def there(given: argparse.Namespace) -> set[str]:
    """Give the servers that there are, and say why others are not measured."""
    if given.alone:
        return OURS
    try:
        if given.peers:
            peers.install()
        peers.check()
    except peers.Absent as absent:
        print(absent, file=sys.stderr)
        return OURS
    return set(SERVERS)


def run(case: Case, given: argparse.Namespace, names: set[str]) -> list[dict[str, Any]]:
    """Measure a case; give the rows that are written to the file."""
    setting = Setting(
        servers=tuple(SERVERS[name] for name in case.servers if name in names),
        clients=given.clients or case.clients,
        seconds=case.seconds if given.seconds is None else given.seconds,
        messages=given.messages,
        cache=given.cache,
    )
    rows: dict[str, dict[str, Any]] = {}
    for _ in range(1 if case.once else given.rounds):
        for label, figures, series, x in case.measure(setting):
            row: dict[str, Any] = {"label": label, "series": series, "x": x, "rounds": []}
            rows.setdefault(label, row)["rounds"].append(figures)
    return list(rows.values())


def main() -> None:
    """Do what the command line says."""
    given = options()
    if not sys.platform.startswith("linux"):
        raise SystemExit("The benchmarks need Linux: epoll for the load, and /proc for the server.")
    # What is started inherits it; 10,000 clients are more than most shells allow.
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    names = there(given)
    results: dict[str, Any] = {
        "machine": described(),
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "rounds": given.rounds,
        "cases": {},
    }
    if names > OURS:
        results["machine"]["node"] = f"Node.js {peers.version()}"
    print(", ".join(results["machine"].values()))
    for name in given.case or CASES:
        case = CASES[name]
        done = results["cases"].get(case.shares)
        try:
            rows = done["rows"] if done else run(case, given, names)
        except servers.CannotMeasure as problem:
            raise SystemExit(f"{name}: {problem}") from None
        results["cases"][name] = found = {
            "title": _title(case, given),
            "columns": case.columns,
            "more_is_better": case.more_is_better,
            "rows": rows,
        }
        print(f"\n{name}: {found['title']}\n{table.plain(table.table(found))}", flush=True)
        if given.json is not None:
            given.json.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    raise SystemExit(not all(table.sound(each) for each in results["cases"].values()))


if __name__ == "__main__":
    main()
