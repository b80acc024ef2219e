"""Searching over each transport: the same is found by all, and nothing that one may not read."""

from typing import Any
from urllib.parse import quote, urlencode

from twisted.trial.unittest import SynchronousTestCase

from chatroom.core.searching import LONGEST, SEARCHES_A_WINDOW
from tests.memory import SECRET, MemoryServer, Peer
from tests.socketio_peer import Poller, SocketIOPeer
from tests.transports import described
from tests.transports.answers import read, request
from tests.transports.asking import bearer, parsed

WAYS = ("ws", "polling", "websocket", "http")
ROOM = "诗社"


class SearchCase(SynchronousTestCase):
    """A server, people in two rooms, and ways to search."""

    def make(self, **options: Any) -> None:
        self.server = MemoryServer(self, **options)
        self.owner = self.server.enter(ROOM, "李白")
        self.guest = self.server.enter("大厅", "杜甫")
        self.owner.say("床前明月光", id="m1")
        self.guest.say("明月几时有 https://example.com", id="m2")
        self.server.clock.advance(0.1)

    def ask(self, way: str, peer: Peer | None, **fields: Any) -> dict[str, Any]:
        """Search as the user of a peer, or over HTTP as nobody; give the event that answers."""
        if way == "http":
            lines = [] if peer is None else [bearer(peer.welcome["token"])]
            path = "/api/v1/search?" + urlencode(fields)
            [answer] = read(self.server.request(request(path, *lines)))
            described.check("GET", path, answer)
            found: dict[str, Any] = parsed(answer)
            return found
        assert peer is not None
        if way == "ws":
            other = self.server.enter_as(peer, "lobby")
            other.send(type="search", ref="r", **fields)
            [event] = [event for event in other.events() if event.pop("ref", None) == "r"]
            return event
        client: Any = {"polling": Poller, "websocket": SocketIOPeer}[way](self.server)
        client.ask(token=peer.welcome["token"])
        client.heard()
        client.emit("search", fields, ack=7)
        [ack] = [heard[1] for heard in client.heard() if heard[0] == 7]
        told: dict[str, Any] = ack["event"] if ack["ok"] else ack["error"]
        return told

    def texts(self, way: str, peer: Peer | None, q: str = "明月", **fields: Any) -> list[str]:
        found = self.ask(way, peer, q=q, **fields)
        self.assertEqual(found["type"], "found", found)
        return [message["text"][:5] for message in found["messages"]]

    def order(self, peer: Peer, type: str, **fields: Any) -> None:
        peer.send(type=type, ref="r", **{"room": ROOM} | fields)
        [answer] = [event for event in peer.events() if event.get("ref") == "r"]
        self.assertNotEqual(answer["type"], "error", answer)


class FindingTests(SearchCase):
    def test_all_ways_find_the_same(self) -> None:
        self.make()
        expected = self.ask("ws", self.guest, q="明月")
        self.assertEqual(set(expected), {"type", "messages", "next"})
        self.assertEqual(expected["next"], None)
        by_room = {each["room"]: each for each in expected["messages"]}
        self.assertEqual(
            by_room[ROOM],
            {
                "seq": 1,
                "id": "m1",
                "user": self.owner.welcome["user"],
                "nick": "李白",
                "text": "床前明月光",
                "at": self.server.now,
                "room": ROOM,
                "match": [[2, 4]],
            },
        )
        for way in WAYS[1:]:
            self.assertEqual(self.ask(way, self.guest, q="明月"), expected)
        self.assertEqual(self.ask("http", None, q="明月"), expected)

    def test_filters_and_room(self) -> None:
        self.make(rate=0)
        for way in WAYS:
            for fields, expected in (
                ({"q": "明月", "room": ROOM}, ["床前明月光"]),
                ({"q": "明月", "room": " 大厅 "}, ["明月几时有"]),
                ({"q": "has:link"}, ["明月几时有"]),
                ({"q": "from:李白"}, ["床前明月光"]),
                ({"q": f"in:{ROOM} 月"}, ["床前明月光"]),
                ({"q": "明月", "room": "大厅", "limit": 1}, ["明月几时有"]),
                ({"q": "nothing"}, []),
                ({"q": "明月", "room": "nobody was here"}, []),
            ):
                self.assertEqual(self.texts(way, self.guest, **fields), expected, (way, fields))

    def test_pages(self) -> None:
        self.make(rate=0)
        for n in range(7):
            self.server.now += 1000
            self.owner.say(f"第{n}句")
        self.server.clock.advance(0.1)
        for way in WAYS:
            found: list[str] = []
            fields: dict[str, Any] = {}
            for _ in range(4):
                page = self.ask(way, self.guest, q="句", limit=2, **fields)
                found += [each["text"] for each in page["messages"]]
                fields = {"cursor": page["next"]}
            self.assertEqual(found, [f"第{n}句" for n in reversed(range(7))])
            self.assertEqual(fields, {"cursor": None})

    def test_edited_and_deleted(self) -> None:
        self.make()
        self.owner.send(type="edit", room=ROOM, seq=1, text="疑是地上霜")
        self.guest.send(type="delete", room="大厅", seq=1)
        for way in WAYS:
            self.assertEqual(self.texts(way, self.guest), [])
            self.assertEqual(self.texts(way, self.guest, "地上"), ["疑是地上霜"])


