"""Ending by a signal as by one's own will: in order, and with status 0."""

import signal
from typing import Any

STOPPING = [
    getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGBREAK") if hasattr(signal, name)
]


def stop_on_signals(reactor: Any) -> None:
    """Stop the reactor on SIGTERM and SIGINT, once it runs.

    Twisted's own handlers end the process by the signal again (status 143), so that whoever
    started the server takes an ordered stop for a crash.
    """

    def stop(number: int, frame: object) -> None:
        for each in STOPPING:
            signal.signal(each, signal.SIG_IGN)
        reactor.callFromThread(reactor.stop)

    def install() -> None:
        for each in STOPPING:
            signal.signal(each, stop)

    reactor.callWhenRunning(install)
