"""The page, its files and all the other answers of the one port."""

import os
import re
from pathlib import Path
from urllib.parse import quote

from twisted.logger import capturedLogs
from twisted.trial.unittest import SynchronousTestCase

from chatroom import site
from chatroom.site import FOREIGN_POLICY, Page
from chatroom.transports.http import MAX_BODY, OWN_POLICY, SECURITY_HEADERS
from tests.memory import MemoryServer, Wire
from tests.transports.answers import Answer, handshake, read, request

WEB = Path(__file__).parent.parent / "web"
INDEX = (WEB / "index.html").read_bytes()
POSTED = b"Content-Type: application/x-www-form-urlencoded"


class SiteCase(SynchronousTestCase):
    """A server, and a way to ask it."""

    def setUp(self) -> None:
        self.server = MemoryServer(self)

    def ask(self, data: bytes, bodies: bool = True) -> Answer:
        """Give the only answer to a request."""
        answers = read(self.server.request(data), bodies)
        self.assertEqual(len(answers), 1, answers)
        return answers[0]

    def get(self, path: str | bytes, *lines: bytes) -> Answer:
        return self.ask(request(path, *lines))

    def open(self, data: bytes) -> Wire:
        """Send the beginning of something on a new connection."""
        wire = self.server.wire()
        wire.receive(data)
        self.server.settle()
        return wire


