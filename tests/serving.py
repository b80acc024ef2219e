"""A real server of this process, on a port of its own, for the tests that need sockets."""

from pathlib import Path
from random import SystemRandom
from typing import Any

from twisted.internet import reactor
from twisted.trial.unittest import TestCase

from chatroom.options import Settings
from chatroom.service import Chatroom


async def serve(test: TestCase, **options: Any) -> str:
    """Start a server that ends with the test; give its address, such as http://127.0.0.1:4711."""
    return (await start(test, **options))[1]


async def start(
    test: TestCase, owner_secret: str | None = None, **options: Any
) -> tuple[Chatroom, str]:
    """Start a server as `serve` does; give its service, too."""
    settings = Settings(**{"data": Path(test.mktemp()).absolute(), "port": 0} | options)
    service = Chatroom(settings, reactor, SystemRandom(), owner_secret)
    service.startService()

    def stop() -> object:
        # A test may have stopped it.
        return service.stopService() if service.running else None

    test.addCleanup(stop)
    return service, f"http://127.0.0.1:{service.port}"
