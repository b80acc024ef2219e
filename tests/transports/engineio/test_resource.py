"""The one path: whose session it is, which pages may come, how many there may be."""

import json

from tests.core.test_chat import types
from tests.socketio_peer import PATH, Poller, SocketIOPeer
from tests.transports.answers import Answer, handshake, read, request
from tests.transports.lobby import CARRIERS, LobbyCase, names

OPEN = f"{PATH}?EIO=4&transport=polling"
OWN = "http://chat.test"
NAMED = "https://www.example.org"
FOREIGN = "https://evil.example"


class ResourceCase(LobbyCase):
    def ask(self, path: str, *lines: bytes, method: bytes = b"GET") -> Answer:
        """One request without a body, or a handshake when the path asks for a WebSocket."""
        if "transport=websocket" in path and method == b"GET":
            [answer] = read(self.server.request(handshake(path, *lines)))
            return answer
        length = [b"Content-Length: 0"] if method != b"GET" else []
        data = request(path, *lines, *length, method=method)
        [answer] = read(self.server.request(data), bodies=method != b"HEAD")
        return answer

    @property
    def count(self) -> int:
        """How many sessions there are."""
        return len(self.server.server.engine.sessions)


class BadRequestTests(ResourceCase):
    """400 with the code that Engine.IO has for it, and no session."""

    def test_each_has_its_code(self) -> None:
        for query, code in (
            ("", 5),
            ("?EIO=3&transport=polling", 5),
            ("?EIO=4", 0),
            ("?EIO=4&transport=", 0),
            ("?EIO=4&transport=polling&sid=", 1),
            ("?EIO=4&transport=polling&sid=unknown", 1),
            ("?EIO=4&transport=polling&sid=%FF%00", 1),
        ):
            answer = self.ask(PATH + query)
            self.assertEqual((answer.status, json.loads(answer.body)["code"]), (400, code), query)
            self.assertEqual(answer.header("content-type"), "application/json")
        for method in (b"POST", b"PUT", b"DELETE", b"PATCH", b"HEAD"):
            self.assertEqual(self.ask(OPEN, method=method).status, 400)
        self.assertEqual(self.ask(f"{PATH}?EIO=4&transport=websocket", method=b"POST").status, 400)
        self.assertEqual(self.count, 0)

    def test_names_that_mean_something_elsewhere_mean_nothing_here(self) -> None:
        for name in ("__proto__", "constructor", "toString", "flash", "Polling", "1", "a" * 7_000):
            for query in (f"EIO=4&transport={name}", f"EIO={name}&transport=polling"):
                self.assertEqual(self.ask(f"{PATH}?{query}").status, 400, name)
                self.assertEqual(self.ask(f"{PATH}?{query}&sid={name}").status, 400, name)
            sid = f"EIO=4&transport=websocket&sid={name}"
            self.assertEqual(self.ask(f"{PATH}?{sid}").status, 400, name)
        self.assertEqual(self.count, 0)

    def test_of_a_parameter_that_is_there_twice_the_first_counts(self) -> None:
        self.assertEqual(self.ask(f"{PATH}?EIO=3&EIO=4&transport=polling").status, 400)
        self.assertEqual(self.ask(f"{PATH}?EIO=4&EIO=3&transport=polling&transport=x").status, 200)

    def test_further_parameters_change_nothing(self) -> None:
        self.assertEqual(self.ask(f"{OPEN}&t=abc&b64=1&{'a' * 10_000}=1").status, 200)
        self.assertEqual(self.ask(f"{OPEN}{'&a=1' * 98}").status, 200)
        self.assertEqual(self.ask(f"{OPEN}{'&a=1' * 99}").status, 400)

    def test_another_method_for_a_session_that_there_is(self) -> None:
        poller = Poller(self.server)
        for method in (b"PUT", b"DELETE", b"PATCH", b"HEAD"):
            self.assertEqual(self.ask(f"{OPEN}&sid={poller.sid}", method=method).status, 400)
        poller.enter()

    def test_the_path_without_its_slash_is_the_same(self) -> None:
        self.assertEqual(self.ask("/socket.io?EIO=4&transport=polling").status, 200)


