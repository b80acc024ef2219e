"""A delivery on which what was asked with an acknowledgement is answered by it alone."""

from typing import Any, TypeVar

from msgspec.structs import replace

from chatroom.core.commands import Command, Say
from chatroom.core.errors import Refused
from chatroom.core.events import Event, Said
from chatroom.transports.delivery import Delivery
from chatroom.wire.socketio import chat

C = TypeVar("C", bound=Command)


class AcknowledgingDelivery(Delivery):
    """The core knows nothing of acknowledgements: it answers to a `ref`, and this is marked."""

    def __init__(self, *line: Any, **parts: Any) -> None:
        super().__init__(*line, **parts)
        # The client's own id of each message that waits for its acknowledgement.
        self._said: dict[int, str] = {}

    def ask(self, came: C | Refused, id: int) -> C | Refused:
        """Have what came be answered by the acknowledgement of this id."""
        if isinstance(came, Refused):
            came.ref = chat.mark(id, came.ref)
            return came
        if isinstance(came, Say) and came.id is not None:
            self._said[id] = came.id
        return replace(came, ref=chat.mark(id, came.ref))

    def send(self, event: Event) -> None:
        """Send an event, as an acknowledgement if it answers what asked for one."""
        asked = chat.asked(event)
        if asked is not None:
            self._said.pop(asked, None)
            self._outbox.put_packet(chat.acknowledge(asked, event))
        elif not (isinstance(event, Said) and event.again and event.id in self._said.values()):
            super().send(event)
