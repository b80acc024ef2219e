"""The Socket.IO client as it is served, and what is beside it."""

import json
import os
from pathlib import Path

from twisted.web.resource import Resource
from twisted.web.server import Request

from chatroom import server
from chatroom.bundle import SCRIPTS, Bundle
from chatroom.transports.http import Site
from scripts import fetch_client
from tests.memory import MemoryServer
from tests.test_site import SiteCase
from tests.transports.answers import request

FILES = [f"{script}{end}" for script in SCRIPTS for end in ("", ".map")]


class BundleCase(SiteCase):
    """A server of an installation whose client was made by the test."""

    def setUp(self) -> None:
        self.installed = Path(self.mktemp()).absolute()
        self.folder = self.installed / "vendor" / "socket.io"
        self.folder.mkdir(parents=True)
        (self.installed / "index.html").write_text("our own")
        for name in FILES:
            (self.folder / name).write_text(f"the text of {name}")
        (self.folder / "LICENSE").write_text("MIT")
        self.patch(server, "page_folder", lambda: self.installed)
        super().setUp()


class ClientTests(BundleCase):
    def test_all_that_is_pinned_is_served(self) -> None:
        pinned = json.loads(fetch_client.PIN.read_bytes())["files"]
        self.assertEqual({Path(path).name for path in pinned}, {*FILES, "LICENSE"})

    def test_scripts_and_their_maps(self) -> None:
        for name in FILES:
            kind = "application/json" if name.endswith(".map") else "text/javascript"
            answer = self.get(f"/socket.io/{name}")
            self.assertEqual(answer.status, 200, name)
            self.assertEqual(answer.header("content-type"), f"{kind}; charset=utf-8")
            self.assertEqual(answer.body, f"the text of {name}".encode())

    def test_a_page_of_ones_own_has_it_too(self) -> None:
        web = Path(self.mktemp())
        web.mkdir()
        (web / "index.html").write_text("another")
        self.server = MemoryServer(self, web=web)
        self.assertEqual(self.get("/").body, b"another")
        self.assertEqual(self.get("/socket.io/socket.io.js").body, b"the text of socket.io.js")

    def test_every_site_may_load_it_as_a_script_or_a_module(self) -> None:
        answer = self.get("/socket.io/socket.io.esm.min.js", b"Origin: https://www.example.org")
        self.assertEqual(answer.header("cross-origin-resource-policy"), "cross-origin")
        self.assertEqual(answer.header("access-control-allow-origin"), "*")
        self.assertIsNone(answer.header("access-control-allow-credentials"))
        self.assertIsNone(answer.header("set-cookie"))
        self.assertEqual(answer.header("x-content-type-options"), "nosniff")

    def test_it_is_asked_for_anew_and_sent_when_it_is_another(self) -> None:
        first = self.get("/socket.io/socket.io.js")
        self.assertEqual(first.header("cache-control"), "no-cache")
        known = b"If-None-Match: " + (first.header("etag") or "").encode()
        again = self.get("/socket.io/socket.io.js", known)
        self.assertEqual((again.status, again.body), (304, b""))
        self.assertEqual(again.header("access-control-allow-origin"), "*")
        file = self.folder / "socket.io.js"
        file.write_text("an upgrade")
        os.utime(file, (1_000_000_000, 1_000_000_000))
        upgraded = self.get("/socket.io/socket.io.js", known)
        self.assertEqual((upgraded.status, upgraded.body), (200, b"an upgrade"))

    def test_head_is_get_without_the_body(self) -> None:
        got = self.get("/socket.io/socket.io.js")
        head = self.ask(request("/socket.io/socket.io.js", method=b"HEAD"), bodies=False)
        self.assertEqual((head.status, head.body), (200, b""))
        self.assertEqual(head.header("content-length"), str(len(got.body)))

    def test_it_is_only_to_be_read(self) -> None:
        for method in (b"POST", b"PUT", b"DELETE", b"OPTIONS"):
            answer = self.ask(
                request("/socket.io/socket.io.js", b"Content-Length: 0", method=method)
            )
            self.assertEqual((answer.status, answer.header("allow")), (405, "GET, HEAD"))

    def test_a_server_without_it_says_so_until_it_is_there(self) -> None:
        for file in self.folder.iterdir():
            file.unlink()
        for name in FILES:
            answer = self.get(f"/socket.io/{name}")
            self.assertEqual(answer.status, 404)
            self.assertIn(b"built without the Socket.IO client", answer.body)
        (self.folder / "socket.io.js").write_text("fetched")
        self.assertEqual(self.get("/socket.io/socket.io.js").body, b"fetched")


class Engine(Resource):
    """Answers with the method."""

    isLeaf = True

    def render(self, request: Request) -> bytes:
        request.setHeader(b"Content-Type", b"text/plain")
        return b"%s to the engine" % request.method


class EngineTests(BundleCase):
    """The path itself is the engine's, whatever the method."""

    def setUp(self) -> None:
        super().setUp()
        root = Resource()
        root.putChild(b"socket.io", Bundle(self.folder, Engine()))
        self.server.site = Site(root, False, self.server.clock)

    def test_the_engine(self) -> None:
        for path in ("/socket.io", "/socket.io/", "/socket.io/?EIO=4&transport=polling"):
            for method in (b"GET", b"POST", b"OPTIONS"):
                answer = self.ask(request(path, b"Content-Length: 0", method=method))
                self.assertEqual((answer.status, answer.body), (200, b"%s to the engine" % method))

    def test_what_is_neither_its_nor_a_file_of_the_client(self) -> None:
        for path in (
            "/socket.io/x",
            "/socket.io//",
            "/socket.io/x/socket.io.js",
            "/socket.io/socket.io.msgpack.min.js",
            "/socket.io/LICENSE",
        ):
            self.assertEqual(self.get(path).status, 404, path)

    def test_nothing_is_below_a_file_or_beside_the_folder(self) -> None:
        for path in ("/socket.io/socket.io.js/", "/socket.io/socket.io.js/x", "/socket.io/..%2fx"):
            self.assertEqual(self.get(path).status, 404)
