"""Pages of a room that may be waited for: `wait` in the URL (docs/protocol.md, "HTTP API")."""

from typing import Generic

from chatroom.core.errors import Refused
from chatroom.transports.endpoint import Call, Endpoint, Terms
from chatroom.transports.held import Held, P, Q
from chatroom.transports.visitor import Visitor

# Seconds.
LONGEST_WAIT = 60


class Waitable(Endpoint, Generic[Q, P]):
    """What gives pages at once, or when there is something in them."""

    def __init__(self, terms: Terms, held: Held[Q, P]) -> None:
        super().__init__(terms)
        self._held = held

    async def _hold(self, call: Call, asked: Q, seconds: int) -> tuple[int, bytes]:
        """Give the page when it says something; until then the request counts as a connection."""
        capacity, address = self._terms.door.capacity, call.visitor.address
        capacity.check(address)
        page = self._held.hold(asked, seconds)
        capacity.count_in(address, call.request)
        call.request.gone.addCallback(lambda _: page.cancel())
        return 200, await page


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
