"""A server made of answers, for what a real one does only when something is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, WebSocketRoute

ME = "me"
NICK = "李白"


class ScriptedServer:
    """Lets everybody in at once; what it does with a `say` and with a returning client is for the test to set."""

    def __init__(self, page: Page) -> None:
        self.heard: list[dict[str, Any]] = []
        self.connections = 0
        self.epoch = "e1"
        self.log: list[dict[str, Any]] = []
        self.nick = NICK
        self.longest = 20
        self.members = [{"user": ME, "nick": NICK}]
        self.on_say: Callable[[dict[str, Any]], None] = self.accept
        page.route_web_socket("**/ws", self._connected)

    def _connected(self, socket: WebSocketRoute) -> None:
        self.socket = socket
        self.connections += 1
        socket.on_message(self._received)
        self.welcome()

    def _received(self, frame: str | bytes) -> None:
        command = json.loads(frame)
        self.heard.append(command)
        answer = getattr(self, "on_" + command["type"], None)
        if answer:
            answer(command)

    def send(self, **event: Any) -> None:
        self.socket.send(json.dumps(event))

    def welcome(self, **fields: Any) -> None:
        self.send(
            type="welcome",
            protocol=1,
            client="c",
            user=ME,
            nick=self.nick,
            token="t",
            limits={"text": self.longest, "rate": 30},
            **fields,
        )

    def on_ping(self, command: dict[str, Any]) -> None:
        self.send(type="pong", at=1_700_000_000_000)

    def on_hello(self, command: dict[str, Any]) -> None:
        self.welcome(ref=command.get("ref"))

    def on_join(self, command: dict[str, Any]) -> None:
        recovered = {}
        if "since" in command:
            recovered["recovered"] = command.get("epoch") == self.epoch and command["since"] <= len(
                self.log
            )
        self.send(
            type="joined",
            room=command["room"],
            epoch=self.epoch,
            seq=len(self.log),
            oldest=1,
            members=self.members,
            count=max(1, len(self.members)),
            ref=command.get("ref"),
            **recovered,
        )
        for event in self.log[command.get("since", 0) :] if recovered.get("recovered") else []:
            self.send(type="said", room=command["room"], **event)

    def on_history(self, command: dict[str, Any]) -> None:
        self.send(
            type="history",
            room=command["room"],
            messages=self.log,
            more=False,
            as_of=len(self.log),
            oldest=self.log[0]["seq"] if self.log else None,
            newest=self.log[-1]["seq"] if self.log else None,
            ref=command.get("ref"),
        )

    def store(
        self, text: str, user: str = "other", nick: str = "杜甫", **fields: Any
    ) -> dict[str, Any]:
        event = dict(
            seq=len(self.log) + 1, user=user, nick=nick, text=text, at=1_700_000_000_000, **fields
        )
        self.log.append(event)
        return event

    def accept(self, command: dict[str, Any]) -> None:
        event = self.store(command["text"], ME, NICK, id=command["id"])
        self.send(type="said", room=command["room"], **event)

    def refuse(self, code: str, message: str = "No.", **fields: Any) -> None:
        """Answers what was said last."""
        self.send(type="error", code=code, message=message, id=self.said[-1]["id"], **fields)

    @property
    def said(self) -> list[dict[str, Any]]:
        return [command for command in self.heard if command["type"] == "say"]
