"""A delivery on which what was asked with an acknowledgement is answered by it alone."""

from collections.abc import Callable
from typing import TypeVar

from msgspec.structs import replace

from chatroom.core.client import Client
from chatroom.core.commands import Command
from chatroom.core.errors import Refused
from chatroom.core.events import Error, Event, Welcome
from chatroom.transports.delivery import Delivery
from chatroom.wire.socketio import chat

C = TypeVar("C", bound=Command)


class AcknowledgingDelivery(Delivery):
    """The core knows nothing of acknowledgements: it answers to a `ref`, and this is marked."""

    __slots__ = ("_greeted",)
    _greeted: int | None

    def begin(self, connect: Callable[[Delivery], Client]) -> Client:
        """Have the core make a client of this connection."""
        self._greeted = None
        return super().begin(connect)

    def ask(self, came: C | Refused, id: int) -> C | Refused:
        """Have what came be answered by the acknowledgement of this id."""
        if isinstance(came, Refused):
            came.ref = chat.mark(id, came.ref)
            return came
        return replace(came, ref=chat.mark(id, came.ref))

    def send(self, event: Event, ref: str | None = None) -> None:
        """Send an event, as an acknowledgement if it answers what asked for one.

        What comes before such an answer, the first `said` of a repeated `id`, is left out.
        """
        asked = chat.asked(getattr(event, "ref", None))
        if asked is None:
            if chat.asked(ref) is None:
                super().send(event)
        elif isinstance(event, Error) and asked == self._greeted:
            # What was wrong follows the welcome that has answered the `hello`.
            super().send(chat.unmarked(event))
        else:
            self._greeted = asked if isinstance(event, Welcome) else None
            self._outbox.put_packet(chat.acknowledge(asked, event))
