"""Who may ask from another site, and who then may read the answer."""

from typing import ClassVar

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase
from twisted.web.resource import Resource

from chatroom.transports.admission import Capacity, Denied, Door, Origins
from chatroom.transports.cors import Shared
from chatroom.transports.http import Request, Site
from chatroom.transports.visitor import Visitor
from tests.memory import Wire
from tests.transports.answers import Answer, read, request

OWN = b"Origin: http://chat.test"
NAMED = b"Origin: https://www.example.org"
FOREIGN = b"Origin: https://evil.example"
COOKIE = b"Cookie: chatroom=token"
CORS = (
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-expose-headers",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-max-age",
)


class Whose(Shared):
    """Answers whose token came, and keeps count."""

    methods: ClassVar = (b"GET", b"POST")
    asked = 0

    def answer(self, request: Request, visitor: Visitor) -> int:
        self.asked += 1
        if b"no" in request.args:
            raise Denied(429, "Not now.", Retry_After=b"3")
        return request.answer(200, b"text/plain", str(visitor.token).encode())


class CorsCase(SynchronousTestCase):
    """A site of one resource, where the operator let in what `start` is given."""

    def setUp(self) -> None:
        self.start("https://www.example.org")

    def start(self, *allowed: str) -> None:
        self.clock = Clock()
        self.resource = Whose(Door(Capacity(0, 0), Origins(allowed, False), False))
        root = Resource()
        root.putChild(b"", self.resource)
        self.site = Site(root, False, self.clock)

    def ask(self, *lines: bytes, method: bytes = b"GET", path: str = "/") -> Answer:
        wire = Wire(self.clock, "192.0.2.7")
        wire.protocol = self.site.buildProtocol(wire.getPeer())
        wire.protocol.makeConnection(wire)
        wire.receive(request(path, *lines, method=method))
        [answer] = read(wire.taken, bodies=method != b"HEAD")
        wire.lose(ConnectionError())
        return answer

    def assert_shared(self, answer: Answer, origin: str | None, credentials: str | None) -> None:
        self.assertEqual(answer.header("access-control-allow-origin"), origin)
        self.assertEqual(answer.header("access-control-allow-credentials"), credentials)
        exposed = None if origin is None else "Retry-After"
        self.assertEqual(answer.header("access-control-expose-headers"), exposed)
        policy = "same-origin" if origin is None else "cross-origin"
        self.assertEqual(answer.header("cross-origin-resource-policy"), policy)
        self.assertEqual(answer.header("vary"), "Origin")
        self.assertEqual(answer.header("cache-control"), "no-store")


class OwnTests(CorsCase):
    def test_ones_own_page_and_no_browser_need_no_headers(self) -> None:
        for lines in ((), (OWN,), (b"Origin: https://chat.test",)):
            for method in (b"GET", b"POST"):
                answer = self.ask(*lines, COOKIE, method=method)
                self.assertEqual((answer.status, answer.body), (200, b"token"))
                self.assert_shared(answer, None, None)

    def test_head_is_get_without_a_body(self) -> None:
        answer = self.ask(COOKIE, method=b"HEAD")
        self.assertEqual((answer.status, answer.header("content-length")), (200, "5"))

    def test_options_tells_what_there_is(self) -> None:
        answer = self.ask(method=b"OPTIONS")
        self.assertEqual((answer.status, answer.body), (204, b""))
        self.assertEqual(answer.header("allow"), "GET, POST, HEAD, OPTIONS")
        self.assertIsNone(answer.header("content-length"))
        self.assertEqual(set(CORS) & answer.headers.keys(), set())

    def test_another_method_is_not_allowed(self) -> None:
        for method in (b"PUT", b"DELETE", b"PATCH", b"TRACE", b"BREW"):
            answer = self.ask(method=method)
            self.assertEqual(answer.status, 405)
            self.assertEqual(answer.header("allow"), "GET, POST, HEAD, OPTIONS")
            self.assertIn(b'"code":"unknown_type"', answer.body)
        self.assertEqual(self.resource.asked, 0)


