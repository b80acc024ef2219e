"""What all parts of the HTTP API have in common: JSON comes in and goes out, errors too."""

from dataclasses import dataclass
from typing import Any

from twisted.internet.defer import CancelledError, Deferred
from twisted.logger import Logger
from twisted.web.server import NOT_DONE_YET

from chatroom.core.callers import Callers
from chatroom.core.errors import Refused
from chatroom.core.limits import Paces
from chatroom.core.orders import Origin
from chatroom.core.people import User
from chatroom.transports import refusals
from chatroom.transports.admission import Denied, Door
from chatroom.transports.cors import JSON, Shared
from chatroom.transports.http import Request
from chatroom.transports.visitor import Visitor, network_of
from chatroom.wire import json

OWN_ERROR = "An error of the server's own; it is in its log."


@dataclass(frozen=True, slots=True)
class Call:
    """One request, who knocks, and the id of the user that its token proves."""

    request: Request
    visitor: Visitor
    user: str | None

    @property
    def origin(self) -> Origin:
        """Where it comes from; who shows a token is that token's device."""
        return Origin(network_of(self.visitor.address), self.user)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds for every request; `paces` of None is any number."""

    door: Door
    callers: Callers
    paces: Paces | None


class Endpoint(Shared):
    """A resource whose methods are coroutines: `get`, `post`, `put`, `patch` and `delete`.

    Each gives a status and the JSON of the answer, or raises `Denied` or `Refused`. HEAD is `get`.
    What answers by itself gives None.
    """

    _log = Logger()

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms.door)
        self._terms = terms

    async def get(self, call: Call) -> tuple[int, bytes] | None:
        """Answer GET and HEAD."""
        raise NotImplementedError

    async def post(self, call: Call) -> tuple[int, bytes]:
        """Answer POST."""
        raise NotImplementedError

    async def put(self, call: Call) -> tuple[int, bytes]:
        """Answer PUT."""
        raise NotImplementedError

    async def patch(self, call: Call) -> tuple[int, bytes]:
        """Answer PATCH."""
        raise NotImplementedError

    async def delete(self, call: Call) -> tuple[int, bytes]:
        """Answer DELETE."""
        raise NotImplementedError

    def answer(self, request: Request, visitor: Visitor) -> int:
        """Carry a request out."""
        carrying_out = Deferred.fromCoroutine(self._carry_out(request, visitor))
        carrying_out.addErrback(lambda failure: self._log.failure("no answer went out", failure))
        return NOT_DONE_YET

    async def _carry_out(self, request: Request, visitor: Visitor) -> None:
        try:
            answer = await self._ask(request, visitor)
        except Denied as denied:
            self.deny(request, denied)
        except Refused as refused:
            self.deny(request, refusals.denied(refused))
        except CancelledError:
            # Its client is gone.
            return
        except Exception:
            self._log.failure("a request failed")
            self.deny(request, Denied(500, OWN_ERROR))
        else:
            if answer is not None:
                status, body = answer
                request.answer(status, JSON, body)

    async def _ask(self, request: Request, visitor: Visitor) -> tuple[int, bytes] | None:
        user = self._terms.callers.proven(visitor.token)
        if user is not None and self._terms.paces is not None:
            self._terms.paces.step(user)
        ways = {
            b"POST": self.post,
            b"PUT": self.put,
            b"PATCH": self.patch,
            b"DELETE": self.delete,
        }
        return await ways.get(request.method, self.get)(Call(request, visitor, user))

    async def caller(self, call: Call) -> User:
        """Give the user that the token proves, who is here now; raises `Denied` without one."""
        if call.user is None:
            raise refusals.unauthorized()
        return await self._terms.callers.enter(call.user, call.origin)

    def fields(self, call: Call) -> dict[str, Any]:
        """Give the JSON object in the body; raises `Refused`."""
        body = call.request.content.read()
        return json.parse(body) if body else {}
