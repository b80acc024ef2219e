"""A delivery on which what was asked with an acknowledgement is answered by it alone."""

from typing import TypeVar

from msgspec.structs import replace

from chatroom.core.commands import Command
from chatroom.core.errors import Refused
from chatroom.core.events import Event
from chatroom.transports.delivery import Delivery
from chatroom.wire.socketio import chat

C = TypeVar("C", bound=Command)


class AcknowledgingDelivery(Delivery):
    """The core knows nothing of acknowledgements: it answers to a `ref`, and this is marked."""

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
        if asked is not None:
            self._outbox.put_packet(chat.acknowledge(asked, event))
        elif chat.asked(ref) is None:
            super().send(event)