class NamedTests(CorsCase):
    def test_a_named_page_may_read_and_its_cookie_counts(self) -> None:
        for method in (b"GET", b"POST"):
            answer = self.ask(NAMED, COOKIE, method=method)
            self.assertEqual((answer.status, answer.body), (200, b"token"))
            self.assert_shared(answer, "https://www.example.org", "true")

    def test_it_may_read_why_it_is_denied(self) -> None:
        answer = self.ask(NAMED, path="/?no=1")
        self.assertEqual(answer.status, 429)
        self.assertEqual(answer.header("retry-after"), "3")
        self.assertIn(b'"code":"too_many","message":"Not now."', answer.body)
        self.assert_shared(answer, "https://www.example.org", "true")

    def test_preflight(self) -> None:
        asking = b"Access-Control-Request-Method: POST"
        answer = self.ask(NAMED, asking, method=b"OPTIONS")
        self.assertEqual((answer.status, answer.body), (204, b""))
        self.assertEqual(answer.header("access-control-allow-methods"), "GET, POST, HEAD, OPTIONS")
        self.assertEqual(
            answer.header("access-control-allow-headers"), "authorization, content-type"
        )
        self.assertEqual(answer.header("access-control-max-age"), "7200")
        self.assert_shared(answer, "https://www.example.org", "true")
        self.assertEqual(self.resource.asked, 0)


class ForeignTests(CorsCase):
    def assert_foreign(self, *lines: bytes) -> None:
        for method in (b"GET", b"HEAD", b"POST", b"OPTIONS", b"PUT"):
            answer = self.ask(*lines, COOKIE, method=method)
            self.assertEqual(answer.status, 403, (lines, method))
            self.assertEqual(set(CORS) & answer.headers.keys(), set())
            self.assertEqual(answer.header("vary"), "Origin")

    def test_a_foreign_page_is_refused_before_anything_is_done(self) -> None:
        for origin in (b"https://evil.example", b"http://www.example.org", b"null", b"file://"):
            self.assert_foreign(b"Origin: " + origin)
        self.assert_foreign(b"Origin: ")
        self.assertEqual(self.resource.asked, 0)

    def test_two_origins_are_refused(self) -> None:
        self.assert_foreign(NAMED, FOREIGN)
        self.assert_foreign(NAMED, NAMED)
        self.start("*")
        self.assert_foreign(NAMED, FOREIGN)

    def test_control_characters_are_refused_before_an_origin_is_echoed(self) -> None:
        answer = self.ask(NAMED + b"\x0bX: a")
        self.assertEqual(answer.status, 400)
        self.assertIn(b'"code":"bad_field"', answer.body)
        self.assertEqual(set(CORS) & answer.headers.keys(), set())

    def test_over_100_parameters_are_refused(self) -> None:
        self.assertEqual(self.ask(path="/?a=1" + "&a=1" * 99).status, 200)
        self.assertEqual(self.ask(path="/?a=1" + "&a=1" * 100).status, 400)


class AnyTests(CorsCase):
    """`*`: every page may come, as a stranger."""

    def setUp(self) -> None:
        self.start("*", "https://www.example.org")

    def test_any_page_may_read_but_its_cookie_counts_for_nothing(self) -> None:
        for origin in (b"https://evil.example", b"null", b"file://", b"\xff", b"app://desk"):
            answer = self.ask(b"Origin: " + origin, COOKIE)
            self.assertEqual((answer.status, answer.body), (200, b"None"), origin)
            self.assert_shared(answer, "*", None)

    def test_a_bearer_token_counts(self) -> None:
        answer = self.ask(FOREIGN, COOKIE, b"Authorization: Bearer mine")
        self.assertEqual(answer.body, b"mine")

    def test_one_that_is_named_too_and_ones_own_keep_their_cookies(self) -> None:
        answer = self.ask(NAMED, COOKIE)
        self.assertEqual(answer.body, b"token")
        self.assert_shared(answer, "https://www.example.org", "true")
        answer = self.ask(OWN, COOKIE)
        self.assertEqual(answer.body, b"token")
        self.assert_shared(answer, None, None)

    def test_preflight(self) -> None:
        answer = self.ask(FOREIGN, method=b"OPTIONS")
        self.assertEqual(answer.status, 204)
        self.assertEqual(
            answer.header("access-control-allow-headers"), "authorization, content-type"
        )
        self.assert_shared(answer, "*", None)
