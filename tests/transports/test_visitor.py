"""Who knocks, as the request tells it: address, parameters, token."""

from typing import Any

from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from chatroom.transports.visitor import network_of
from tests.memory import MemoryServer, Peer
from tests.transports.answers import handshake, read, request


class VisitorCase(SynchronousTestCase):
    def setUp(self) -> None:
        self.server = MemoryServer(self)

    def welcomed(self, headers: dict[str, str] | None = None, **query: object) -> dict[str, Any]:
        """Give the `welcome` of a new connection, with the `error` behind it, if any."""
        peer = self.server.connect("/ws", headers, **query)
        self.assertEqual(peer.status, 101, peer.head)
        welcome, *more = peer.events()
        self.assertEqual(welcome["type"], "welcome")
        return welcome | {"errors": [event for event in more if event["type"] == "error"]}

    def cookie(self, *lines: bytes) -> str:
        """Give the cookie that the page sets."""
        page = read(self.server.request(request("/", *lines)))[0]
        return (page.header("set-cookie") or "").partition(";")[0]


class TokenTests(VisitorCase):
    """A token proves who one is."""

    def test_without_one_everybody_is_a_new_guest(self) -> None:
        first, second = self.welcomed(), self.welcomed()
        self.assertNotEqual(first["user"], second["user"])
        self.assertEqual((first["errors"], second["errors"]), ([], []))

    def test_the_pages_cookie_identifies(self) -> None:
        cookie = self.cookie()
        first, second = self.welcomed({"Cookie": cookie}), self.welcomed({"Cookie": cookie})
        self.assertEqual(first["user"], cookie.partition("=")[2].partition(".")[0])
        self.assertEqual(first["user"], second["user"])
        self.assertEqual(first["token"], cookie.partition("=")[2])
        self.assertEqual(first["errors"], [])

    def test_under_tls_it_does_under_its_other_name_alone(self) -> None:
        self.server = MemoryServer(self, trust_proxy=True)
        plain, secure = self.cookie(), self.cookie(b"X-Forwarded-Proto: https")
        for cookie, identifies in ((secure, True), (plain, False)):
            welcome = self.welcomed({"Cookie": cookie, "X-Forwarded-Proto": "https"})
            user = cookie.partition("=")[2].partition(".")[0]
            self.assertEqual(welcome["user"] == user, identifies)

    def test_a_bearers_token_identifies(self) -> None:
        before = self.welcomed()
        for scheme in ("Bearer", "bearer", "BEARER"):
            again = self.welcomed({"Authorization": f"{scheme} {before['token']}"})
            self.assertEqual((again["user"], again["errors"]), (before["user"], []))

    def test_a_bearers_goes_before_a_cookie(self) -> None:
        before = self.welcomed()
        again = self.welcomed(
            {"Authorization": f"Bearer {before['token']}", "Cookie": self.cookie()}
        )
        self.assertEqual(again["user"], before["user"])

    def test_other_schemes_are_not_ours(self) -> None:
        for value in ("Basic abc", "Bearer", "Bearerabc", ""):
            self.assertEqual(self.welcomed({"Authorization": value})["errors"], [])

    def test_one_that_is_not_valid_makes_a_new_guest_who_is_told(self) -> None:
        token = self.welcomed()["token"]
        user, _, proof = token.partition(".")
        other = self.welcomed()["token"].partition(".")[0]
        for wrong in (
            "x",
            "x.y",
            ".",
            user,
            f"{user}.",
            token[:-1],
            token + "A",
            token + "=",
            f"{other}.{proof}",
            f"{user}.{proof.lower()}",
            "\xe9.\xe9",
            "a" * 8000,
        ):
            for headers in ({"Authorization": f"Bearer {wrong}"}, {"Cookie": f"chatroom={wrong}"}):
                with self.subTest(headers=headers):
                    welcome = self.welcomed(headers)
                    self.assertNotIn(welcome["user"], (user, other))
                    self.assertEqual([error["code"] for error in welcome["errors"]], ["forbidden"])

    def test_the_error_comes_after_welcome_and_the_room_is_joined(self) -> None:
        peer = self.server.connect("/ws", {"Authorization": "Bearer x"}, room="大厅", nick="李白")
        self.assertEqual([event["type"] for event in peer.events()], ["welcome", "error", "joined"])

    def test_none_is_taken_from_the_url(self) -> None:
        before = self.welcomed()
        for name in ("token", "access_token", "bearer", "authorization", "chatroom"):
            welcome = self.welcomed(**{name: before["token"]})
            self.assertNotEqual(welcome["user"], before["user"])
            self.assertEqual(welcome["errors"], [])

    def test_bytes_that_are_no_text_are_no_failure(self) -> None:
        for line in (b"Authorization: Bearer \xff\xfe", b"Cookie: chatroom=\xff", b"Cookie: \xff"):
            answer = self.server.request(handshake("/ws", line))
            self.assertTrue(answer.startswith(b"HTTP/1.1 101 "))

    def test_none_is_ever_in_the_log(self) -> None:
        with capturedLogs() as logs:
            cookie = self.cookie()
            tokens = [cookie.partition("=")[2]]
            peers: list[Peer] = []
            for headers in (
                {"Cookie": cookie},
                {"Authorization": "Bearer " + tokens[0]},
                {"Authorization": "Bearer an-invalid-token"},
                {},
            ):
                peers.append(self.server.connect("/ws", headers, room="大厅"))
                tokens.append(peers[-1].events()[0]["token"])
            self.server.connect("/ws?token=" + tokens[0])
            self.server.request(handshake("/ws?token=" + tokens[0], Sec_WebSocket_Key=b"x"))
            hello = self.server.connect()
            hello.send(type="hello", token=tokens[0])
            hello.send(type="hello", token=tokens[0])
            hello.send(type="hello", token=["an-invalid-token"])
            for peer in peers:
                peer.frame(3, tokens[0].encode()[:100])
                peer.cut()
            self.server.close()
        for event in logs:
            for token in (*tokens, "an-invalid-token"):
                self.assertNotIn(token, repr(event))