class RefusalTests(SearchCase):
    def assert_refused(self, code: str, **fields: Any) -> None:
        for way in WAYS:
            error = self.ask(way, self.guest, **fields)
            self.assertEqual((error["type"], error["code"]), ("error", code), (way, fields))
            self.assertRegex(error["message"], r"\A[A-Z`].+\.\Z")

    def test_nothing_to_search_for(self) -> None:
        self.make()
        for q in ("", " ", "。", '""'):
            self.assert_refused("bad_field", q=q)

    def test_limits(self) -> None:
        self.make(rate=0)
        self.assertEqual(self.texts("ws", self.guest, "月" * LONGEST), [])
        self.assert_refused("too_long", q="月" * (LONGEST + 1))
        for limit in (0, 101):
            self.assert_refused("bad_field", q="月", limit=limit)
        for cursor in ("", "x", "G" * 16, "0" * 17, "a" * 65):
            self.assert_refused("bad_field", q="月", cursor=cursor)
        self.assert_refused("bad_field", q="月", room="a/b")

    def test_a_cursor_that_nobody_gave_leads_somewhere(self) -> None:
        self.make()
        for cursor in ("0" * 16, "f" * 16, "8000000000000000"):
            self.assertLessEqual(len(self.texts("http", None, cursor=cursor)), 2)

    def test_malformed_text_in_the_address(self) -> None:
        self.make()
        for query in (
            "q=%ff",
            "q=from:%ed%a0%80",
            "q=in:%ff",
            "q=a%ff",
            "q=a&room=%ff",
            "q=a&cursor=%ff",
            "room=a",
        ):
            [answer] = read(self.server.request(request("/api/v1/search?" + query)))
            self.assertEqual(answer.status, 400, query)
        path = f"/api/v1/search?q={quote('a' + chr(0))}"
        [answer] = read(self.server.request(request(path)))
        self.assertIn(answer.status, (200, 400))

    def test_so_many_in_ten_seconds(self) -> None:
        self.make()
        for n in range(SEARCHES_A_WINDOW):
            self.assertEqual(len(self.texts(WAYS[n % 4], self.guest)), 2)
        for way in WAYS:
            error = self.ask(way, self.guest, q="月")
            self.assertEqual((error["code"], error["retry_after"]), ("too_fast", 10))
        self.assertEqual(len(self.texts("http", self.owner)), 2)
        self.assertEqual(len(self.texts("http", None)), 2)
        self.server.clock.advance(10)
        self.assertEqual(len(self.texts("ws", self.guest)), 2)

    def test_without_a_token_all_from_one_address(self) -> None:
        self.make()
        for _ in range(SEARCHES_A_WINDOW):
            self.texts("http", None)
        self.assertEqual(self.ask("http", None, q="月")["code"], "too_fast")
        self.server.address = "192.0.2.8"
        self.assertEqual(len(self.texts("http", None)), 2)

    def test_with_no_rate_any_number(self) -> None:
        self.make(rate=0)
        for _ in range(SEARCHES_A_WINDOW + 1):
            self.texts("http", None)

    def test_too_many_that_wait(self) -> None:
        self.make(rate=0)
        self.server.hold_reads = True
        peers = [self.server.connect(nick=f"n{n}") for n in range(51)]
        for peer in peers:
            peer.send(type="search", q="月")
        self.assertEqual(peers[49].events()[-1]["type"], "welcome")
        error = peers[50].events()[-1]
        self.assertEqual((error["code"], error["retry_after"]), ("too_fast", 1))
        # One thread at most is at it.
        self.assertEqual(len(self.server.held), 1)
        self.server.release()
        for peer in peers[:50]:
            self.assertEqual(peer.events()[-1]["type"], "found")

    def test_when_storage_is_away(self) -> None:
        self.make()
        self.server.server.database.log.close()
        error = self.ask("http", self.guest, q="月")
        self.assertEqual(error["code"], "unavailable")


