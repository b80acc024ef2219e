"""One room, whatever carries it: all at once, and everyone sees the same."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from urllib.request import Request

from tests.end_to_end.guest import PATIENCE, Guest
from tests.end_to_end.process import open_url
from tests.interop.clients import WEB, Client, NodeClient, PythonClient
from tests.interop.served import ServedTestCase
from tests.interop.test_clients import POLLING, WEBSOCKET
from tests.web.browser import in_browser

WHO = ("ws", "socket.io", "polling", "http", "page")
EACH = 400
ALL = len(WHO) * EACH
MESSAGES = "/api/v1/rooms/lobby/messages"


def lines(who: str) -> list[str]:
    """What one of them says."""
    return [f"{who} 第{number}句" for number in range(EACH)]


def over_websocket(guest: Guest) -> list[str]:
    """Say one's lines on `/ws`; give all that was said."""
    for text in lines("ws"):
        guest.send("say", text=text)
    return [guest.hear("said")["text"] for _ in range(ALL)]


def over_socketio(client: Client, who: str) -> list[str]:
    """Say them over Socket.IO."""
    for text in lines(who):
        client.tell("chat message", text)
    return [text for text, _ in client.hear("chat message", ALL)]


class OneRoomTests(ServedTestCase):
    """A client of `/ws`, two of Socket.IO, one of plain HTTP, and a page."""

    arguments = ("--rate", "0", "--web", str(WEB))

    def ask(self, path: str, fields: dict[str, str] | None = None, token: str = "") -> dict:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        body = None if fields is None else json.dumps(fields).encode()
        with open_url(Request(self.url + path, body, headers), timeout=2 * PATIENCE) as answer:
            return json.load(answer)

    def post_all(self) -> None:
        token = self.ask("/api/v1/guests", {"nick": "http"})["token"]
        for text in lines("http"):
            self.ask(MESSAGES, {"text": text}, token)

    def wait_for_all(self) -> list[str]:
        texts: list[str] = []
        after = 0
        while len(texts) < ALL:
            page = self.ask(f"{MESSAGES}?after={after}&wait=25")
            texts += [message["text"] for message in page["messages"]]
            after = page["newest"] or after
        return texts

    @in_browser
    def test_two_thousand_messages_from_all_of_them_at_once(self) -> None:
        with ExitStack() as stack:
            guest = stack.enter_context(closing(Guest(self.server.port, room="lobby")))
            polling, websocket = PythonClient(), NodeClient()
            for client, ways in ((polling, POLLING), (websocket, WEBSOCKET)):
                stack.enter_context(closing(client))
                client.connect(self.url, ways)
                client.hear("joined")
            page = self.window()
            page.goto(self.url)
            page.wait_for_function(
                "socket.connected && socket.io.engine.transport.name === 'websocket'"
            )
            threads = stack.enter_context(ThreadPoolExecutor())
            told = [
                threads.submit(over_websocket, guest),
                threads.submit(over_socketio, polling, "polling"),
                threads.submit(over_socketio, websocket, "socket.io"),
                threads.submit(self.wait_for_all),
            ]
            posting = threads.submit(self.post_all)
            page.evaluate(
                "(texts) => texts.forEach((text) => socket.emit('chat message', text))",
                lines("page"),
            )
            page.wait_for_function(
                f"document.querySelectorAll('li').length >= {ALL}", timeout=60_000
            )
            posting.result()
            seen = [each.result() for each in told]
            seen.append(page.locator("li").all_text_contents())
        first = seen[0]
        self.assertEqual(sorted(first), sorted(text for who in WHO for text in lines(who)))
        for other in seen[1:]:
            self.assertEqual(other, first)
        for who in WHO:
            self.assertEqual([text for text in first if text.startswith(f"{who} ")], lines(who))