class OwnerTests(ResourceCase):
    """A session belongs to whoever opened it."""

    def assert_kept_out(self, owner: Poller, headers: dict[str, str]) -> None:
        """Who shows these headers gets nothing of the owner's session by its `sid`."""
        session = f"{OPEN}&sid={owner.sid}"
        lines = [f"{name}: {value}".encode() for name, value in headers.items()]
        self.assertEqual(self.ask(session, *lines).status, 400)
        self.assertEqual(self.ask(session, *lines, method=b"POST").status, 400)
        socket = session.replace("polling", "websocket")
        self.assertEqual(self.ask(socket, *lines).status, 400)

    def test_nobody_else_has_anything_of_it(self) -> None:
        li, bai = (self.server.tokens_of(user) for user in ("li", "bai"))
        as_cookie, as_bearer = "Cookie: chatroom={}", "Authorization: Bearer {}"
        for way in (as_cookie, as_bearer):
            owner = Poller(self.server, dict([way.format(li).split(": ")]))
            owner.enter()
            self.assert_kept_out(owner, {})
            for other in (as_cookie, as_bearer):
                self.assert_kept_out(owner, dict([other.format(bai).split(": ")]))
                self.assert_kept_out(owner, dict([other.format("nobody's").split(": ")]))
            # Nothing has changed: the request that waited still does.
            self.assertIsNone(owner.poll())
            self.du.say("床前")
            self.assertEqual(owner.heard()[0][1], "床前")

    def test_who_came_as_a_stranger_may_have_got_a_token_since(self) -> None:
        """A page in another tab gives the browser its cookie."""
        client = Poller(self.server)
        client.enter()
        client._headers = {"Cookie": f"chatroom={self.server.tokens_of('bai')}"}
        client.emit("ping", ack=1)
        self.assertEqual(names(client.heard())[-1], 1)

    def test_the_owner_may_show_the_token_by_another_way(self) -> None:
        token = self.server.tokens_of("li")
        owner = Poller(self.server, {"Cookie": f"chatroom={token}"})
        socket = SocketIOPeer(self.server, {"Authorization": f"Bearer {token}"}, sid=owner.sid)
        socket.give("2probe", "5")
        self.assertEqual(socket.take(), ["3probe"])

    def test_ids_cannot_be_guessed(self) -> None:
        sids = {Poller(self.server).sid for _ in range(100)}
        self.assertEqual(len(sids), 100)
        # 24 characters of base64, with no padding, are 144 bits.
        self.assertTrue(all(len(sid) == 24 and "=" not in sid for sid in sids))

    def test_the_id_that_others_see_is_another(self) -> None:
        for client in self.opened():
            [connected, *_] = client.enter()
            self.assertNotIn(connected[1]["sid"], self.server.server.engine.sessions)