class PermissionTests(SearchCase):
    def assert_hidden(self, peer: Peer | None, why: str, ways: tuple[str, ...] = WAYS) -> None:
        for way in ways:
            self.assertEqual(self.texts(way, peer), ["明月几时有"], way)
            for q in (f"in:{ROOM}", "from:李白", f"床 in:{ROOM}"):
                self.assertEqual(self.texts(way, peer, q), [])
            error = self.ask(way, peer, q="明月", room=ROOM)
            self.assertEqual((error["code"], error["why"]), ("forbidden", why), way)

    def assert_open(self, peer: Peer) -> None:
        for way in WAYS:
            self.assertEqual(set(self.texts(way, peer)), {"明月几时有", "床前明月光"}, way)
            self.assertEqual(self.texts(way, peer, room=ROOM), ["床前明月光"])

    def make(self, **options: Any) -> None:
        super().make(**{"rate": 0} | options)

    def test_a_closed_room(self) -> None:
        self.make()
        for rules, why in (({"locked": True}, "locked"), ({"password": "芝麻"}, "password")):
            self.order(self.owner, "rule", **rules)
            self.assert_hidden(self.guest, why)
            self.assert_hidden(None, why, ("http",))
            self.assert_open(self.owner)
            user = self.guest.welcome["user"]
            self.order(self.owner, "appoint", user=user, role="member")
            self.assert_open(self.guest)
            self.order(self.owner, "appoint", user=user, role="guest")
            self.assert_hidden(self.guest, why)
            self.order(self.owner, "rule", locked=False, password="")
            self.assert_open(self.guest)

    def test_who_owns_the_server_finds_all(self) -> None:
        self.make()
        self.order(self.owner, "rule", locked=True)
        self.guest.send(type="own", secret=SECRET)
        self.assert_open(self.guest)

    def test_who_is_banned(self) -> None:
        self.make()
        self.order(self.owner, "ban", user=self.guest.welcome["user"], seconds=60)
        self.assert_hidden(self.guest, "banned")
        self.server.now += 61_000
        self.assert_open(self.guest)

    def test_whose_network_is_banned(self) -> None:
        self.make()
        self.server.address = "198.51.100.1"
        bad = self.server.enter(ROOM, "坏人")
        self.order(self.owner, "ban", user=bad.welcome["user"], network=True)
        other = self.server.connect(nick="邻居")
        other.welcome = other.events()[0]
        self.assert_hidden(other, "network")
        self.assert_hidden(None, "network", ("http",))
        self.server.address = "192.0.2.7"
        self.assert_open(self.guest)

    def test_who_is_banned_from_the_server_finds_nothing(self) -> None:
        self.make()
        self.order(self.owner, "own", room=None, secret=SECRET)
        path = f"/api/v1/bans/{self.guest.welcome['user']}"
        lines = (bearer(self.owner.welcome["token"]), b"Content-Length: 2")
        [answer] = read(self.server.request(request(path, *lines, method=b"PUT") + b"{}"))
        self.assertEqual(answer.status, 204)
        self.assertEqual(self.texts("http", self.guest), [])

    def test_while_it_is_searched(self) -> None:
        """What is closed between the reading and the answer is not told."""
        self.make()
        peer = self.server.enter_as(self.guest, "lobby")
        self.server.hold_reads = True
        peer.send(type="search", q="明月")
        job, waiting = self.server.held.popleft()
        found = job()
        self.server.hold_reads = False
        self.order(self.owner, "rule", locked=True)
        waiting.callback(found)
        self.server.settle()
        [event] = peer.events()
        self.assertEqual([each["text"][:5] for each in event["messages"]], ["明月几时有"])