class PathTests(SiteCase):
    """Which path is what."""

    def assert_page(self, path: str | bytes) -> None:
        answer = self.get(path)
        self.assertEqual(answer.status, 200, path)
        self.assertEqual(answer.header("content-type"), "text/html; charset=utf-8")
        self.assertEqual(re.sub(rb'"/~[0-9a-f]+/', b'"/', answer.body), INDEX)

    def assert_nothing(self, path: str | bytes) -> None:
        answer = self.get(path)
        self.assertEqual(answer.status, 404, path)
        self.assertEqual(answer.header("content-type"), "text/html; charset=utf-8")
        self.assertEqual(answer.body, self.get("/nothing").body)

    def test_the_page_is_at_the_root_at_a_room_and_at_a_message(self) -> None:
        for path in ("/", "/?room=lobby", "/r/lobby", "/r/lobby/@1", "/r/lobby/@12?x=1"):
            self.assert_page(path)

    def test_a_room_may_be_chinese_percent_encoded_or_as_it_was_typed(self) -> None:
        for room in ("大厅", "元旦", "🀄", "a b/c"):
            self.assert_page(f"/r/{quote(room, safe='')}/@1")
        for room in ("大厅", "元旦", "🀄"):
            self.assert_page(f"/r/{room}")

    def test_other_paths_below_r_are_nothing(self) -> None:
        for path in ("/r", "/r/", "/r//@1", "/r/a/", "/r/a/b", "/r/a/@", "/r/a/@x", "/r/a/@1/"):
            self.assert_nothing(path)

    def test_files_have_the_types_that_browsers_insist_on(self) -> None:
        for path, kind in (
            ("/js/main.js", "text/javascript; charset=utf-8"),
            ("/style.css", "text/css; charset=utf-8"),
            ("/favicon.svg", "image/svg+xml"),
            ("/locales/zh.json", "application/json; charset=utf-8"),
            ("/index.html", "text/html; charset=utf-8"),
        ):
            answer = self.get(path)
            self.assertEqual((answer.status, answer.header("content-type")), (200, kind))
            self.assertEqual(answer.body, (WEB / path[1:]).read_bytes())

    def test_the_lessons_pages_have_no_ending_in_their_addresses(self) -> None:
        for name in ("websocket", "socketio"):
            answer = self.get(f"/lesson/{name}")
            self.assertEqual(answer.status, 200)
            self.assertEqual(answer.header("content-type"), "text/html; charset=utf-8")
            self.assertEqual(answer.header("cache-control"), "no-cache")
            self.assertEqual(answer.body, (WEB / "lesson" / f"{name}.html").read_bytes())
        for path in ("/lesson", "/lesson/", "/lesson/websocket/", "/lesson/other", "/style"):
            self.assert_nothing(path)

    def test_the_lessons_pages_are_not_on_a_page_of_the_operators(self) -> None:
        web = Path(self.mktemp())
        (web / "lesson").mkdir(parents=True)
        for name in ("index", "about", "lesson/other"):
            (web / f"{name}.html").write_text(name)
        self.server = MemoryServer(self, web=web)
        for path in ("/lesson/websocket", "/lesson/socketio", "/lesson/other", "/about"):
            self.assert_nothing(path)
        self.assertEqual(self.get("/lesson/other.html").body, b"lesson/other")

    def test_folders_list_nothing(self) -> None:
        for path in ("/js", "/js/", "/locales/", "//"):
            self.assert_nothing(path)

    def test_nobody_gets_out_of_the_folder(self) -> None:
        for path in (
            "/../setup.py",
            "/js/../index.html",
            "/js/../../setup.py",
            "/%2e%2e/setup.py",
            "/%2e%2e%2fsetup.py",
            "/js%2f..%2f..%2fsetup.py",
            "/..%5csetup.py",
            "//etc/passwd",
            "/%2fetc%2fpasswd",
            "http://chat.test/../setup.py",
        ):
            self.assert_nothing(path)

    def test_a_link_in_the_folder_leads_nowhere_outside_by_its_name(self) -> None:
        self.assert_nothing("/js/main.js/..")
        self.assert_nothing("/js/main.js/")

    def test_what_is_unknown_echoes_nothing(self) -> None:
        for path in (b"/<script>alert(1)</script>", b"/%3Cscript%3E", b"/x?<b>", b"/ws/", b"/ws/x"):
            self.assert_nothing(path)

    def test_what_is_no_file_name_is_nothing_and_no_failure(self) -> None:
        for path in (b"/style.css%00", b"/%00", b"/js/%00.js", b"/%ff", b"/js/%ff.js", b"/%c3%28"):
            self.assert_nothing(path)
        self.assert_nothing("/" + "x" * 300)
        self.assert_nothing("/" + "x/" * 4000)

    def test_bytes_that_are_no_text_are_refused(self) -> None:
        for path in (b"/\xff", b"/r/\xff", b"/\x7f\xff"):
            self.assertEqual(self.get(path).status, 400)

    def test_head_answers_like_get_without_the_body(self) -> None:
        for path in ("/", "/r/lobby", "/lesson/socketio", "/style.css", "/nothing", "/ws"):
            got = self.get(path)
            head = self.ask(request(path, method=b"HEAD"), bodies=False)
            self.assertEqual(head.status, got.status)
            self.assertEqual(head.header("content-length"), str(len(got.body)))
            self.assertEqual(head.body, b"")

    def test_other_methods_are_refused_and_echo_nothing(self) -> None:
        for path in ("/", "/?<b>", "/style.css", "/r/a", "/lesson/websocket", "/nothing"):
            for method in (b"POST", b"PUT", b"DELETE", b"OPTIONS", b"TRACE", b"BREW"):
                answer = self.ask(request(path, b"Content-Length: 0", method=method))
                self.assertEqual(answer.status, 405)
                self.assertEqual(answer.header("allow"), "GET, HEAD")
                for echo in (b"&lt;", b"<b>", method):
                    self.assertNotIn(echo, answer.body)

    def test_a_form_is_not_read(self) -> None:
        body = b"multipart nonsense"
        length = b"Content-Length: %d" % len(body)
        for kind in (POSTED, b"Content-Type: multipart/form-data; boundary=x"):
            self.assertEqual(
                self.ask(request("/", kind, length, method=b"POST") + body).status, 405
            )

    def test_what_has_not_changed_is_not_sent_again(self) -> None:
        first = self.get("/style.css")
        again = self.get(
            "/style.css", b"If-Modified-Since: " + first.header("last-modified").encode()
        )
        self.assertEqual((again.status, again.body), (304, b""))
        tag = (first.header("etag") or "").encode()
        again = self.get("/style.css", b"If-None-Match: " + tag)
        self.assertEqual((again.status, again.body), (304, b""))
        self.assertEqual(again.header("cache-control"), "no-cache")

    def test_an_older_version_put_back_is_sent(self) -> None:
        """Its time is before the one that the browser knows; the tag goes before the time."""
        web = Path(self.mktemp())
        web.mkdir()
        for name in ("index.html", "style.css"):
            (web / name).write_text("newer")
        self.server = MemoryServer(self, web=web)
        for path in ("/", "/style.css"):
            newer = self.get(path)
            file = web / (path[1:] or "index.html")
            file.write_text("older")
            os.utime(file, (1_000_000_000, 1_000_000_000))
            again = self.get(
                path,
                b"If-None-Match: " + (newer.header("etag") or "").encode(),
                b"If-Modified-Since: " + (newer.header("last-modified") or "").encode(),
            )
            self.assertEqual((again.status, again.body), (200, b"older"))

    def test_nothing_is_kept_unasked_and_the_page_by_no_shared_cache(self) -> None:
        self.assertEqual(self.get("/style.css").header("cache-control"), "no-cache")
        self.assertEqual(self.get("/").header("cache-control"), "private, no-cache")

    def test_a_plain_get_of_the_chat_says_that_a_websocket_is_there(self) -> None:
        answer = self.get("/ws")
        self.assertEqual(answer.status, 426)
        self.assertEqual(answer.header("upgrade"), "websocket")
        self.assertEqual(answer.header("connection"), "Upgrade")


