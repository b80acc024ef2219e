"""The servers that are measured: this one, started as a user would, and others on Node.js."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from benchmarks import peers
from benchmarks.figures import Figures
from benchmarks.machine import memory_kib, on_processor

ROOT = Path(__file__).parent.parent
PATIENCE = 60.0
"""Seconds for a start, and for a stop."""
SETTLING = 0.5
LOAD_PATIENCE = 600
TWIST = ("-m", "twisted")


class CannotMeasure(Exception):
    """Says in one sentence what is wrong with a server, or with the load on it."""


@dataclass(frozen=True)
class Server:
    """One that can be started."""

    title: str
    dialect: str
    command: Callable[[int, Path], list[str]]
    """By the port and the folder for its data."""


def chatroom(program: tuple[str, ...] = TWIST) -> Callable[[int, Path], list[str]]:
    """Give the command of this server; a load is not held to what one person may send."""
    return lambda port, data: [
        *(sys.executable, *program, "chatroom"),
        *("--port", str(port), "--data", str(data), "--rate", "0"),
    ]


CHATROOM = Server("chatroom", "json", chatroom())
CHATROOM_SOCKETIO = Server("chatroom, by Socket.IO", "socketio-room", chatroom())
SOCKETIO = Server("Socket.IO", "socketio", lambda port, data: peers.command("socketio.js", port))
WS = Server("ws", "text", lambda port, data: peers.command("ws.js", port))


@dataclass
class Running:
    """A server that answers."""

    server: Server
    port: int
    pid: int
    started_s: float
    """How long it took until it answered."""
    rss_kib: int
    """Before anybody came."""

    def load(self, **options: float) -> Figures:
        """Put a load on it, with the options of `benchmarks.load`; raises `CannotMeasure`."""
        words = [f"--{name}={value}" for name, value in options.items()]
        command = (sys.executable, "-m", "benchmarks.load", str(self.port), self.server.dialect)
        with on_processor(1):
            load = subprocess.Popen(
                [*command, *words, "--pid", str(self.pid)],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        try:
            printed, complaint = load.communicate(timeout=LOAD_PATIENCE)
        except subprocess.TimeoutExpired:
            load.kill()
            load.wait()
            raise CannotMeasure(f"{self.server.title}: the load did not end") from None
        if load.returncode:
            raise CannotMeasure(f"{self.server.title}: {complaint.strip()}")
        found: Figures = json.loads(printed)
        clients = options["clients"]
        found["client_kib"] = (memory_kib(self.pid, "VmHWM") - self.rss_kib) / clients
        found["connection_us"] = found["connect_s"] / clients * 1e6
        if found.get("deliveries"):
            found["delivery_us"] = found["cpu_s"] / found["deliveries"] * 1e6
            found["message_us"] = found["cpu_s"] / found["sent"] * 1e6
        return found


@contextmanager
def started(server: Server, data: Path | None = None) -> Iterator[Running]:
    """Start a server, on a processor of its own if there are two, and stop it.

    Without `data` it begins with none. Raises `CannotMeasure`.
    """
    with tempfile.TemporaryDirectory() as temporary, tempfile.TemporaryFile() as log:
        port = _free_port()
        environment = {k: v for k, v in os.environ.items() if not k.startswith("CHATROOM_")}
        began = time.monotonic()
        with on_processor(0):
            process = subprocess.Popen(
                server.command(port, data or Path(temporary, "data")),
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            while not _answers(port):
                if process.poll() is not None or time.monotonic() - began > PATIENCE:
                    log.seek(0)
                    said = log.read()[-2000:].decode(errors="replace")
                    raise CannotMeasure(f"{server.title} did not start: {said}")
                time.sleep(0.005)
            took = time.monotonic() - began
            time.sleep(SETTLING)
            rss = memory_kib(process.pid, "VmRSS")
            yield Running(server, port, process.pid, took, rss)
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    """Whether there is an answer to a request for the page, whatever it is."""
    line = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        line.request("GET", "/")
        line.getresponse().read()
    except (OSError, HTTPException):
        return False
    finally:
        line.close()
    return True
