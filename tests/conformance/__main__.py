"""Serve `/echo` for a runner of the Autobahn test suite.

The cases of `test_rfc6455.py`, which end in some seconds, are run with all other tests. The rest by
hand, 15 minutes of one core:

    python -m tests.conformance --port 9001 --max-frame 16777216 --max-frames 65536
    kosoku ws://127.0.0.1:9001/echo -o /tmp/report

Section 9 sends messages of up to 16 MiB, in up to 65,536 frames, hence the options; with the
product's own limits most of it fails, as it must. Open /tmp/report/index.html.
"""

import argparse
import sys

import txaio
from twisted.internet import reactor

from chatroom.options import Settings
from chatroom.transports.channel import MAX_FRAMES_A_MESSAGE
from tests.conformance.echo import build_echo_site


def main() -> None:
    """Serve until interrupted, once the address is said."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--port", type=int, default=9001, help="0 is any [default: 9001]")
    parser.add_argument("--max-frame", type=int, default=Settings.max_frame, help="bytes")
    parser.add_argument("--max-frames", type=int, default=MAX_FRAMES_A_MESSAGE, help="a message")
    asked = parser.parse_args()
    txaio.use_twisted()
    txaio.config.loop = reactor
    site = build_echo_site(asked.max_frame, asked.max_frames, reactor)
    port = reactor.listenTCP(asked.port, site, interface="127.0.0.1")
    sys.stdout.write(f"ws://127.0.0.1:{port.getHost().port}/echo\n")
    sys.stdout.flush()
    reactor.run()


if __name__ == "__main__":
    main()