class SecurityHeaderTests(SiteCase):
    """What every answer says to a browser."""

    def assert_guarded(self, answer: Answer, policy: bytes = OWN_POLICY) -> None:
        for name, value in (
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
            ("Content-Security-Policy", policy.decode()),
        ):
            self.assertEqual(answer.header(name), value, name)
        self.assertIsNone(answer.header("access-control-allow-origin"))

    def test_on_the_page_its_files_and_every_refusal(self) -> None:
        for status, data in (
            (200, request("/")),
            (200, request("/style.css")),
            (200, request("/lesson/websocket")),
            (200, request("/lesson/socketio")),
            (206, request("/style.css", b"Range: bytes=0-9")),
            (400, handshake("/ws", Host=None)),
            (403, handshake("/ws", b"Origin: http://evil.example")),
            (404, request("/nothing")),
            (405, request("/", method=b"PUT")),
            (416, request("/style.css", b"Range: bytes=9999999-")),
            (426, request("/ws")),
            (200, request("*", method=b"OPTIONS")),
        ):
            answer = self.ask(data)
            self.assertEqual(answer.status, status)
            self.assert_guarded(answer)

    def test_on_an_error_of_our_own_which_tells_nothing(self) -> None:
        def fails(*_: object) -> bytes:
            raise ZeroDivisionError("the secret")

        self.patch(Page, "render_GET", fails)
        answer = self.get("/?the-path")
        self.assertEqual(answer.status, 500)
        self.assert_guarded(answer)
        for secret in (b"secret", b"ZeroDivision", b"Traceback", b"the-path"):
            self.assertNotIn(secret, answer.body)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_what_browsers_take_by_https_alone_is_said_by_https_alone(self) -> None:
        self.assertIsNone(self.get("/").header("cross-origin-opener-policy"))
        self.server.secure = True
        for path in ("/", "/nothing"):
            self.assertEqual(self.get(path).header("cross-origin-opener-policy"), "same-origin")

    def test_our_own_policy_allows_no_inline_code_and_nothing_from_elsewhere(self) -> None:
        policy = dict(rule.split(" ", 1) for rule in OWN_POLICY.decode().split("; ") if " " in rule)
        self.assertEqual(policy["default-src"], "'none'")
        for rule in ("script-src", "style-src", "connect-src", "worker-src", "manifest-src"):
            self.assertEqual(policy[rule], "'self'")
        self.assertNotIn("unsafe", OWN_POLICY.decode())
        self.assertEqual(policy["require-trusted-types-for"], "'script'")
        # The page makes one policy, for the address of its service worker.
        self.assertEqual(policy["trusted-types"], "worker")
        for rule in ("base-uri", "frame-ancestors", "form-action"):
            self.assertEqual(policy[rule], "'none'")

    def test_a_page_of_the_operators_may_have_inline_code(self) -> None:
        web = Path(self.mktemp())
        (web / "sub").mkdir(parents=True)
        (web / "index.html").write_text("<script>1</script>")
        (web / "sub" / "more.html").write_text("<p>more")
        self.server = MemoryServer(self, web=web)
        for path in ("/", "/r/lobby", "/index.html", "/sub/more.html"):
            self.assert_guarded(self.get(path), FOREIGN_POLICY)
        self.assertEqual(
            FOREIGN_POLICY, b"object-src 'none'; base-uri 'self'; frame-ancestors 'none'"
        )
        self.assert_guarded(self.get("/nothing"))

    def test_no_answer_names_a_program_or_its_version(self) -> None:
        for data in (
            request("/"),
            request("/style.css"),
            request("/nothing"),
            request("/ws"),
            request("*"),
            request("/", method=b"PUT"),
            handshake("/ws"),
            handshake("/"),
            handshake("/ws", Sec_WebSocket_Version=b"8"),
            handshake("/ws", Sec_WebSocket_Key=b"short"),
            handshake("/ws", b"Sec-WebSocket-Extensions: ;;;"),
            b"nonsense\r\n\r\n",
        ):
            head = self.server.request(data).partition(b"\r\n\r\n")[0].lower()
            self.assertTrue(head.startswith(b"http/1."), head)
            for word in (b"server", b"twisted", b"autobahn", b"python", b"26."):
                self.assertNotIn(word, head.replace(b"2026", b""))


