"""The fan-out of a server that is alone: what is stored here is heard here."""

from collections.abc import Callable, Sequence

from chatroom.core.events import LogEvent


class LocalFanout:
    """Hands on what is published, in the same turn."""

    def __init__(self) -> None:
        self._hear: Callable[[str, Sequence[LogEvent]], None] = lambda room, events: None

    def subscribe(self, hear: Callable[[str, Sequence[LogEvent]], None]) -> None:
        """Let `hear` have the events of each room, in order of `seq`."""
        self._hear = hear

    def publish(self, room: str, events: Sequence[LogEvent]) -> None:
        """Bring events of one room, in order of `seq`, to who subscribed."""
        self._hear(room, events)
