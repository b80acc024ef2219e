"""One live connection as the core sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from chatroom.core import names
from chatroom.core.commands import Command, Join
from chatroom.core.errors import Refused
from chatroom.core.events import Event
from chatroom.core.limits import Pace
from chatroom.core.orders import Origin

if TYPE_CHECKING:
    from chatroom.core.people import User
    from chatroom.core.room import Room

MAX_WAITING = 64


class Connection(Protocol):
    """What a transport gives the core for each of its connections."""

    @property
    def writable(self) -> bool:
        """Whether the peer takes what we send; when it does again, `Client.go_on` is called."""
        ...

    def send(self, event: Event, ref: str | None = None) -> None:
        """Send one event to this connection alone, after all that came before.

        `ref` is that of the command whose answer, with the same `ref`, follows it.
        """
        ...

    def tell(self, event: Event) -> None:
        """Send a passing event to this connection alone; who is behind does without."""
        ...

    def follow(self, room: Room, since: int) -> None:
        """Send the room's log from `since` + 1 on, and live events from then on."""
        ...

    def unfollow(self, room: Room) -> None:
        """Send no more of a room than what has happened until now, but all of that."""
        ...

    def listen(self, willing: bool) -> None:
        """Say whether more commands are welcome now."""
        ...

    def give_up(self) -> None:
        """Close, as what it has not been told yet cannot be told any more."""
        ...

    def remove(self) -> None:
        """Close, as a moderator wants."""
        ...

    def fail(self) -> None:
        """Close after an error of our own."""
        ...


class Client:
    """Carries out its commands one after the other, in the order of arrival.

    `carry_out` gives a Deferred for what takes time; the next command waits for it.
    """

    __slots__ = (
        "_busy",
        "_carry_out",
        "_going",
        "_waiting",
        "connection",
        "ends",
        "gone",
        "greeted",
        "has_joined",
        "home",
        "id",
        "origin",
        "pace",
        "rooms",
        "user",
        "wish",
    )
    _log = Logger()

    def __init__(
        self,
        id: str,
        user: User,
        connection: Connection,
        pace: Pace | None,
        carry_out: Callable[[Client, Command], Deferred[None] | None],
        origin: Origin = Origin(),  # noqa: B008 - it is immutable
    ) -> None:
        self.id = id
        self.origin = origin
        self.user = user
        self.connection = connection
        self.pace = pace
        self.rooms: dict[str, Room] = {}
        self.home: str | None = None
        self.greeted = False
        self.gone = False
        self.ends = False
        # Whether it ever was in a room, and the nick it asked for when it came.
        self.has_joined = False
        self.wish: str | None = None
        self._carry_out = carry_out
        # No deque: an empty one has 0.7 KB, and here are seldom more than 64.
        self._waiting: list[Command | Refused] = []
        self._busy = False
        self._going = False

    def send(self, event: Event, ref: str | None = None) -> None:
        """Send one event to this connection alone, as `Connection.send` does."""
        if not self.gone:
            self.connection.send(event, ref)

    def receive(self, came: Command | Refused) -> None:
        """Carry out a command, or tell what was wrong with a frame, as soon as its turn comes.

        Raises `Flooding`.
        """
        if self.pace is not None:
            try:
                self.pace.step()
            except Refused as too_fast:
                too_fast.ref, too_fast.id = came.ref, getattr(came, "id", None)
                came = too_fast
        self._waiting.append(came)
        self.go_on()

    def enter(self, join: Join) -> None:
        """Join the room that the connection was opened for, the default one of `say`."""
        self.home = join.room
        try:
            self.home = names.room(join.room)
        except Refused as refused:
            self.send(refused.told())
            return
        self.receive(join)

    def stop(self) -> None:
        """Carry out nothing more: the connection is being closed."""
        self.ends = True
        self._waiting.clear()

    def go_on(self) -> None:
        """Carry out what waits, as far as the peer takes the answers."""
        # An answer that is there at once comes back here; the loop below takes the next command.
        if self._going:
            return
        self._going = True
        try:
            while self._waiting and not self._busy and not self.gone and self.connection.writable:
                self._begin(self._waiting.pop(0))
        finally:
            self._going = False
        self.connection.listen(len(self._waiting) < MAX_WAITING)

    def _begin(self, next: Command | Refused) -> None:
        if isinstance(next, Refused):
            self.send(next.told())
            return
        try:
            result = self._carry_out(self, next)
        except Exception:
            self.failed(Failure(), next)
            return
        if result is not None:
            self._busy = True
            result.addErrback(self.failed, next)
            result.addBoth(self._finish)

    def refuse(self, refused: Refused, command: Command) -> None:
        """Tell the client that a command is refused."""
        self.send(refused.told(command.ref, getattr(command, "id", None)))

    def _finish(self, _: object) -> None:
        self._busy = False
        self.go_on()

    def failed(self, failure: Failure, command: Command) -> None:
        """Tell the client of a refusal; after an error of our own, log it and close."""
        if isinstance(failure.value, Refused):
            self.refuse(failure.value, command)
            return
        self._log.failure("{command} failed", failure, command=type(command).__name__)
        self.connection.fail()
