"""What became of messages and of the room while one was away is told on coming back."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.transports.asking import ApiCase
from tests.transports.lobby import CARRIERS

SECRET = "举头望明月低头思故乡"


class ResumingTests(ApiCase):
    def setUp(self) -> None:
        self.start(rate=0)
        self.owner = self.server.enter("诗社", "李白")
        self.other = self.server.enter("诗社", "杜甫")

    def positions(self) -> dict[str, Any]:
        joined = self.server.enter_as(self.other, "诗社").joined
        return {"since": joined["seq"], "epoch": joined["epoch"]}

    def what_happens(self) -> list[str]:
        """Do all that there is to be done; give the types of what the log then has."""
        self.other.cut()
        for command in (
            {"type": "edit", "seq": 1, "text": "疑是地上霜"},
            {"type": "react", "seq": 1, "emoji": "👍"},
            {"type": "unreact", "seq": 1, "emoji": "👍"},
            {"type": "delete", "seq": 2},
            {"type": "mute", "user": self.other.welcome["user"], "seconds": 60},
            {"type": "rule", "slow": 5},
            {"type": "appoint", "user": self.other.welcome["user"], "role": "member"},
        ):
            self.owner.send(room="诗社", **command)
        return ["edited", "reacted", "unreacted", "deleted", "moderated", "ruled", "appointed"]

    def say_two(self) -> None:
        for text in ("床前明月光", SECRET):
            self.owner.say(text)

    def test_over_ws(self) -> None:
        self.say_two()
        position = self.positions()
        expected = self.what_happens()
        back = self.server.enter_as(self.other, "诗社")
        back.send(type="join", room="诗社", **position)
        joined, *told = back.events()
        self.assertTrue(joined["recovered"])
        self.assertEqual([event["type"] for event in told], expected)

    def test_over_socket_io(self) -> None:
        self.say_two()
        position = self.positions()
        expected = self.what_happens()
        for kind in CARRIERS:
            client = kind(self.server)
            token = self.other.welcome["token"]
            heard = client.enter(room="诗社", token=token, **position)
            self.assertTrue(client.joined["recovered"])
            self.assertEqual([event[0] for event in heard[3:]], expected)

    def test_over_http(self) -> None:
        self.say_two()
        position = self.positions()
        expected = self.what_happens()
        query = f"since={position['since']}&epoch={position['epoch']}"
        page = self.get(f"/api/v1/rooms/%E8%AF%97%E7%A4%BE/events?{query}")
        self.assertEqual([event["type"] for event in page["events"]], expected)

    def test_a_deleted_text_is_in_no_answer_and_in_no_backup(self) -> None:
        self.say_two()
        self.what_happens()
        again = self.server.enter_as(self.other, "诗社")
        again.send(type="join", room="诗社", since=0)
        again.send(type="history", room="诗社")
        told = str(again.events())
        for path in ("messages", "events?since=0", "messages?after=0"):
            told += str(self.get(f"/api/v1/rooms/%E8%AF%97%E7%A4%BE/{path}"))
        self.assertNotIn(SECRET, told)
        copy = Path(self.mktemp())
        database = self.server.settings.data / "chatroom.db"
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        self.assertNotIn(SECRET.encode(), copy.read_bytes())
