"""What is made of many figures: percentiles, medians, and whether a row counts."""

import statistics
from collections.abc import Sequence

Figures = dict[str, float]

VOID = ("missing", "closed")
"""Where one of these is anything but 0, the others of the row do not count."""


def percentile(ordered: Sequence[float], part: float) -> float:
    """Give the least of ordered values that `part` of them, 0 to 1, do not exceed; 0 of none."""
    if not ordered:
        return 0
    return ordered[max(0, -int(-part * len(ordered) // 1) - 1)]


def medians(rounds: Sequence[Figures]) -> Figures:
    """Give the median of each figure; of those that must be 0, what there is in all rounds."""
    names = dict.fromkeys(name for each in rounds for name in each)
    values = {name: [each[name] for each in rounds if name in each] for name in names}
    return {
        name: sum(map(abs, found)) if name in VOID else statistics.median(found)
        for name, found in values.items()
    }


def counts(row: Figures) -> bool:
    """Whether every delivery is there and nobody was closed."""
    return not any(row.get(name, 0) for name in VOID)
