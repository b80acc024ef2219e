"""nginx before a server, with the very configuration that docs/operations.md has."""

import os
import re
import shutil
import socket
from contextlib import suppress
from pathlib import Path

from tests.end_to_end.certificates import make_certificate
from tests.end_to_end.process import Process, wait_until
from tests.test_docs import OPERATIONS, blocks

# Not on everyone's path.
ALSO_IN = "/usr/local/sbin:/usr/sbin"
(CONFIGURATION,) = blocks(OPERATIONS, "nginx")
# Nothing goes to folders of the system's, and it is one process, which is killed alone.
SURROUNDINGS = """
master_process off;
pid nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    {}
}}
"""


def replaced(text: str, *pairs: tuple[str, str]) -> str:
    """Replace what must be there."""
    for old, new in pairs:
        if old not in text:
            raise AssertionError(f"docs/operations.md no longer has {old!r}")
        text = text.replace(old, new)
    return text


def configure(server: int, own: int, certificate: tuple[Path, Path] | None, websocket: bool) -> str:
    """Give the documented configuration with ports and paths of the test's."""
    text = replaced(CONFIGURATION, ("127.0.0.1:3000", f"127.0.0.1:{server}"))
    text = replaced(text, ("listen 443", f"listen 127.0.0.1:{own} reuseport"))
    if certificate is None:
        text = without(replaced(text, (" ssl;", ";")), "ssl_certificate")
    else:
        documented = ("/etc/ssl/chat.pem", "/etc/ssl/chat.key")
        text = replaced(text, *zip(documented, map(str, certificate), strict=True))
    if not websocket:
        text = without(text, "proxy_set_header Upgrade", "proxy_set_header Connection")
    return text


def without(text: str, *beginnings: str) -> str:
    """Leave out the lines that begin so, of which there must be some."""
    for beginning in beginnings:
        text, found = re.subn(rf"^ *{beginning}.*\n", "", text, flags=re.MULTILINE)
        if not found:
            raise AssertionError(f"docs/operations.md no longer has {beginning!r}")
    return text


class Nginx(Process):
    """One that serves by the time it is made."""

    def __init__(self, folder: Path, server: int, *, tls: bool, websocket: bool) -> None:
        program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:{ALSO_IN}")
        if program is None:
            raise AssertionError("No nginx: install it (apt-get install nginx).")
        certificate = make_certificate(folder) if tls else None
        # Kept until nginx has the port too, so that nobody else is given it meanwhile.
        with socket.socket() as reserved:
            reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            reserved.bind(("127.0.0.1", 0))
            self._address = reserved.getsockname()
            port = self._address[1]
            text = configure(server, port, certificate, websocket)
            (folder / "nginx.conf").write_text(SURROUNDINGS.format(text))
            command = (program, "-p", str(folder), "-c", "nginx.conf", "-g", "daemon off;")
            super().__init__(command, folder)
            try:
                wait_until(self._serves, "nginx serves")
            except BaseException:
                self.end()
                raise
        self.url = f"{'https' if tls else 'http'}://localhost:{port}"

    def _serves(self) -> bool:
        if self.status is not None:
            raise AssertionError(f"ended with {self.status}:\n{self.log}")
        with suppress(ConnectionRefusedError), socket.create_connection(self._address):
            return True
        return False