class CookieTests(SiteCase):
    """The page makes its reader a guest."""

    def cookie(self, path: str = "/", *lines: bytes) -> str | None:
        return self.get(path, *lines).header("set-cookie")

    def test_the_page_sets_it_for_a_year_and_out_of_reach_of_scripts(self) -> None:
        for path in ("/", "/r/lobby", "/r/lobby/@1"):
            value, *attributes = (self.cookie(path) or "").split("; ")
            self.assertRegex(value, r"\Achatroom=[\w-]{16}\.[\w-]{43}\Z")
            self.assertEqual(
                {attribute.lower() for attribute in attributes},
                {"httponly", "samesite=lax", "path=/", "max-age=31536000"},
            )

    def test_under_tls_it_is_bound_to_the_host(self) -> None:
        self.server.secure = True
        value, *attributes = (self.cookie() or "").split("; ")
        self.assertRegex(value, r"\A__Host-chatroom=")
        self.assertEqual(
            {attribute.lower() for attribute in attributes},
            {"httponly", "samesite=lax", "path=/", "max-age=31536000", "secure"},
        )

    def test_under_tls_the_cookie_of_plain_http_counts_for_nothing(self) -> None:
        plain = (self.cookie() or "").partition(";")[0].encode()
        self.server.secure = True
        self.assertIsNotNone(self.cookie("/", b"Cookie: " + plain))
        self.assertIsNone(self.cookie("/", b"Cookie: __Host-" + plain))

    def test_https_to_our_own_proxy_is_tls_and_a_strangers_word_is_not(self) -> None:
        forwarded = b"X-Forwarded-Proto: https"
        self.assertTrue((self.cookie("/", forwarded) or "").startswith("chatroom="))
        self.server = MemoryServer(self, trust_proxy=True)
        self.assertTrue((self.cookie("/", forwarded) or "").startswith("__Host-chatroom="))
        self.assertTrue((self.cookie() or "").startswith("chatroom="))
        self.assertTrue((self.cookie("/", forwarded + b"x") or "").startswith("chatroom="))

    def test_who_has_a_valid_one_keeps_it(self) -> None:
        ours = (self.cookie() or "").partition(";")[0].encode()
        self.assertIsNone(self.cookie("/", b"Cookie: " + ours))
        self.assertIsNone(self.cookie("/", b"Cookie: other=1; " + ours + b"; more=2"))

    def test_who_has_an_invalid_one_gets_a_new_one(self) -> None:
        ours = (self.cookie() or "").partition(";")[0].encode()
        for wrong in (b"chatroom=", b"chatroom=x.y", ours[:-1], ours + b"A", b"chatroom=\xff.\xfe"):
            self.assertIsNotNone(self.cookie("/", b"Cookie: " + wrong), wrong)

    def test_a_header_of_any_bytes_is_no_failure(self) -> None:
        for line in (
            b"Authorization: Bearer \xff\xfe",
            b"Authorization: \xff",
            b"Cookie: \xff=\xff",
        ):
            self.assertEqual(self.get("/", line).status, 200)

    def test_nothing_else_sets_it(self) -> None:
        for data in (
            request("/style.css"),
            request("/index.html"),
            request("/lesson/socketio"),
            request("/nothing"),
            request("/ws"),
            request("/r/"),
            request("/", method=b"POST"),
            handshake("/ws"),
            handshake("/"),
            handshake("/ws", b"Origin: null"),
        ):
            self.assertNotIn(b"set-cookie", self.server.request(data).lower())

    def test_two_readers_are_two_guests(self) -> None:
        self.assertNotEqual(self.cookie(), self.cookie())


