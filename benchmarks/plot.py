"""Draws results: `python -m benchmarks.plot FILE … [--plots DIR]`, as SVG, one for each case.

Wants matplotlib: `pip install matplotlib`, or the project's extra `bench`.
"""

import argparse
from pathlib import Path
from typing import Any

from benchmarks.document import cases_of
from benchmarks.figures import counts, medians
from benchmarks.table import COLUMNS

try:
    import matplotlib as mpl
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
except ImportError:
    raise SystemExit(
        "The plots need matplotlib: pip install matplotlib, or pip install '.[bench]'"
    ) from None

PLOTS = Path("docs/benchmarks")
BARS = {
    "fanout": "deliveries_per_s",
    "durable": "sent_per_s",
    "latency": "p99_ms",
    "idle": "client_kib",
    "connect": "connect_s",
}
"""What is compared between servers, by case."""
CURVES = {
    "clients": (("clients", "deliveries_per_s"), ("clients", "p99_ms")),
    "rooms": (("rooms", "sent_per_s"), ("rooms", "message_us")),
    "memory": (("clients", "rss_mib"), ("messages", "rss_mib")),
    "start": (("messages", "start_s"),),
}
"""What grows and what of it is drawn, by case."""
OURS, OTHERS = "#2f6f8f", "#b9c4ca"


def bars(cases: dict[str, Any]) -> Figure | None:
    """Draw the servers side by side, a small picture for each case."""
    drawn = [name for name in BARS if name in cases]
    if not drawn:
        return None
    figure = Figure(figsize=(2.4 * len(drawn), 2.4), layout="constrained")
    for axes, name in zip(figure.subplots(1, len(drawn), squeeze=False)[0], drawn, strict=True):
        rows = {row["label"]: medians(row["rounds"]) for row in cases[name]["rows"]}
        sound = {label: row[BARS[name]] for label, row in rows.items() if counts(row)}
        colours = [OURS if label.startswith("chatroom") else OTHERS for label in sound]
        drawn_bars = axes.bar(list(sound), list(sound.values()), color=colours)
        axes.bar_label(
            drawn_bars, fmt=lambda value: f"{value:,.{0 if value > 99 else 1}f}", fontsize=8
        )
        axes.set_title(f"{name}: {COLUMNS[BARS[name]][0]}", fontsize=9)
        axes.yaxis.set_visible(False)
        axes.spines["left"].set_visible(False)
        _plain(axes)
    return figure


def curves(name: str, case: dict[str, Any]) -> Figure:
    """Draw what becomes of a figure when there is more."""
    wanted = CURVES[name]
    figure = Figure(figsize=(3.6 * len(wanted), 2.6), layout="constrained")
    every = figure.subplots(1, len(wanted), squeeze=False)[0]
    for axes, (series, column) in zip(every, wanted, strict=True):
        rows = [(row["x"], medians(row["rounds"])) for row in case["rows"]
                if row["series"] == series]  # fmt: skip
        points = [(x, row[column]) for x, row in rows if counts(row)]
        axes.plot(*zip(*points, strict=True), color=OURS, marker="o")
        places = [x for x, _ in points]
        # None at all has a place too.
        axes.set_xscale("symlog", linthresh=max(1, min(filter(None, places), default=1)))
        axes.set_xticks(places, [f"{x:,}" for x in places])
        axes.minorticks_off()
        axes.set_xlabel(series)
        axes.set_title(COLUMNS[column][0], fontsize=9)
        axes.set_ylim(0, 1.1 * max(y for _, y in points))
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
        _plain(axes)
    return figure


def _plain(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plot", description=__doc__)
    parser.add_argument("file", nargs="+", type=Path, help="made with --json")
    parser.add_argument("--plots", type=Path, default=PLOTS, metavar="DIR")
    given = parser.parse_args()
    cases = cases_of(given.file)
    mpl.rc("font", size=9)
    figures = {"servers": bars(cases)}
    figures |= {name: curves(name, cases[name]) for name in CURVES if name in cases}
    given.plots.mkdir(parents=True, exist_ok=True)
    # The same results make the same files.
    mpl.rc("svg", hashsalt="chatroom", fonttype="none")
    for name, figure in figures.items():
        if figure is not None:
            path = given.plots / f"{name}.svg"
            figure.savefig(path, metadata={"Date": None})
            print(path)


if __name__ == "__main__":
    main()
