"""The official Socket.IO client for browsers, at the paths that its own server has it.

It is fetched when the package is built (`scripts/fetch_client.py`). Our own page does not use it.
"""

from pathlib import Path

from twisted.web import http
from twisted.web.resource import Resource

from chatroom.assets import Asset
from chatroom.refusal import NOT_ALLOWED, NOT_FOUND, Refusal
from chatroom.transports.http import Request

SCRIPTS = ("socket.io.js", "socket.io.min.js", "socket.io.esm.min.js")
LEFT_OUT = Refusal(
    http.NOT_FOUND,
    "This server was built without the Socket.IO client. "
    "这个服务器安装时没有带上 Socket.IO 客户端。",
)


class ClientFile(Asset):
    """A file of the client: public code, which pages of every site may load."""

    def render_GET(self, request: http.Request) -> bytes | int:
        self.restat(False)
        if not self.isfile():
            return LEFT_OUT.render(request)
        request.setHeader(b"Cross-Origin-Resource-Policy", b"cross-origin")
        # Without it an import as a module fails.
        request.setHeader(b"Access-Control-Allow-Origin", b"*")
        return super().render_GET(request)

    render_HEAD = render_GET


class Bundle(Resource):
    """`/socket.io/`: the client's files, and the engine."""

    def __init__(self, folder: Path, engine: Resource) -> None:
        super().__init__()
        self._engine = engine
        names = [f"{script}{end}" for script in SCRIPTS for end in ("", ".map")]
        self._files = {name.encode(): ClientFile(str(folder / name)) for name in names}

    def getChild(self, path: bytes, request: Request) -> Resource:
        if path == b"" and not request.postpath:
            return self._engine
        file = self._files.get(path)
        if file is None:
            return NOT_FOUND
        return file if request.method in (b"GET", b"HEAD") else NOT_ALLOWED

    def render(self, request: http.Request) -> bytes | int:
        answer: bytes | int = self._engine.render(request)
        return answer
