"""A browser with a server that is not like others: a process of its own, or one with TLS."""

from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from urllib.parse import urlsplit

from tests.end_to_end.certificates import make_certificate
from tests.end_to_end.process import FOREGROUND, Server, complaints
from tests.web.browser import PageTestCase


class ServedTestCase(PageTestCase):
    """Starts a server as a person does; what it complains of fails the test."""

    # What stands behind the command.
    arguments: tuple[str, ...] = ()

    async def prepare(self) -> None:
        folder = Path(mkdtemp(prefix="chatroom-"))
        self.addCleanup(rmtree, folder)
        command = (*FOREGROUND["python -m chatroom"], "--port", "0", *self.arguments)
        self.server = Server(command, folder)
        self.addCleanup(self._finish)
        self.url = f"http://localhost:{self.server.port}"

    def _finish(self) -> None:
        self.server.end()
        self.assertEqual(complaints(self.server.log), [], self.server.log)


class TlsTestCase(PageTestCase):
    """Gives the server a certificate that nobody has signed."""

    async def prepare(self) -> None:
        folder = Path(mkdtemp(prefix="chatroom-"))
        self.addCleanup(rmtree, folder)
        certificate, key = make_certificate(folder)
        self.options = {**self.options, "certificate": certificate, "key": key}
        await super().prepare()
        self.url = f"https://localhost:{urlsplit(self.url).port}"
