"""Serve the echo for a suite that is run by hand.

`python -m tests.conformance --port 9001 --max-frame 20000000`, and beside it
`kosoku ws://127.0.0.1:9001/echo -o report` runs all sections. Section 9 sends up to 16 MiB a frame;
at the product's own limit those are closed with 1009, as they must be.
"""

import argparse

import txaio
from twisted.internet import reactor

from tests.conformance.echo import MAX_FRAME, echo_site


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=9001)
    parser.add_argument("--max-frame", type=int, default=MAX_FRAME)
    chosen = parser.parse_args()
    txaio.use_twisted()
    txaio.config.loop = reactor
    site = echo_site(reactor, chosen.max_frame)
    port = reactor.listenTCP(chosen.port, site, interface="127.0.0.1")
    print(f"ws://127.0.0.1:{port.getHost().port}/echo", flush=True)  # noqa: T201
    reactor.run()


if __name__ == "__main__":
    main()
