"""How long the server's reactor stands still while 10,000 clients are there, and one that idles."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.cases import Measured, Setting
from benchmarks.figures import Figures, percentile
from benchmarks.machine import on_processor
from benchmarks.servers import ROOT, Server, chatroom, started

RATE = 20
"""Messages a second."""
STARTING = 1.0


def measure(setting: Setting) -> Iterator[Measured]:
    """Ask the idle process first, on the same processor, then the server."""
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary, "probe.json")
        program = ("-m", "benchmarks.probe", str(file))
        with on_processor(0):
            idle = subprocess.Popen([sys.executable, *program], cwd=ROOT)
        time.sleep(STARTING + setting.seconds)
        idle.terminate()
        idle.wait()
        yield Measured("an idle process", _between(file, 0, time.monotonic()))
        with started(Server("chatroom", "json", chatroom(program))) as running:
            load = running.load(clients=setting.clients, rate=RATE, seconds=setting.seconds)
        connecting = _between(file, load["came"], load["came"] + load["connect_s"])
        yield Measured("while they connect", connecting)
        sound = {name: load[name] for name in ("missing", "closed", "p50_ms", "p99_ms")}
        under_load = _between(file, load["began"], load["ended"])
        yield Measured(f"at {RATE} messages/s", under_load | sound)


def _between(file: Path, began: float, ended: float) -> Figures:
    found = json.loads(file.read_bytes())
    pairs = zip(found["due"], found["late"], strict=True)
    late = sorted(late for due, late in pairs if began <= due <= ended)
    parts = {"stall_p50_ms": 0.5, "stall_p999_ms": 0.999, "stall_max_ms": 1.0}
    return {name: percentile(late, part) * 1000 for name, part in parts.items()}
