"""The cases of the Autobahn test suite, run by kosoku against `python -m tests.conformance`."""

import json
import subprocess
import sys
import tracemalloc
import zlib
from collections import Counter
from pathlib import Path
from shutil import which

import txaio
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from tests.conformance.echo import build_echo_site
from tests.lesson.frames import BINARY, CLOSE, client_frame, read_frames
from tests.memory import Wire
from tests.transports.answers import handshake

ROOT = Path(__file__).parent.parent.parent
# Sections 1 to 7 and 10 are RFC 6455; those of 12 and 13 a sample of RFC 7692.
CASES = tuple(f"{section}.*" for section in (1, 2, 3, 4, 5, 6, 7, 10))
SAMPLE = ("12.1.1", "12.1.2", "12.1.3", "13.3.1")
# 7.1.6, 7.13.1 and 7.13.2 have no right answer: they show what a server does.
INFORMATIONAL = 3
PATIENCE = 120


class Rfc6455Tests(SynchronousTestCase):
    def serve(self) -> str:
        """Start the command; give the address that it says."""
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.conformance", "--port", "0"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        return server.stdout.readline().strip()

    def test_every_case_is_passed_strictly(self) -> None:
        report = Path(self.mktemp())
        command = which("kosoku", path=str(Path(sys.executable).parent)) or which("kosoku")
        asked = [word for case in (*CASES, *SAMPLE) for word in ("--include", case)]
        run = subprocess.run(
            [command, self.serve(), *asked, "--parallelism", "2", "--outdir", str(report)],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        # The runner is content with NON-STRICT; we are not.
        (results,) = json.loads((report / "index.json").read_text()).values()
        bad = {
            case: (result["behavior"], result["behaviorClose"])
            for case, result in results.items()
            if result["behavior"] not in ("OK", "INFORMATIONAL")
            or result["behaviorClose"] not in ("OK", "INFORMATIONAL")
        }
        self.assertEqual(bad, {})
        counted = Counter(result["behavior"] for result in results.values())
        self.assertEqual(counted, {"OK": 251 - INFORMATIONAL, "INFORMATIONAL": INFORMATIONAL})


class DeflateTests(SynchronousTestCase):
    """Only here is deflate accepted, so only here can it be misused."""

    OFFER = b"Sec-WebSocket-Extensions: permessage-deflate"
    RSV1 = 0x40

    def connect(self) -> Wire:
        clock = Clock()
        self.patch(txaio.config, "loop", clock)
        site = build_echo_site(65536, 1024, clock)
        wire = Wire(clock, "192.0.2.7")
        wire.protocol = site.buildProtocol(wire.getPeer())
        wire.protocol.makeConnection(wire)
        wire.receive(handshake("/echo", self.OFFER))
        head, _, wire.taken = wire.taken.partition(b"\r\n\r\n")
        self.assertIn(b"Sec-WebSocket-Extensions: permessage-deflate", head)
        return wire

    def deflated(self, data: bytes) -> bytes:
        """A compressed message by RFC 7692, 7.2.1."""
        deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = deflate.compress(data) + deflate.flush(zlib.Z_SYNC_FLUSH)
        return client_frame(BINARY | self.RSV1, packed[:-4])

    def test_a_message_as_large_as_the_limit_comes_back(self) -> None:
        wire = self.connect()
        wire.receive(self.deflated(bytes(65536)))
        # `read_frames` would take RSV1 for part of the opcode.
        self.assertEqual(wire.taken[0], 0x80 | self.RSV1 | BINARY)

    def test_a_bomb_is_refused_before_it_is_large(self) -> None:
        bomb = self.deflated(bytes(30_000_000))
        self.assertLess(len(bomb), 65536)
        wire = self.connect()
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        wire.receive(bomb)
        _, peak = tracemalloc.get_traced_memory()
        self.assertLess(peak, 1_000_000)
        (frame,) = read_frames(wire.taken)
        self.assertEqual((frame.opcode, int.from_bytes(frame.payload[:2])), (CLOSE, 1009))
