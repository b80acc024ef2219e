"""Who is let in on the two WebSocket paths, and what the others are answered."""

from twisted.trial.unittest import SynchronousTestCase

from chatroom.transports.admission import Capacity
from tests.memory import MemoryServer, Peer
from tests.transports.answers import Answer, handshake, read, request

WEBSOCKETS = ("/", "/ws")
# Line ends to `str.splitlines`, by which Autobahn takes a request apart.
LINE_ENDS = (b"\x0b", b"\x0c", b"\x1c", b"\x1d", b"\x1e", b"\x85")


class AdmissionCase(SynchronousTestCase):
    """A server, and ways to knock."""

    def setUp(self) -> None:
        self.start()

    def start(self, **options: object) -> None:
        self.server = MemoryServer(self, **options)

    def answer(self, data: bytes) -> Answer:
        """Give the answer to a handshake; nothing but it may come."""
        head, _, rest = self.server.request(data).partition(b"\r\n\r\n")
        if head.startswith(b"HTTP/1.1 101 "):
            return read(head + b"\r\n\r\n")[0]
        answers = read(head + b"\r\n\r\n" + rest)
        self.assertEqual(len(answers), 1)
        return answers[0]

    def status(self, data: bytes) -> int:
        return self.answer(data).status


class HandshakeTests(AdmissionCase):
    """RFC 6455, 4.2.1."""

    def test_a_sound_one_is_let_in(self) -> None:
        for path in WEBSOCKETS:
            answer = self.answer(handshake(path))
            self.assertEqual(answer.status, 101)
            # The example of RFC 6455, 1.3.
            self.assertEqual(answer.header("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")

    def test_names_are_the_same_in_any_case_and_among_others(self) -> None:
        for upgrade, connection in (
            (b"WebSocket", b"upgrade"),
            (b"websocket", b"keep-alive, Upgrade"),
            (b"h2c, WEBSOCKET", b"UPGRADE,keep-alive"),
        ):
            for path in WEBSOCKETS:
                self.assertEqual(
                    self.status(handshake(path, Upgrade=upgrade, Connection=connection)), 101
                )

    def test_connection_may_be_on_two_lines(self) -> None:
        again = b"Connection: Upgrade"
        self.assertEqual(self.status(handshake("/ws", again, Connection=b"keep-alive")), 101)

    def test_without_asking_for_the_upgrade_it_is_an_ordinary_get(self) -> None:
        for changed in (
            {"Upgrade": None},
            {"Connection": None},
            {"Upgrade": b"h2c"},
            {"Upgrade": b"notwebsocket"},
            {"Connection": b"keep-alive"},
            {"Connection": b"xupgrade"},
        ):
            self.assertEqual(self.status(handshake("/", **changed)), 200)
            answer = self.answer(handshake("/ws", **changed))
            self.assertEqual(answer.status, 426)
            self.assertEqual(answer.header("upgrade"), "websocket")

    def test_another_version_hears_which_one_is_spoken(self) -> None:
        for path in WEBSOCKETS:
            for version in (None, b"8", b"0", b"14", b"013", b"13, 8", b"x", b"", b"\xff"):
                answer = self.answer(handshake(path, Sec_WebSocket_Version=version))
                self.assertEqual(answer.status, 426, version)
                self.assertEqual(answer.header("sec-websocket-version"), "13")
                self.assertEqual(answer.header("upgrade"), "websocket")

    def test_two_versions_are_none(self) -> None:
        twice = b"Sec-WebSocket-Version: 13"
        self.assertEqual(self.status(handshake("/ws", twice)), 426)

    def test_the_key_is_sixteen_bytes_in_base64(self) -> None:
        for path in WEBSOCKETS:
            for key in (None, b"", b"short", b"a" * 24, b"a" * 22 + b"=", b"*" * 22 + b"=="):
                self.assertEqual(self.status(handshake(path, Sec_WebSocket_Key=key)), 400, key)
        again = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
        answer = self.answer(handshake("/ws", again))
        self.assertEqual((answer.status, answer.body[:13]), (400, b"The handshake"))

    def test_there_is_one_host(self) -> None:
        for path in WEBSOCKETS:
            self.assertEqual(self.status(handshake(path, Host=None)), 400)
            self.assertEqual(self.status(handshake(path, b"Host: other.test")), 400)

    def test_it_is_get_in_http_1_1(self) -> None:
        for path in WEBSOCKETS:
            self.assertEqual(self.status(handshake(path, version=b"HTTP/1.0")), 400)
            for method in (b"POST", b"HEAD", b"PUT", b"get", b"CONNECT"):
                data = handshake(path, b"Content-Length: 0", method=method)
                self.assertTrue(self.server.request(data).startswith(b"HTTP/1.1 400 "), method)

    def test_subprotocols_are_not_answered_whatever_they_are(self) -> None:
        for offered in (b"chat", b"chat, superchat", b"\xe4\xbd\xa0", b"\xff", b",;,", b"a" * 9000):
            answer = self.answer(handshake("/ws", b"Sec-WebSocket-Protocol: " + offered))
            self.assertEqual(answer.status, 101)
            self.assertIsNone(answer.header("sec-websocket-protocol"))

    def test_extensions_are_declined(self) -> None:
        for path in WEBSOCKETS:
            for offered in (
                b"permessage-deflate",
                b"permessage-deflate; client_max_window_bits; server_max_window_bits=9",
                b"x-unknown; a=b",
            ):
                answer = self.answer(handshake(path, b"Sec-WebSocket-Extensions: " + offered))
                self.assertEqual(answer.status, 101)
                self.assertIsNone(answer.header("sec-websocket-extensions"))

    def test_malformed_extensions_are_no_failure(self) -> None:
        for offered in (
            b"\xff",
            b";;;",
            b"permessage-deflate; client_max_window_bits=99",
            b"permessage-deflate; \xff=\xfe",
            b"permessage-deflate; x=y; x=z",
            b",".join([b"permessage-deflate"] * 500),
        ):
            for path in WEBSOCKETS:
                data = handshake(path, b"Sec-WebSocket-Extensions: " + offered)
                self.assertIn(self.server.request(data)[:12], (b"HTTP/1.1 101", b"HTTP/1.1 400"))
                self.server.clock.advance(6)
        self.assertEqual(self.flushLoggedErrors(), [])

    def test_a_refusal_is_an_ordinary_answer_that_names_no_exception(self) -> None:
        for data in (
            request("/ws"),
            handshake("/ws", Sec_WebSocket_Version=b"8"),
            handshake("/ws", b"Origin: http://evil.example"),
            handshake("/ws", Sec_WebSocket_Key=b"x"),
        ):
            answer = self.answer(data)
            self.assertEqual(answer.header("content-type"), "text/plain; charset=utf-8")
            self.assertRegex(answer.body.decode(), r"\A[A-Z][^<>\n]+\.\n\Z")

    def test_who_was_refused_may_go_on_with_other_requests(self) -> None:
        wire = self.server.wire()
        wire.receive(handshake("/ws", Sec_WebSocket_Version=b"8") + request("/nothing"))
        self.server.settle()
        self.assertEqual([answer.status for answer in read(wire.taken)], [426, 404])

    def test_a_body_is_never_taken_for_frames_without_masks(self) -> None:
        # CVE-2022-21676: `test` has reserved bits set.
        data = handshake("/ws", b"Content-Length: 4") + b"test"
        self.assertEqual(self.answer(data).status, 400)
        self.assertEqual(self.server.server.sockets.clients, set())
        self.assertEqual(self.flushLoggedErrors(), [])


class InjectionTests(AdmissionCase):
    """The class of CVE-2026-44546: one header must not become two."""

    def test_no_header_has_what_autobahn_takes_for_a_line_end(self) -> None:
        for path in WEBSOCKETS:
            for end in LINE_ENDS:
                evil = b"a" + end + b"Sec-WebSocket-Protocol: evil"
                for data in (
                    handshake(path, b"X-Anything: " + evil),
                    handshake(path, b"Cookie: " + evil),
                    handshake(path, b"User-Agent: x", b"Origin: " + evil),
                    handshake(path, Host=evil),
                    handshake(path, Upgrade=b"websocket, " + evil),
                    handshake(path, Connection=b"Upgrade, " + evil),
                    handshake(path, b"Sec-WebSocket-Extensions: " + evil),
                    handshake(path, b"Sec-WebSocket-Protocol: " + evil),
                ):
                    answer = self.answer(data)
                    self.assertEqual(answer.status, 400, data)
                    self.assertNotIn("evil", repr(answer))

    def test_no_uri_has_it_either(self) -> None:
        for end in LINE_ENDS:
            for uri in (b"/ws?nick=a" + end + b"X:y", b"/?" + end):
                self.assertEqual(self.status(handshake(uri)), 400, uri)
            self.assertIn(self.status(handshake(b"/ws" + end)), (400, 404))

    def test_no_header_has_any_other_control_character_but_the_tab(self) -> None:
        for byte in (*range(9), *range(10, 32), 127):
            data = handshake("/ws", b"X-Anything: a" + bytes([byte]) + b"b")
            self.assertTrue(self.server.request(data).startswith(b"HTTP/1.1 400 "), byte)
        self.assertEqual(self.status(handshake("/ws", b"X-Anything: a\tb")), 101)

    def test_percent_encoded_they_are_text_and_stay_where_they_are(self) -> None:
        for end in LINE_ENDS:
            peer = self.server.connect(room="r", nick="a" + end.decode("latin-1") + "b: c")
            self.assertEqual(peer.status, 101)
            self.assertNotIn("c:", peer.head)
            self.assertEqual(peer.events()[0]["type"], "welcome")

    def test_continued_lines_are_one_value(self) -> None:
        data = handshake("/ws", b"X-Anything: a", b" Origin: http://evil.example")
        self.assertEqual(self.status(data), 101)


class ParameterTests(AdmissionCase):
    def test_there_are_at_most_100(self) -> None:
        for count, status in ((100, 101), (101, 400), (1000, 400)):
            query = "&".join(f"p{number}=x" for number in range(count))
            self.assertEqual(self.status(handshake("/ws?" + query)), status)
        self.assertEqual(self.status(handshake("/ws?" + "&" * 200)), 400)

    def test_malformed_ones_are_no_failure(self) -> None:
        for query in (b"nick=%ff%fe", b"nick=%", b"room=%00", b"=", b"&&&", b"nick=%ed%a0%80"):
            self.assertEqual(self.status(handshake(b"/ws?" + query)), 101)


class OriginTests(AdmissionCase):
    """Which pages may connect (docs/protocol.md, "One port")."""

    def assert_allowed(self, origin: bytes, *lines: bytes, host: bytes = b"chat.test") -> None:
        data = handshake("/ws", b"Origin: " + origin, *lines, Host=host)
        self.assertEqual(self.status(data), 101, (origin, lines, host))

    def assert_foreign(self, origin: bytes, *lines: bytes, host: bytes = b"chat.test") -> None:
        data = handshake("/ws", b"Origin: " + origin, *lines, Host=host)
        self.assertEqual(self.status(data), 403, (origin, lines, host))

    def test_what_is_no_browser_has_none_and_is_fine(self) -> None:
        self.assertEqual(self.status(handshake("/ws")), 101)

    def test_ones_own_is_the_host_of_the_request(self) -> None:
        for origin, host in (
            (b"http://chat.test", b"chat.test"),
            (b"http://chat.test:3000", b"chat.test:3000"),
            (b"http://192.168.1.5:3000", b"192.168.1.5:3000"),
            (b"http://[::1]:3000", b"[::1]:3000"),
            (b"http://xn--pss25c.test", b"xn--pss25c.test"),
        ):
            self.assert_allowed(origin, host=host)

    def test_default_ports_are_filled_in(self) -> None:
        for origin, host in (
            (b"http://chat.test", b"chat.test:80"),
            (b"http://chat.test:80", b"chat.test"),
            (b"https://chat.test", b"chat.test:443"),
            (b"https://chat.test:443", b"chat.test"),
        ):
            self.assert_allowed(origin, host=host)
        self.assert_foreign(b"http://chat.test", host=b"chat.test:443")
        self.assert_foreign(b"https://chat.test", host=b"chat.test:80")

    def test_the_scheme_does_not_count(self) -> None:
        # A proxy that ends TLS speaks http to us.
        self.assert_allowed(b"https://chat.test")
        self.assert_allowed(b"https://chat.test:3000", host=b"chat.test:3000")

    def test_names_are_the_same_in_any_case(self) -> None:
        self.assert_allowed(b"HTTP://CHAT.TEST")
        self.assert_allowed(b"http://chat.test", host=b"Chat.Test")

    def test_everyone_elses_is_foreign(self) -> None:
        for origin in (
            b"http://evil.example",
            b"http://chat.test.evil",
            b"http://evilchat.test",
            b"http://sub.chat.test",
            b"http://test",
            b"http://chat.test:3000",
            b"http://chat.test:81",
            b"https://chat.test:80",
            b"http://chat.test@evil.example",
            b"http://evil.example#chat.test",
            b"http://evil.example/chat.test",
            b"http://chat.test.",
        ):
            self.assert_foreign(origin)

    def test_what_names_no_web_page_is_foreign(self) -> None:
        for origin in (
            b"null",
            b"NULL",
            b"",
            b"file://",
            b"file://chat.test",
            b"file:///home/page.html",
            b"ftp://chat.test",
            b"chrome-extension://chat.test",
            b"chat.test",
            b"//chat.test",
            b"http://",
            b"http://:80",
            b"http://[::1",
            b"http://chat.test:99999",
            b"http://chat.test:x",
            b"http://chat.test http://chat.test",
            b"http://chat.test, http://chat.test",
            b"\xff",
            b"http://\xe4\xbd\xa0.test",
            b"*",
        ):
            self.assert_foreign(origin)

    def test_two_are_foreign_even_if_each_is_ones_own(self) -> None:
        self.assert_foreign(b"http://chat.test", b"Origin: http://chat.test")
        self.assert_foreign(b"http://chat.test", b"Origin: http://evil.example")

    def test_a_host_that_is_none_is_no_handshake(self) -> None:
        for host in (b"", b"[::1", b"chat.test:x", b":80", b"\xff", b"a b", b"a:1:2"):
            data = handshake("/ws", b"Origin: http://chat.test", Host=host)
            self.assertEqual(self.status(data), 400, host)

    def test_extensions_are_not_looked_at(self) -> None:
        data = handshake("/ws", b"Sec-WebSocket-Extensions: permessage-deflate; x=y; x=z")
        self.assertEqual(self.status(data), 101)

    def test_what_a_stranger_says_was_forwarded_is_not_believed(self) -> None:
        self.assert_foreign(b"http://evil.example", b"X-Forwarded-Host: evil.example")
        self.assert_allowed(b"http://chat.test", b"X-Forwarded-Host: evil.example")

    def test_what_our_own_proxy_says_is_believed(self) -> None:
        self.start(trust_proxy=True)
        forwarded = b"X-Forwarded-Host: chat.example"
        self.assert_allowed(b"https://chat.example", forwarded, host=b"127.0.0.1:3000")
        self.assert_foreign(b"http://127.0.0.1:3000", forwarded, host=b"127.0.0.1:3000")
        self.assert_foreign(b"https://evil.example", forwarded, host=b"127.0.0.1:3000")
        self.assert_allowed(b"http://127.0.0.1:3000", host=b"127.0.0.1:3000")

    def test_the_operator_names_others_by_scheme_host_and_port(self) -> None:
        self.start(allow_origins=("https://www.example.org", "http://intra.example:8080"))
        for origin in (
            b"https://www.example.org",
            b"https://www.example.org:443",
            b"https://WWW.example.org",
            b"http://intra.example:8080",
            b"http://chat.test",
        ):
            self.assert_allowed(origin)
        for origin in (
            b"http://www.example.org",
            b"https://www.example.org:8443",
            b"https://example.org",
            b"https://www.example.org.evil",
            b"https://intra.example:8080",
            b"http://intra.example",
            b"null",
        ):
            self.assert_foreign(origin)

    def test_a_valid_cookie_opens_no_door_to_a_foreign_page(self) -> None:
        page = read(self.server.request(request("/")))[0]
        cookie = b"Cookie: " + (page.header("set-cookie") or "").partition(";")[0].encode()
        self.assert_foreign(b"http://evil.example", cookie)

    def test_the_lesson_takes_pages_from_anywhere(self) -> None:
        for origin in (b"http://evil.example", b"null", b"file://", b"\xff", b""):
            self.assertEqual(self.status(handshake("/", b"Origin: " + origin)), 101, origin)

    def test_with_a_star_every_page_comes_in_but_as_a_stranger(self) -> None:
        self.start(allow_origins=("*", "https://www.example.org"))
        token = self.server.tokens_of("AAAAAAAAAAAAAAAA")
        cookie, bearer = {"Cookie": f"chatroom={token}"}, {"Authorization": f"Bearer {token}"}
        for origin, shown, known in (
            ("https://evil.example", cookie, False),
            ("null", cookie, False),
            ("https://evil.example", bearer, True),
            ("https://www.example.org", cookie, True),
            ("http://chat.test", cookie, True),
        ):
            peer = self.server.connect(headers={"Origin": origin} | shown)
            user = peer.events()[0]["user"]
            self.assertEqual(user == "AAAAAAAAAAAAAAAA", known, (origin, shown))


class CapacityTests(AdmissionCase):
    """How many are let in."""

    def assert_full(self, peer: Peer, status: int) -> None:
        self.assertEqual(peer.status, status)
        self.assertIn("\r\nRetry-After: 10", peer.head)

    def test_at_the_limit_the_house_is_full(self) -> None:
        self.start(max_connections=3)
        inside = [self.server.connect(path) for path in ("/ws", "/", "/ws")]
        self.assertEqual([peer.status for peer in inside], [101, 101, 101])
        for path in WEBSOCKETS:
            for _ in range(5):
                self.assert_full(self.server.connect(path), 503)

    def test_a_place_is_free_again_however_its_holder_went(self) -> None:
        self.start(max_connections=1)

        def says_goodbye(peer: Peer) -> None:
            peer.frame(8, b"\x03\xe8")

        def breaks_the_protocol(peer: Peer) -> None:
            peer.frame(3, b"")

        def is_cut_off(peer: Peer) -> None:
            peer.cut()

        def falls_silent(peer: Peer) -> None:
            self.server.clock.pump([1] * 45)

        for goes in (says_goodbye, breaks_the_protocol, is_cut_off, falls_silent):
            for path in WEBSOCKETS:
                peer = self.server.connect(path)
                self.assertEqual(peer.status, 101, goes)
                self.assert_full(self.server.connect(path), 503)
                goes(peer)
                self.server.clock.pump([1] * 6)

    def test_who_is_refused_takes_no_place(self) -> None:
        self.start(max_connections=1, max_per_address=1)
        for data in (
            request("/ws"),
            handshake("/ws", b"Origin: http://evil.example"),
            handshake("/ws", Sec_WebSocket_Version=b"8"),
            handshake("/ws", Sec_WebSocket_Key=b"x"),
            handshake("/ws", Host=b"chat.test:xx"),
        ):
            self.server.request(data)
            self.server.clock.pump([1] * 6)
            peer = self.server.connect()
            self.assertEqual(peer.status, 101, data)
            peer.cut()

    def test_pages_are_served_in_a_full_house(self) -> None:
        self.start(max_connections=1)
        self.server.connect()
        self.assertEqual(self.status(request("/")), 200)

    def test_so_many_from_one_address(self) -> None:
        self.start(max_per_address=2)
        first = self.server.connect()
        self.assertEqual(self.server.connect("/").status, 101)
        for path in WEBSOCKETS:
            self.assert_full(self.server.connect(path), 429)
        self.server.address = "192.0.2.8"
        self.assertEqual(self.server.connect().status, 101)
        first.cut()
        self.server.address = "192.0.2.7"
        self.assertEqual(self.server.connect().status, 101)
        self.assert_full(self.server.connect(), 429)

    def test_behind_a_proxy_the_address_is_the_last_that_it_forwarded(self) -> None:
        self.start(max_per_address=1, trust_proxy=True)

        def status(*lines: bytes) -> int:
            return self.status(handshake("/ws", *(b"X-Forwarded-For: " + line for line in lines)))

        self.assertEqual(status(b"198.51.100.1"), 101)
        self.assertEqual(status(b"198.51.100.1"), 429)
        self.assertEqual(status(b"198.51.100.2"), 101)
        # What stands before the last was said by the client itself.
        self.assertEqual(status(b"203.0.113.9, 198.51.100.1"), 429)
        self.assertEqual(status(b"203.0.113.9", b"198.51.100.2"), 429)
        self.assertEqual(status(b"198.51.100.1, 198.51.100.3"), 101)
        self.assertEqual(status(), 101)
        self.assertEqual(status(), 429)
        self.assertEqual(status(b"\xff"), 101)

    def test_without_a_proxy_nobody_chooses_an_address(self) -> None:
        self.start(max_per_address=1)
        self.assertEqual(self.status(handshake("/ws", b"X-Forwarded-For: 198.51.100.1")), 101)
        self.assertEqual(self.status(handshake("/ws", b"X-Forwarded-For: 198.51.100.2")), 429)

    def test_no_address_is_remembered_that_has_no_connection(self) -> None:
        self.start(max_per_address=2)
        for number in range(20):
            self.server.address = f"192.0.2.{number}"
            self.server.connect().cut()
        capacity = self.server.server.door.capacity
        self.assertEqual((capacity.count, dict(capacity._by_address)), (0, {}))

    def test_zero_is_no_limit(self) -> None:
        capacity = Capacity(0, 0)
        capacity.count = 10**9
        capacity.check("192.0.2.7")