class ReadingTests(SiteCase):
    """What a request may be, in bytes and in seconds."""

    def assert_refused(self, data: bytes, status: int = 400) -> None:
        """One answer, no second, and the end of the connection."""
        wire = self.open(data)
        self.assertEqual([answer.status for answer in read(wire.taken)], [status], data[:200])
        self.assertTrue(wire.lost)

    def trickle(self, wire: Wire, seconds: int, byte: bytes) -> None:
        for _ in range(seconds):
            self.server.clock.advance(1)
            wire.receive(byte)

    def test_slow_headers_end_after_thirty_seconds_whatever_trickles(self) -> None:
        for start in (b"", b"GET / HT", b"GET / HTTP/1.1\r\nX: "):
            wire = self.open(start)
            self.trickle(wire, 29, b"a")
            self.assertFalse(wire.disconnecting)
            self.trickle(wire, 2, b"a")
            self.assertTrue(wire.lost, start)

    def test_a_slow_body_ends_after_thirty_seconds_whatever_trickles(self) -> None:
        for length in (b"Content-Length: 999", b"Transfer-Encoding: chunked\r\n\r\n80\r\n"):
            wire = self.open(request("/", length, method=b"POST"))
            self.trickle(wire, 29, b"a")
            self.assertFalse(wire.disconnecting)
            self.trickle(wire, 2, b"a")
            self.assertTrue(wire.lost, length)

    def test_an_idle_connection_ends_after_thirty_seconds(self) -> None:
        wire = self.open(request("/style.css"))
        self.server.clock.pump([1] * 20)
        wire.receive(request("/nothing"))
        self.server.settle()
        self.assertEqual([answer.status for answer in read(wire.taken)], [200, 404])
        self.server.clock.pump([1] * 29)
        self.assertFalse(wire.lost)
        self.server.clock.pump([1] * 2)
        self.assertTrue(wire.lost)

    def test_an_idle_connection_ends_without_a_line_in_the_log(self) -> None:
        wire = self.open(request("/style.css"))
        with capturedLogs() as logs:
            self.server.clock.pump([1] * 31)
        self.assertTrue(wire.lost)
        self.assertEqual(logs, [])

    def test_who_does_not_take_the_answer_is_cut_off(self) -> None:
        wire = self.server.wire()
        wire.reads_on = False
        wire.receive(request("/style.css"))
        self.server.clock.pump([1] * 50)
        self.assertTrue(wire.lost)

    def test_a_connection_that_is_over_leaves_no_timer(self) -> None:
        before = len(self.server.clock.getDelayedCalls())
        for data in (b"GET", request("/"), request("/nothing"), b"nonsense\r\n\r\n"):
            wire = self.open(data)
            wire.lose(ConnectionError())
        self.server.settle()
        self.assertEqual(len(self.server.clock.getDelayedCalls()), before)

    def test_headers_have_at_most_16384_bytes(self) -> None:
        bare = sum(map(len, request("/nothing", b"X: ").split(b"\r\n")))
        fits = b"X: " + b"a" * (16384 - bare)
        self.assertEqual(self.get("/nothing", fits).status, 404)
        self.assert_refused(request("/nothing", fits + b"a"))
        self.assert_refused(request("/nothing", *[b"X: " + b"a" * 1000] * 17))

    def test_a_line_without_end_is_cut_off(self) -> None:
        self.assertTrue(self.open(b"GET /" + b"a" * 20_000).disconnecting)
        self.assertTrue(self.open(b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000).disconnecting)

    def test_a_connection_keeps_nothing_of_the_heads_that_it_has_read(self) -> None:
        wire = self.server.wire()
        for method in (b"GET", b"get", b"Get"):
            wire.receive(request("/nothing", method=method))
            self.server.settle()
            self.assertEqual(wire.protocol.head, [], method)
        self.assertEqual(len(read(wire.taken)), 3)
        self.assertFalse(wire.lost)

    def test_there_are_at_most_500_headers(self) -> None:
        self.assertEqual(self.get("/nothing", *[b"X: a"] * 499).status, 404)
        self.assert_refused(request("/nothing", *[b"X: a"] * 500))

    def test_a_body_has_at_most_64_kib(self) -> None:
        for size, status in ((MAX_BODY, 405), (MAX_BODY + 1, 413)):
            length = b"Content-Length: %d" % size
            data = request("/", length, method=b"POST") + b"a" * size
            wire = self.open(data)
            self.assertEqual([answer.status for answer in read(wire.taken)], [status])
            self.assertEqual(wire.lost, status == 413)
        self.assertEqual(MAX_BODY, 65536)

    def test_a_body_in_chunks_has_at_most_64_kib(self) -> None:
        head = request("/", b"Transfer-Encoding: chunked", method=b"POST")
        whole = b"8000\r\n" + b"a" * 0x8000 + b"\r\n"
        self.assertEqual(self.ask(head + whole * 2 + b"0\r\n\r\n").status, 405)
        self.assert_refused(head + whole * 2 + b"1\r\na\r\n0\r\n\r\n", 413)
        self.assert_refused(head + b"10001\r\n" + b"a" * 0x10001 + b"\r\n0\r\n\r\n", 413)
        self.assert_refused(head + whole * 2 + b"1\r\na\r\n" + whole + b"0\r\n\r\n", 413)

    def test_the_refusal_is_as_safe_as_any_answer(self) -> None:
        """It is not a request's own answer, but the connection's."""
        [answer] = read(self.open(request("/", b"Content-Length: 65537", method=b"POST")).taken)
        for name, value in SECURITY_HEADERS.items():
            self.assertEqual(answer.header(name.decode()), value.decode())
        self.assertEqual(answer.header("cache-control"), "no-store")
        self.assertEqual(answer.header("connection"), "close")
        self.assertEqual(answer.header("content-type"), "application/json")
        self.assertIn(b'"code":"too_long"', answer.body)
        self.assertIsNone(answer.header("server"))

    def test_too_large_a_body_is_refused_before_it_comes(self) -> None:
        expecting = (b"Content-Length: 65537", b"Expect: 100-continue")
        self.assert_refused(request("/", *expecting, method=b"POST"), 413)

    def test_nothing_is_read_after_a_refusal_though_tls_brings_it(self) -> None:
        self.server.secure = True
        for data in (request("/", b"Content-Length: 99999", method=b"POST"), b"nonsense\r\n"):
            wire = self.server.wire()
            for part in (data, b"a\r\n\r\n", request("/")):
                wire.protocol.dataReceived(part)
            self.server.settle()
            self.assertEqual(len(read(wire.taken)), 1)

    def test_what_two_servers_could_read_differently_is_refused(self) -> None:
        def post(*lines: bytes) -> bytes:
            return request("/", *lines, method=b"POST")

        chunked = b"Transfer-Encoding: chunked"
        for data in (
            # CVE-2020-10108: two lengths; CVE-2020-10109: a length and chunks.
            post(b"Content-Length: 3", b"Content-Length: 5") + b"abcde",
            post(b"Content-Length: 3", b"Content-Length: 3") + b"abc",
            post(b"Content-Length: 3, 3") + b"abc",
            post(b"Content-Length: 3", chunked) + b"0\r\n\r\n",
            post(chunked, b"Content-Length: 3") + b"0\r\n\r\n",
            post(chunked, chunked) + b"0\r\n\r\n",
            post(b"Transfer-Encoding: gzip, chunked") + b"0\r\n\r\n",
            post(b"Transfer-Encoding: xchunked") + b"0\r\n\r\n",
            post(b"Transfer-Encoding : chunked") + b"0\r\n\r\n",
            # CVE-2022-24801: signs, prefixes and white space in numbers.
            post(b"Content-Length: +3") + b"abc",
            post(b"Content-Length: -3") + b"abc",
            post(b"Content-Length: 0x3") + b"abc",
            post(b"Content-Length: 3a") + b"abc",
            post(b"Content-Length: \xb2") + b"ab",
            post(b"Content-Length:") + b"abc",
            post(b"Content-Length : 3") + b"abc",
            post(chunked) + b"0x3\r\nabc\r\n0\r\n\r\n",
            post(chunked) + b"+3\r\nabc\r\n0\r\n\r\n",
            post(chunked) + b" 3\r\nabc\r\n0\r\n\r\n",
            post(chunked) + b"-1\r\nabc\r\n0\r\n\r\n",
            post(chunked) + b"3_0\r\nabc\r\n0\r\n\r\n",
            post(chunked) + b"3;\x00\r\nabc\r\n0\r\n\r\n",
            post(chunked) + b"3;a\nb\r\nabc\r\n0\r\n\r\n",
            post(chunked) + b"3\r\nabcXX0\r\n\r\n",
            post(chunked) + b"3" * 2000 + b"\r\n",
            # Twisted 12754: bare line ends in a value.
            request("/", b"X: a\nContent-Length: 3"),
            request("/", b"X: a\rContent-Length: 3"),
            request("/", b"X: a\x00b"),
            # Malformed lines.
            request("/", b"no colon"),
            request("/", b": no name"),
            request("/", b"a b: c"),
            b"GET /\r\nHost: chat.test\r\n\r\n",
            b"GET / HTTP/9.9\r\nHost: chat.test\r\n\r\n",
            b"GET / HTTP/2.0\r\nHost: chat.test\r\n\r\n",
            b"GET  / HTTP/1.1\r\nHost: chat.test\r\n\r\n",
            b"GET / x HTTP/1.1\r\nHost: chat.test\r\n\r\n",
            b"G\xc3\xa9T / HTTP/1.1\r\nHost: chat.test\r\n\r\n",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        ):
            # What follows must not be taken for a request.
            self.assert_refused(data + request("/style.css"))

    def test_lines_that_end_in_a_bare_lf_are_no_request(self) -> None:
        wire = self.open(b"GET / HTTP/1.1\nHost: chat.test\n\n")
        self.server.clock.pump([1] * 31)
        self.assertEqual(wire.taken, b"")
        self.assertTrue(wire.lost)

    def test_pipelined_requests_are_answered_in_order(self) -> None:
        length = b"Content-Length: 3"
        wire = self.open(
            request("/style.css")
            + request("/nothing")
            + request("/", length, method=b"POST")
            + b"abc"
            + request("/ws")
            + request("/favicon.svg")
        )
        answers = read(wire.taken)
        self.assertEqual([answer.status for answer in answers], [200, 404, 405, 426, 200])
        self.assertEqual(answers[0].body, (WEB / "style.css").read_bytes())
        self.assertEqual(answers[4].body, (WEB / "favicon.svg").read_bytes())
        self.assertFalse(wire.lost)

    def test_a_request_in_segments_of_one_byte_is_the_same(self) -> None:
        data = request("/style.css", b"X: y") + request("/nothing")
        wire = self.server.wire()
        for byte in data:
            wire.receive(bytes([byte]))
        self.server.settle()
        whole = self.open(data)
        self.assertEqual(
            [(answer.status, answer.body) for answer in read(wire.taken)],
            [(answer.status, answer.body) for answer in read(whole.taken)],
        )

    def test_http_1_0_is_answered_and_closed(self) -> None:
        wire = self.open(request("/style.css", version=b"HTTP/1.0"))
        self.assertEqual(read(wire.taken)[0].body, (WEB / "style.css").read_bytes())
        self.assertTrue(wire.lost)

    def test_a_request_cut_anywhere_is_no_failure(self) -> None:
        data = request("/", b"Content-Length: 3", method=b"POST") + b"abc" + request("/style.css")
        for end in range(len(data)):
            self.open(data[:end]).lose(ConnectionError())
        self.server.settle()


class LogTests(SiteCase):
    def test_requests_are_not_in_the_log(self) -> None:
        with capturedLogs() as logs:
            self.get("/r/the-room?the-query", b"User-Agent: the-agent")
            self.get("/the-path")
        for event in logs:
            for word in ("the-room", "the-query", "the-agent", "the-path"):
                self.assertNotIn(word, repr(event))

    def test_a_site_has_no_page_of_an_error_with_its_traceback(self) -> None:
        self.assertFalse(site.Site.displayTracebacks)


class PageFolderTests(SynchronousTestCase):
    def test_beside_the_package_in_a_checkout_and_inside_it_where_installed(self) -> None:
        package = Path(self.mktemp()).absolute() / "chatroom"
        package.mkdir(parents=True)
        self.patch(site, "__file__", str(package / "site.py"))
        self.assertEqual(site.page_folder(), package.parent / "web")
        (package / "web").mkdir()
        (package / "web" / "index.html").touch()
        self.assertEqual(site.page_folder(), package / "web")
