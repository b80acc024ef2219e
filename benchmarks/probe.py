"""How late a reactor is: `python -m benchmarks.probe FILE chatroom [OPTIONS]`, or FILE alone.

Runs the server as `python -m twisted` does, or nothing, with a call that wants to come every
millisecond. At the end FILE has the moments when each was due, in seconds by the monotonic clock,
and how much later it came.
"""

import json
import runpy
import sys
import time
from array import array
from pathlib import Path

from twisted.internet.interfaces import IReactorTime

INTERVAL = 0.001
"""In seconds. A shorter one would be the load itself."""


class Probe:
    """A call that comes again and again, and knows when it should have."""

    def __init__(self, reactor: IReactorTime) -> None:
        self._reactor = reactor
        self._due = 0.0
        self.due = array("d")
        self.late = array("d")

    def start(self) -> None:
        """Be due."""
        self._due = time.monotonic() + INTERVAL
        self._reactor.callLater(INTERVAL, self._come)

    def _come(self) -> None:
        self.due.append(self._due)
        self.late.append(time.monotonic() - self._due)
        self.start()

    def write(self, path: Path) -> None:
        """Write down all there is."""
        path.write_text(json.dumps({"due": list(self.due), "late": list(self.late)}))


def main(path: Path, server: list[str]) -> None:
    """Run until a signal says stop."""
    from twisted.internet import reactor

    probe = Probe(reactor)
    reactor.callWhenRunning(probe.start)
    reactor.addSystemEventTrigger("after", "shutdown", probe.write, path)
    if server:
        sys.argv = ["twist", *server]
        runpy.run_module("twisted", run_name="__main__")
    else:
        reactor.run()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
