"""The table of a case, for a terminal and for a document."""

from collections.abc import Sequence
from typing import Any

from benchmarks.figures import VOID, Figures, counts, medians

COLUMNS = {
    "deliveries_per_s": ("deliveries/s", ",.0f"),
    "sent_per_s": ("messages/s", ",.0f"),
    "p50_ms": ("p50, ms", ",.1f"),
    "p99_ms": ("p99, ms", ",.1f"),
    "max_ms": ("longest, ms", ",.1f"),
    "median_ms": ("median, ms", ",.2f"),
    "delivery_us": ("CPU a delivery, µs", ",.2f"),
    "message_us": ("CPU a message, µs", ",.0f"),
    "load_busy": ("load busy", ".0%"),
    "client_kib": ("KiB a client", ",.1f"),
    "connect_s": ("all in after, s", ",.2f"),
    "connection_us": ("a connection, µs", ",.0f"),
    "resume_s": ("all have all after, s", ",.2f"),
    "stall_p50_ms": ("median, ms", ",.2f"),
    "stall_p999_ms": ("99.9 %, ms", ",.1f"),
    "stall_max_ms": ("longest, ms", ",.1f"),
    "rss_mib": ("memory, MiB", ",.1f"),
    "start_s": ("start, s", ",.2f"),
    "times": ("times", ",.0f"),
    "ratio": ("to Socket.IO", ".2f"),
    "missing": ("missing", ",.0f"),
    "closed": ("closed", ",.0f"),
}
"""The head of each and the form of its figures."""
VOID_MARK = "does not count"
BASE = "Socket.IO"


def table(case: dict[str, Any]) -> list[list[str]]:
    """Make the cells of what a case came to, as it stands in a file of results; the head first."""
    rows = {row["label"]: medians(row["rounds"]) for row in case["rows"]}
    base = rows.get(BASE, {})
    names = [*case["columns"], *(["ratio"] if base and len(rows) > 1 else [])]
    names += [name for name in VOID if any(name in row for row in rows.values())]
    head = ["", *(COLUMNS[name][0] for name in names)]
    if not sound(case):
        head.append("")
    found = [head]
    for label, row in rows.items():
        if counts(row) and counts(base):
            row["ratio"] = _ratio(row, base, case)
        cells = [format(row[name], COLUMNS[name][1]) if name in row else "" for name in names]
        void = [] if sound(case) else ["" if counts(row) else VOID_MARK]
        found.append([label, *cells, *void])
    return found


def _ratio(row: Figures, base: Figures, case: dict[str, Any]) -> float:
    """How many times better than the base, in the first column."""
    figure = case["columns"][0]
    ours, theirs = row.get(figure, 0), base.get(figure, 0)
    if not (ours and theirs):
        return 0
    return ours / theirs if case["more_is_better"] else theirs / ours


def sound(case: dict[str, Any]) -> bool:
    """Whether all rows count."""
    return all(counts(medians(row["rounds"])) for row in case["rows"])


def plain(cells: Sequence[Sequence[str]]) -> str:
    """Lay a table out for a terminal."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = []
    for first, *rest in cells:
        texts = [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        lines.append("  ".join([first.ljust(widths[0]), *texts]).rstrip())
    return "\n".join(lines)


def markdown(cells: Sequence[Sequence[str]]) -> str:
    """Write a table for a document."""
    head, *rows = cells
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))
