"""Resources that pages of other sites may use: CORS (the Fetch standard, 3.3)."""

from typing import ClassVar

from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET

from chatroom.transports.admission import Denied, Door, Trust, check_bytes
from chatroom.transports.http import Request
from chatroom.transports.refusals import told
from chatroom.transports.visitor import Visitor
from chatroom.wire import json

JSON = b"application/json"
# Seconds for which a browser need not ask again.
PREFLIGHT_HOLDS = b"7200"


class Shared(Resource):
    """Asks each request where it comes from before anything else; a subclass gives the `answer`.

    `methods` are those that it answers, none stands for all; HEAD goes with GET, and OPTIONS is
    answered here.
    """

    isLeaf = True
    methods: ClassVar[tuple[bytes, ...]] = (b"GET",)

    def __init__(self, door: Door) -> None:
        super().__init__()
        self._door = door

    def answer(self, request: Request, visitor: Visitor) -> bytes | int:
        """Answer a request as `Resource.render` does; raises `Denied`."""
        raise NotImplementedError

    def explain(self, denied: Denied) -> bytes:
        """Give the JSON that tells why a request is denied."""
        return json.encode(told(denied))

    def render(self, request: Request) -> bytes | int:
        """Answer, or tell why not."""
        # What is read here depends on who asks, and is old at once.
        request.setHeader(b"Cache-Control", b"no-store")
        request.setHeader(b"Vary", b"Origin")
        try:
            check_bytes(request)
            trust = self._door.origins.check(request)
            if trust is not Trust.OWN:
                share(request, trust)
            if request.method == b"OPTIONS":
                return self._preflight(request, trust)
            if self.methods and request.method not in self._allowed:
                sentence = "This is not for that method."
                raise Denied(405, sentence, Allow=b", ".join(self._allowed))
            return self.answer(request, self._door.visitor(request, trust))
        except Denied as denied:
            return self.deny(request, denied)

    def deny(self, request: Request, denied: Denied) -> int:
        """Answer why not."""
        for name, value in denied.headers.items():
            request.setHeader(name, value)
        return request.answer(denied.status, JSON, self.explain(denied))

    @property
    def _allowed(self) -> tuple[bytes, ...]:
        head = (b"HEAD",) if b"GET" in self.methods else ()
        return (*self.methods, *head, b"OPTIONS")

    def _preflight(self, request: Request, trust: Trust) -> int:
        methods = b", ".join(self._allowed)
        request.setHeader(b"Allow", methods)
        if trust is not Trust.OWN:
            request.setHeader(b"Access-Control-Allow-Methods", methods)
            request.setHeader(b"Access-Control-Allow-Headers", b"authorization, content-type")
            request.setHeader(b"Access-Control-Max-Age", PREFLIGHT_HOLDS)
        request.setResponseCode(204)
        request.finish()
        return NOT_DONE_YET


def share(request: Request, trust: Trust) -> None:
    """Let the page that asks read the answer; only one that is named may use its cookie."""
    origin = b"*"
    if trust is Trust.NAMED:
        origin = request.getHeader(b"origin") or origin
        request.setHeader(b"Access-Control-Allow-Credentials", b"true")
    request.setHeader(b"Access-Control-Allow-Origin", origin)
    request.setHeader(b"Access-Control-Expose-Headers", b"Retry-After")
    request.setHeader(b"Cross-Origin-Resource-Policy", b"cross-origin")