class ParameterTests(VisitorCase):
    """What the URL says."""

    def test_text_may_be_encoded_or_as_it_was_typed(self) -> None:
        for query in ("room=大厅&nick=李白", "room=%E5%A4%A7%E5%8E%85&nick=%E6%9D%8E%E7%99%BD"):
            peer = self.server.connect("/ws?" + query)
            welcome, joined = peer.events()
            self.assertEqual((welcome["nick"], joined["room"]), ("李白", "大厅"))
            peer.cut()

    def test_a_plus_is_a_space(self) -> None:
        self.assertEqual(self.welcomed(nick="Li Bai")["nick"], "Li Bai")

    def test_the_first_of_several_counts(self) -> None:
        peer = self.server.connect("/ws?nick=Li&nick=Du&room=a&room=b")
        welcome, joined = peer.events()
        self.assertEqual((welcome["nick"], joined["room"]), ("Li", "a"))

    def test_an_empty_one_is_there(self) -> None:
        self.assertEqual(self.welcomed(nick="")["errors"][0]["code"], "bad_field")

    def test_malformed_text_is_refused_as_a_name_and_the_connection_stays(self) -> None:
        for query in ("nick=%ff&room=%fe", "nick=%ED%A0%80&room=%ED%B0%80", "nick=%00&room=%00"):
            peer = self.server.connect("/ws?" + query)
            events = peer.events()
            self.assertEqual([event["type"] for event in events], ["welcome", "error", "error"])
            self.assertEqual({event["code"] for event in events[1:]}, {"bad_field"})
            peer.send(type="ping")
            self.assertEqual(peer.events()[0]["type"], "pong")

    def test_so_is_malformed_text_for_a_number(self) -> None:
        for since in ("%ff", "%ED%A0%80", "1%ff"):
            peer = self.server.connect(f"/ws?room=a&since={since}")
            welcome, error = peer.events()
            self.assertEqual((welcome["type"], error["code"]), ("welcome", "bad_field"))
            self.assertRegex(error["message"], r"\A[A-Z`].+\.\Z")
            peer.send(type="ping")
            self.assertEqual(peer.events()[0]["type"], "pong")


class NetworkTests(SynchronousTestCase):
    def test_what_a_household_has_in_common(self) -> None:
        for address, network in (
            ("192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
            ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("fe80::1%eth0", "fe80::/64"),
            ("", ""),
            ("nonsense", "nonsense"),
        ):
            self.assertEqual(network_of(address), network)
