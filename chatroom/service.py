"""The server as Twisted starts and stops it: twistd's plugin names this module."""

import os
import random
import secrets
import sys
import time
from dataclasses import replace
from typing import Any, NoReturn, cast

from twisted.application.service import Service
from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred, DeferredList, maybeDeferred
from twisted.internet.interfaces import IListeningPort
from twisted.logger import Logger

from chatroom import listening
from chatroom.banner import banner
from chatroom.core.interfaces import Random
from chatroom.garbage import Garbage
from chatroom.options import Options, Settings
from chatroom.server import Server
from chatroom.signals import stop_on_signals
from chatroom.storage import files
from chatroom.storage.owner_links import is_owned
from chatroom.storage.schema import StorageError
from chatroom.storage.threads import Threads

__all__ = ["Options", "makeService"]


def makeService(options: Options) -> "Chatroom":
    """Make the service that `options` ask for; twistd's entry point.

    twistd forks after this, so nothing is opened here that would have to survive. What would keep
    the server from starting is found out all the same, and said while there is a terminal.
    """
    from twisted.internet import reactor

    settings = options.settings
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show Chinese gets it escaped; by default the line would be lost.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        files.check(settings.data)
        port = listening.free_port(settings)
        list(listening.endpoints(settings, reactor))
    except (StorageError, listening.CannotListen) as error:
        raise SystemExit(f"chatroom: {error}") from None
    # Wall time jumps, and with it every timer (twisted issue 2424).
    reactor.seconds = time.monotonic  # type: ignore[method-assign]
    owner_secret = None if is_owned(settings.data) else secrets.token_urlsafe()
    sys.stdout.write(banner(settings, port, sys.stdout, owner_secret))
    sys.stdout.flush()
    stop_on_signals(reactor)
    settings = replace(settings, port=port)
    return Chatroom(settings, reactor, random.SystemRandom(), owner_secret)


class StartFailure(Exception):
    """Why the server, detached, cannot start.

    twistd's first process is still at the terminal. It shows the name and the text of an exception,
    and would wait for ever if it were a `SystemExit`.
    """

    __module__, __qualname__ = "builtins", "chatroom"


class Chatroom(Service):
    """One server as Twisted starts and stops it."""

    _log = Logger()

    def __init__(
        self, settings: Settings, reactor: Any, rng: Random, owner_secret: str | None = None
    ) -> None:
        self._settings = settings
        self._reactor = reactor
        self._ports: list[IListeningPort] = []
        self._threads = Threads(reactor)
        self._garbage = Garbage(reactor)
        self._made_in = os.getpid()
        self.server = Server(
            settings,
            reactor=reactor,
            rng=rng,
            wall=lambda: time.time_ns() // 1_000_000,
            write=self._threads.write,
            read=self._threads.read,
            hash=self._threads.hash,
            owner_secret=owner_secret,
        )

    @property
    def page(self) -> str:
        """The page's address on this machine."""
        scheme = "http" if self._settings.certificate is None else "https"
        return self._settings.public_url or f"{scheme}://localhost:{self.port}/"

    @property
    def port(self) -> int:
        """The port of the first address listened on."""
        return int(cast(IPv4Address, self._ports[0].getHost()).port)

    def startService(self) -> None:
        """Open everything, or end the start with one sentence."""
        try:
            site = self.server.open()
            for endpoint in listening.endpoints(self._settings, self._reactor):
                self._ports.append(listening.listen(endpoint, site))
        except (StorageError, listening.CannotListen) as error:
            self._give_up(error)
        self._threads.start()
        self.server.watch()
        self._garbage.begin()
        super().startService()
        self._log.info("服务器开启")

    def _give_up(self, reason: Exception) -> NoReturn:
        if os.getpid() != self._made_in:
            # The log gets what ended the process: there, too, a sentence is enough.
            sys.tracebacklimit = 0
            raise StartFailure(reason) from None
        # By now twistd has put its log in the place of sys.stderr.
        print(f"chatroom: {reason}", file=sys.__stderr__)
        raise SystemExit(1)

    async def _stop(self) -> None:
        self._garbage.end()
        await DeferredList([maybeDeferred(port.stopListening) for port in self._ports])
        try:
            await self.server.close()
        except TimeoutError:
            # Python would wait for the thread that waits for the disk.
            self._log.warn("the disk does not answer; what it was given last may be lost")
            self._reactor.addSystemEventTrigger("after", "shutdown", os._exit, 0)
        else:
            self._threads.stop()

    def stopService(self) -> Deferred[None]:
        """Let nobody in any more, then close the server."""
        super().stopService()
        return Deferred.fromCoroutine(self._stop())