class OriginTests(ResourceCase):
    """Which pages may come."""

    def origins(self, sid: str, *lines: bytes) -> list[Answer]:
        session = f"{OPEN}&sid={sid}"
        return [
            self.ask(OPEN, *lines),
            self.ask(session, *lines),
            self.ask(session, *lines, method=b"POST"),
            self.ask(session.replace("polling", "websocket"), *lines),
            self.ask(OPEN.replace("polling", "websocket"), *lines),
        ]

    def test_a_foreign_one_may_not_even_with_a_valid_cookie(self) -> None:
        token = self.server.tokens_of("li")
        owner = Poller(self.server, {"Cookie": f"chatroom={token}"})
        owner.enter()
        cookie = f"Cookie: chatroom={token}".encode()
        for origin in (FOREIGN, "null", "file://", "http://chat.test.evil.example"):
            answers = self.origins(owner.sid, cookie, f"Origin: {origin}".encode())
            self.assertEqual([answer.status for answer in answers], [403] * 5, origin)
            for answer in answers:
                self.assertIsNone(answer.header("access-control-allow-origin"))
        self.assertEqual(self.count, 1)
        self.assertIsNone(owner.poll())

    def test_ones_own_needs_no_headers(self) -> None:
        poller = Poller(self.server, {"Origin": OWN})
        self.assertIsNone(poller.last.header("access-control-allow-origin"))
        poller.enter()
        self.assertEqual(SocketIOPeer(self.server, {"Origin": OWN}).status, 101)

    def test_a_named_one_may_read_the_answers_with_its_cookie(self) -> None:
        self.start(allow_origins=(NAMED,))
        token = self.server.tokens_of("li")
        poller = Poller(self.server, {"Origin": NAMED, "Cookie": f"chatroom={token}"})
        for answer in (poller.last, poller.give("40"), poller.poll()):
            self.assertEqual(answer.header("access-control-allow-origin"), NAMED)
            self.assertEqual(answer.header("access-control-allow-credentials"), "true")
            self.assertEqual(answer.header("vary"), "Origin")
        self.assertIn('"user":"li"', answer.body.decode())
        bad = self.ask(f"{OPEN}&sid=x", f"Origin: {NAMED}".encode())
        self.assertEqual((bad.status, bad.header("access-control-allow-origin")), (400, NAMED))
        self.assertEqual(SocketIOPeer(self.server, {"Origin": NAMED}).status, 101)

    def test_any_one_may_come_as_a_stranger(self) -> None:
        self.start(allow_origins=("*",))
        token = self.server.tokens_of("li")
        poller = Poller(self.server, {"Origin": FOREIGN, "Cookie": f"chatroom={token}"})
        for answer in (poller.last, poller.give("40"), poller.poll()):
            self.assertEqual(answer.header("access-control-allow-origin"), "*")
            self.assertIsNone(answer.header("access-control-allow-credentials"))
        self.assertNotIn('"user":"li"', answer.body.decode())

    def test_no_answer_is_kept_and_none_sets_a_cookie(self) -> None:
        poller = Poller(self.server)
        for answer in (poller.last, poller.give("40"), poller.poll(), self.ask(PATH)):
            self.assertEqual(answer.header("cache-control"), "no-store")
            self.assertIsNone(answer.header("set-cookie"))
        self.assertNotIn("cookie", SocketIOPeer(self.server).head.lower())


class CapacityTests(ResourceCase):
    """A session counts as a connection, whatever carries it."""

    def assert_full(self, status: int) -> None:
        before = self.count
        answer = self.ask(OPEN)
        self.assertEqual(answer.status, status)
        self.assertEqual(answer.header("retry-after"), "10")
        self.assertEqual(self.ask(OPEN.replace("polling", "websocket")).status, status)
        self.assertEqual(self.count, before)

    def test_in_all(self) -> None:
        self.start(max_connections=3)
        for kind in CARRIERS:
            kind(self.server).enter()
        self.assert_full(503)
        self.assert_du_goes_on()

    def test_from_one_address(self) -> None:
        self.start(max_per_address=3)
        clients = self.opened()
        self.assert_full(429)
        self.server.address = "192.0.2.8"
        Poller(self.server).enter()
        self.server.address = "192.0.2.7"
        for client in clients:
            client.cut()
        self.wait(50)
        Poller(self.server).enter()

    def test_a_place_is_free_again_at_the_end(self) -> None:
        self.start(max_connections=2)
        for end in ("1", "cut", "silence"):
            poller = Poller(self.server)
            poller.enter()
            self.assert_full(503)
            if end == "1":
                poller.give("1")
                poller.take()
            elif end == "cut":
                poller.cut()
            else:
                self.wait(45)
            self.assertEqual(self.count, 0, end)
        self.assertEqual(self.server.server.door.capacity.count, 1)

    def test_an_upgrade_gives_one_of_its_two_back(self) -> None:
        self.start(max_connections=3)
        poller = Poller(self.server)
        socket = SocketIOPeer(self.server, sid=poller.sid)
        self.assert_full(503)
        socket.give("2probe", "5")
        self.assertEqual(self.server.server.door.capacity.count, 2)
        socket.enter()
        socket.cut()
        self.assertEqual(self.server.server.door.capacity.count, 1)

    def test_who_is_in_a_full_house_may_upgrade_all_the_same(self) -> None:
        for limit, status in (("max_connections", 503), ("max_per_address", 429)):
            self.start(**{limit: 2})
            poller = Poller(self.server)
            poller.enter()
            self.assert_full(status)
            socket = SocketIOPeer(self.server, sid=poller.sid)
            # One at a time, and never again.
            self.assertEqual(SocketIOPeer(self.server, sid=poller.sid).status, status)
            socket.give("2probe", "5")
            socket.emit("chat message", "床前")
            self.assertEqual(types(self.du.events())[-1], "said")
            self.assertEqual(SocketIOPeer(self.server, sid=poller.sid).status, status)
