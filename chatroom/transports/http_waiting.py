"""Pages of a room that may be waited for: `wait` in the URL (docs/protocol.md, "HTTP API")."""

from typing import Generic

from twisted.internet.defer import CancelledError, Deferred

from chatroom.core import names
from chatroom.core.enforcement import Enforcement, Waiter
from chatroom.core.errors import Refused
from chatroom.core.rooms import Rooms
from chatroom.transports.endpoint import Call, Endpoint, Terms
from chatroom.transports.held import Held, P, Q
from chatroom.transports.visitor import Visitor

# Seconds.
LONGEST_WAIT = 60


class Waitable(Endpoint, Generic[Q, P]):
    """What gives pages at once, or when there is something in them."""

    def __init__(
        self, terms: Terms, held: Held[Q, P], rooms: Rooms, enforcement: Enforcement
    ) -> None:
        super().__init__(terms)
        self._held = held
        self._rooms = rooms
        self._enforcement = enforcement

    async def _readable(self, call: Call, raw: str) -> str:
        """Give the name of a room as it is compared; raises `Refused` for who may not read it."""
        room = names.room(raw)
        await self._rooms.readable(call.user, call.origin, room)
        return room

    async def _hold(self, call: Call, asked: Q, seconds: int) -> tuple[int, bytes]:
        """Give the page when it says something; until then the request counts as a connection."""
        capacity, address = self._terms.door.capacity, call.visitor.address
        capacity.check(address)
        page = self._held.hold(asked, seconds)
        capacity.count_in(address, call.request)
        call.request.gone.addCallback(lambda _: page.cancel())
        return 200, await self._while_allowed(page, call, asked.room)

    async def _while_allowed(self, page: Deferred[bytes], call: Call, room: str) -> bytes:
        """Give the page that a caller waits for; raises `Refused` once it may not read the room."""
        refusals: list[Refused] = []

        def deny(refused: Refused) -> None:
            refusals.append(refused)
            page.cancel()

        forget = self._enforcement.watch(room, Waiter(call.user, call.origin, deny))
        try:
            return await page
        except CancelledError:
            if refusals:
                raise refusals[0] from None
            raise
        finally:
            forget()


def wait_of(visitor: Visitor, behind: str) -> int:
    """Give the seconds for which a request may be held; raises `Refused('bad_field')`.

    `behind` is the field with the number that one waits behind.
    """
    wait = visitor.number("wait")
    if wait is None:
        return 0
    if not isinstance(wait, int) or wait > LONGEST_WAIT:
        raise Refused("bad_field", f"`wait` is 0 to {LONGEST_WAIT} whole seconds.")
    if visitor.asked(behind) is None:
        raise Refused("bad_field", f"What is waited for comes behind a number: name `{behind}`.")
    return wait
