"""The room behind nginx: over http and https, and where a proxy lets no WebSocket pass."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, ClassVar
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import Request

from playwright.sync_api import expect
from twisted.trial.unittest import SynchronousTestCase

from chatroom.transports.http_waiting import LONGEST_WAIT
from tests.end_to_end.guest import PATIENCE, Guest
from tests.end_to_end.process import TRUSTING, open_url
from tests.interop.clients import WEB, Client, NodeClient, PythonClient
from tests.interop.nginx import CONFIGURATION, Nginx
from tests.interop.test_clients import POLLING, UPGRADE
from tests.web.browser import PageTestCase, in_browser

# Of a session that there is not: who may ask is told so.
POLL = "/socket.io/?EIO=4&transport=polling&sid=x"


class ConfigurationTests(SynchronousTestCase):
    def test_it_is_more_patient_than_the_longest_request(self) -> None:
        (seconds,) = re.findall(r"proxy_read_timeout (\d+)s;", CONFIGURATION)
        self.assertGreater(int(seconds), LONGEST_WAIT)


class Behind(PageTestCase):
    """What holds before every nginx; a test case below says what it is like."""

    options: ClassVar = {"web": WEB, "trust_proxy": True}
    tls = False
    websocket = True

    async def prepare(self) -> None:
        await super().prepare()
        folder = Path(mkdtemp(prefix="chatroom-"))
        self.addCleanup(rmtree, folder)
        self.server = self.url
        port = urlsplit(self.url).port or 0
        nginx = Nginx(folder, port, tls=self.tls, websocket=self.websocket)
        self.addCleanup(nginx.end)
        self.url = nginx.url

    def open_path(self, path: str, body: bytes | None = None, **headers: str) -> Any:
        return open_url(Request(self.url + path, body, headers), timeout=PATIENCE)

    def ask(self, path: str, fields: dict[str, str] | None = None, **headers: str) -> Any:
        body = None if fields is None else json.dumps(fields).encode()
        with self.open_path(path, body, **headers) as answer:
            return json.load(answer)

    @in_browser
    def test_the_tutorials_room(self) -> None:
        windows = [self.window(ignore_https_errors=True) for _ in range(2)]
        for window in windows:
            window.goto(self.url)
            window.wait_for_function(
                "(way) => socket.io.engine?.transport.name === way && socket.connected",
                arg="websocket" if self.websocket else "polling",
            )
        for window, text in zip(windows, ("床前明月光 🌕", "疑是地上霜"), strict=True):
            window.fill("input", text)
            window.click("button")
            expect(windows[0].locator("li").last).to_have_text(text)
        for window in windows:
            expect(window.locator("li")).to_have_text(["床前明月光 🌕", "疑是地上霜"])
            window.evaluate("socket.disconnect() && null")

    @in_browser
    def test_other_clients(self) -> None:
        ways = UPGRADE if self.websocket else POLLING
        with closing(PythonClient()) as python, closing(NodeClient()) as node:
            clients: list[Client] = [python, node]
            for client in clients:
                client.connect(self.url, ways)
                client.hear("joined")
            for client in clients:
                self.assertTrue(client.ask("chat message", "一" * 4000)["ok"])
            for client in clients:
                heard = client.hear("chat message", 2)
                self.assertEqual([event["seq"] for _, event in heard], [1, 2])

    @in_browser
    def test_a_request_that_waits_has_its_answer_when_there_is_news(self) -> None:
        messages = f"/api/v1/rooms/{quote('大厅')}/messages"
        token = self.ask("/api/v1/guests", {"nick": "李白"})["token"]
        with ThreadPoolExecutor() as threads:
            waiting = threads.submit(self.ask, f"{messages}?after=0&wait={LONGEST_WAIT}")
            said = self.ask(messages, {"text": "举头望明月"}, Authorization=f"Bearer {token}")
            [message] = waiting.result(PATIENCE)["messages"]
        self.assertEqual((message["seq"], message["text"]), (said["seq"], "举头望明月"))

    @in_browser
    def test_the_pages_origin_and_cookie_are_those_of_the_proxy(self) -> None:
        with self.open_path("/") as page:
            cookie = page.headers["Set-Cookie"]
        self.assertEqual(cookie.startswith("__Host-chatroom="), self.tls)
        self.assertEqual("secure" in cookie.lower(), self.tls)
        for origin, status in {
            self.url: 400,
            "https://elsewhere.example": 403,
            self.server: 403,
            "null": 403,
        }.items():
            with self.assertRaises(HTTPError, self.open_path, POLL, Origin=origin) as answer:
                self.assertEqual(answer.code, status)


class Passing(Behind):
    """A proxy that lets WebSockets pass."""

    @in_browser
    def test_a_client_of_the_chats_own(self) -> None:
        port = urlsplit(self.url).port or 0
        tls = TRUSTING if self.tls else None
        with closing(Guest(port, tls=tls, room="大厅")) as guest:
            self.assertEqual(guest.say("低头思故乡")["seq"], 1)


class NotPassing(Behind):
    """One that lets none pass: it forwards neither `Upgrade` nor `Connection`."""

    websocket = False

    @in_browser
    def test_a_client_of_the_chats_own_is_told(self) -> None:
        with self.assertRaises(HTTPError, self.open_path, "/ws") as told:
            self.assertEqual(told.code, 426)


class HttpTests(Passing):
    """Over http, WebSockets pass."""


class HttpsTests(Passing):
    """Over https, WebSockets pass."""

    tls = True


class HttpWithoutWebSocketTests(NotPassing):
    """Over http, no WebSocket passes."""


class HttpsWithoutWebSocketTests(NotPassing):
    """Over https, no WebSocket passes."""

    tls = True


del Behind, Passing, NotPassing
