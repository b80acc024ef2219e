"""Commands started as a person types them, which end with the test and may complain of nothing."""

import os
import re
import shutil
import signal
import ssl
import subprocess
import sysconfig
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPSHandler, ProxyHandler, build_opener

from twisted.trial.unittest import SynchronousTestCase

ROOT = Path(__file__).parents[2]
# On a busy machine a start takes seconds; what hangs takes for ever.
PATIENCE = 30.0
LOOK_EVERY = 0.02
COMPLAINT = re.compile("critical|Traceback|Unhandled", re.IGNORECASE)
PAGE = re.compile(r"https?://localhost:\d+/")

# Every way to keep the server in the foreground, as the README has them.
FOREGROUND = {
    "twistd -n": ("twistd", "-n", "--pidfile=", "chatroom"),
    "twist": ("twist", "chatroom"),
    "python -m twisted": ("python", "-m", "twisted", "chatroom"),
    "python -m chatroom": ("python", "-m", "chatroom"),
}
DAEMON = ("twistd", "chatroom")

# A certificate made for a test is signed by nobody.
TRUSTING = ssl.create_default_context()
TRUSTING.check_hostname = False
TRUSTING.verify_mode = ssl.CERT_NONE
# The proxy that the environment may name is for the world outside.
open_url = build_opener(ProxyHandler({}), HTTPSHandler(context=TRUSTING)).open


def environment(**more: str) -> dict[str, str]:
    """Give an environment in which the commands are those beside this Python."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("CHATROOM_")},
        "PATH": os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")]),
        "PYTHONPATH": str(ROOT),
        # Whatever the terminal speaks from which the tests are run.
        "LC_ALL": "C.UTF-8",
        **more,
    }


def wait_until(condition: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Look until the condition holds, or raise an `AssertionError` that says what was awaited."""
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain until {what}")
        time.sleep(LOOK_EVERY)


def complaints(text: str) -> list[str]:
    """Give the lines of an output that tell of a failure."""
    return [line for line in text.splitlines() if COMPLAINT.search(line)]


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be reaped does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


class Done(NamedTuple):
    """A command that has ended."""

    status: int
    out: str
    err: str


class Process:
    """A command that runs in a folder, its output in files there."""

    def __init__(self, command: tuple[str, ...], folder: Path, **more: str) -> None:
        self.folder = folder
        self._out = folder / "out.txt"
        self._err = folder / "err.txt"
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self._popen = subprocess.Popen(
                command,
                cwd=folder,
                env=environment(**more),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )
        self.pid = self._popen.pid

    @property
    def out(self) -> str:
        """What it has written to its standard output."""
        return self._out.read_text(errors="surrogateescape")

    @property
    def err(self) -> str:
        """What it has written to its standard error."""
        return self._err.read_text(errors="surrogateescape")

    @property
    def log(self) -> str:
        """What it has written anywhere: a daemon has a file for its log."""
        log = self.folder / "twistd.log"
        return self.out + self.err + (log.read_text() if log.exists() else "")

    def tells(self, line: str) -> bool:
        """Whether its log has this line, or has it escaped, as in JSON or for a poor terminal."""
        return line in self.log or line.encode("ascii", "backslashreplace").decode() in self.log

    @property
    def status(self) -> int | None:
        """The status it ended with."""
        return self._popen.poll()

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._popen.send_signal(number)

    def wait(self, patience: float = PATIENCE) -> Done:
        """Wait until it ends by itself."""
        try:
            return Done(self._popen.wait(patience), self.out, self.err)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {patience} s:\n{self.log}") from None

    def end(self) -> None:
        """Kill it if it is still there, and the daemon that it left behind."""
        pidfile = self.folder / "twistd.pid"
        with suppress(FileNotFoundError, ProcessLookupError, ValueError):
            os.kill(int(pidfile.read_text()), signal.SIGKILL)
        self._popen.kill()
        self._popen.wait()


class Server(Process):
    """A chat room that serves by the time it is made."""

    def __init__(self, command: tuple[str, ...], folder: Path, **more: str) -> None:
        super().__init__(command, folder, **more)
        try:
            wait_until(self._shows_its_page, "the page's address is shown")
            self.page = PAGE.findall(self.out)[0]
            self.port = urlsplit(self.page).port or 0
            wait_until(self._serves, "the page is served")
        except BaseException:
            self.end()
            raise

    def _shows_its_page(self) -> bool:
        if self.status:
            raise AssertionError(f"ended with {self.status}:\n{self.log}")
        return PAGE.search(self.out) is not None

    def _serves(self) -> bool:
        if self.status:
            raise AssertionError(f"ended with {self.status}:\n{self.log}")
        with suppress(URLError), open_url(self.page, timeout=PATIENCE):
            return True
        return False

    @property
    def data(self) -> Path:
        """The data folder, as it was shown at the start."""
        return Path(re.findall(r"data: (.+)", self.out)[0])

    def memory(self) -> int:
        """The resident memory, in bytes."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) * 1024


class EndToEndTestCase(SynchronousTestCase):
    """Starts processes, kills them when it is over, and fails if one has complained."""

    def folder(self) -> Path:
        """Make an empty folder; trial's own has a path too long for the sentences of an error."""
        folder = Path(mkdtemp(prefix="chatroom-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        return folder

    def run_to_the_end(self, *command: str, folder: Path | None = None, **more: str) -> Done:
        """Run a command that ends by itself."""
        process = Process(command, folder or self.folder(), **more)
        self.addCleanup(process.end)
        return process.wait()

    def serve(self, *command: str, folder: Path | None = None, **more: str) -> Server:
        """Start a server on a free port, with `python -m chatroom` unless told otherwise."""
        command = command or FOREGROUND["python -m chatroom"]
        if "--port" not in command and "CHATROOM_PORT" not in more:
            command += ("--port", "0")
        server = Server(command, folder or self.folder(), **more)
        self.addCleanup(self._finish, server)
        return server

    def _finish(self, server: Server) -> None:
        server.end()
        self.assertEqual(complaints(server.log), [], server.log)
