"""The machine: what it is, its processors, and what Linux tells of a process in /proc."""

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def cpu_seconds(pid: int) -> float:
    """Give the seconds of processor that a process has used, all of its threads; 0 of none."""
    if not pid:
        return 0
    # The name before, in brackets, may have spaces in it.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def memory_kib(pid: int, field: str) -> int:
    """Give one of the sizes in a process's status in KiB, such as VmHWM; 0 of none."""
    if not pid:
        return 0
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1])
    return 0


@contextmanager
def on_processor(place: int) -> Iterator[None]:
    """Let what is started here have the first processor for itself, or what is left: 0 or 1.

    Where there is one only, all share it.
    """
    whole = os.sched_getaffinity(0)
    processors = sorted(whole)
    if len(processors) > 1:
        os.sched_setaffinity(0, processors[1:] if place else processors[:1])
    try:
        yield
    finally:
        os.sched_setaffinity(0, whole)


def described() -> dict[str, str]:
    """Say on what machine it is."""
    return {
        "processor": f"{len(os.sched_getaffinity(0))} × {_processor()}",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') >> 20:,} MiB",
        "system": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
