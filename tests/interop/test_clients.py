"""The official client in Node.js and Chromium, and Python's: by polling, by WebSocket, by both."""

import json
from collections.abc import Sequence
from contextlib import closing
from typing import ClassVar
from urllib.parse import urlsplit

from twisted.trial.unittest import SynchronousTestCase

from scripts import fetch_client
from tests.end_to_end.guest import Guest
from tests.interop.clients import HERE, WEB, ChromiumClient, Client, NodeClient, PythonClient
from tests.interop.served import ServedTestCase, TlsTestCase
from tests.web.browser import PageTestCase, in_browser

POLLING = ("polling",)
WEBSOCKET = ("websocket",)
UPGRADE = ("polling", "websocket")
# What a room keeps in memory is less.
MANY = 1000


class PinTests(SynchronousTestCase):
    def test_the_client_is_the_one_that_browsers_get(self) -> None:
        lock = json.loads((HERE / "package-lock.json").read_bytes())
        ours = json.loads(fetch_client.PIN.read_bytes())
        its = lock["packages"]["node_modules/socket.io-client"]
        self.assertEqual((its["version"], its["integrity"]), (ours["version"], ours["integrity"]))


class InterOperation(PageTestCase):
    """What every client must be able to do; a test case below says which client it is."""

    options: ClassVar = {"rate": 0, "web": WEB}

    def client(self) -> Client:
        raise NotImplementedError

    def guest(self, **query: object) -> Guest:
        return Guest(urlsplit(self.url).port or 0, room="大厅", **query)

    def talk(self, ways: Sequence[str]) -> None:
        with closing(self.client()) as libai, closing(self.guest(nick="杜甫")) as dufu:
            libai.connect(self.url, ways, room="大厅", nick="李白")
            [[welcome]] = libai.hear("welcome")
            [[joined]] = libai.hear("joined")
            self.assertEqual((welcome["nick"], joined["seq"]), ("李白", 0))
            answer = libai.ask("chat message", "床前明月光 🌕", {"id": "m1"})
            self.assertEqual(answer, {"ok": True, "seq": 1})
            [[text, event]] = libai.hear("chat message")
            self.assertEqual(
                (text, event["seq"], event["id"], event["nick"]), ("床前明月光 🌕", 1, "m1", "李白")
            )
            said = dufu.hear("said")
            self.assertEqual((said["text"], said["nick"]), ("床前明月光 🌕", "李白"))
            dufu.say("疑是地上霜 👨‍👩‍👧")
            [[text, event]] = libai.hear("chat message")
            self.assertEqual((text, event["nick"]), ("疑是地上霜 👨‍👩‍👧", "杜甫"))
            refused = libai.ask("chat message", " ")
            self.assertEqual((refused["ok"], refused["error"]["code"]), (False, "bad_field"))
            page = libai.ask("history", {"room": "大厅"})["event"]
            self.assertEqual(
                [message["text"] for message in page["messages"]],
                ["床前明月光 🌕", "疑是地上霜 👨‍👩‍👧"],
            )
            libai.leave()
            dufu.hear("left")
            missed = [dufu.say(text)["seq"] for text in ("举头望明月", "低头思故乡")]
            position = {"since": 2, "epoch": joined["epoch"], "token": welcome["token"]}
            libai.connect(self.url, ways, room="大厅", **position)
            [[again]] = libai.hear("joined")
            self.assertEqual((again["recovered"], again["seq"]), (True, missed[-1]))
            dufu.say("好诗")
            heard = [event["seq"] for _, event in libai.hear("chat message", 3)]
            self.assertEqual(heard, [3, 4, 5])
            [[event]] = [libai.ask("members", {"room": "大厅"})["event"]["members"][1:]]
            self.assertEqual(event["user"], welcome["user"])

    def catch_up(self, ways: Sequence[str]) -> None:
        with closing(self.guest()) as guest, closing(self.client()) as client:
            for number in range(1, MANY + 1):
                guest.send("say", text=f"第{number}句")
            for _ in range(MANY):
                guest.hear("said")
            client.connect(self.url, ways, room="大厅", since=0)
            guest.say("到了")
            heard = client.hear("chat message", MANY + 1)
            self.assertEqual([event["seq"] for _, event in heard], list(range(1, MANY + 2)))
            self.assertEqual(heard[MANY - 1][0], f"第{MANY}句")
            self.assertEqual(client.ask("ping")["ok"], True)

    @in_browser
    def test_talking_over_polling(self) -> None:
        self.talk(POLLING)

    @in_browser
    def test_talking_over_websocket(self) -> None:
        self.talk(WEBSOCKET)

    @in_browser
    def test_talking_after_the_upgrade(self) -> None:
        self.talk(UPGRADE)

    @in_browser
    def test_a_thousand_messages_wait_for_a_polling_client(self) -> None:
        self.catch_up(POLLING)

    @in_browser
    def test_a_thousand_messages_wait_for_one_that_upgrades(self) -> None:
        self.catch_up(UPGRADE)


class NodeTests(InterOperation):
    """The official client in Node.js."""

    def client(self) -> Client:
        return NodeClient()


class ChromiumTests(InterOperation):
    """The official client in Chromium."""

    def client(self) -> Client:
        return ChromiumClient(self.window())


class PythonTests(InterOperation):
    """The client of python-socketio."""

    def client(self) -> Client:
        return PythonClient()


class FloodingTests(ServedTestCase):
    """Who floods is told, and does not come back by itself."""

    @in_browser
    def test_the_socket_is_taken_away(self) -> None:
        for ways in (POLLING, WEBSOCKET):
            for client, reason in (
                (NodeClient(), "io server disconnect"),
                (PythonClient(), "server disconnect"),
            ):
                with closing(client):
                    client.connect(self.url, ways)
                    # 100 are carried out, 100 more refused.
                    for _ in range(201):
                        client.tell("ping")
                    [[told]] = client.hear("closing")
                    self.assertEqual(told["code"], 1008)
                    self.assertEqual(client.hear("disconnect"), [[reason]])


class TlsTests(TlsTestCase):
    """Over https, where nobody has signed the certificate."""

    @in_browser
    def test_clients_by_every_way(self) -> None:
        for ways in (POLLING, WEBSOCKET, UPGRADE):
            for client in (NodeClient(), PythonClient()):
                with closing(client):
                    client.connect(self.url, ways)
                    client.hear("joined")
                    self.assertTrue(client.ask("chat message", "低头思故乡")["ok"])
                    self.assertEqual(client.hear("chat message")[0][0], "低头思故乡")


del InterOperation
