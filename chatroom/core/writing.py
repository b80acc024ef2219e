"""What users write: to the journal, at the pace that is allowed, and what they are told of it."""

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from chatroom.core.client import Client
from chatroom.core.commands import Say
from chatroom.core.errors import Refused
from chatroom.core.events import Done, LogEvent, Person, Said
from chatroom.core.interfaces import Journal, Log
from chatroom.core.names import is_address
from chatroom.core.people import User
from chatroom.core.slow import SlowMode
from chatroom.core.timeline import Timeline
from chatroom.core.work import Change, Draft, Kind, Power, Receipt


class Writing:
    """Stores what is allowed. Each fails or raises with `Refused`."""

    _log = Logger()

    def __init__(
        self,
        *,
        journal: Journal,
        log: Log,
        timeline: Timeline,
        slow: SlowMode,
        wall: Callable[[], int],
        log_messages: bool,
    ) -> None:
        self._journal = journal
        self._log_of_rooms = log
        self._timeline = timeline
        self._slow = slow
        self._wall = wall
        self._log_messages = log_messages

    def say(
        self, user: User, room: str, say: Say, slow: int = 0, maker: Person | None = None
    ) -> Deferred[Receipt]:
        """Store a message; the same `id` again gives the first, and costs nothing.

        `slow` is the seconds since the user's last one in this room that there have to be. `maker`
        is who has made the room, if nothing is stored of it.
        """
        wait = self._slow.wait(room, user.id, slow)
        if wait:
            return self.again(user, room, say, _slowed(wait))
        wait = user.bucket.take()
        if wait:
            return self.again(user, room, say, too_fast(wait))
        draft = Draft(room, user.id, user.nick, say.text, self._wall(), say.id, say.reply_to, maker)
        storing = self._journal.write(draft)
        if slow:
            storing = self._slowed(storing, user, room)
        return storing.addCallbacks(
            self._stored, self._not_stored, callbackArgs=(user,), errbackArgs=(user, room)
        )

    def _slowed(self, storing: Deferred[Receipt], user: User, room: str) -> Deferred[Receipt]:
        before = self._slow.wrote(room, user.id)

        def take_back(outcome: Receipt | Failure) -> Any:
            if isinstance(outcome, Failure) or outcome.again:
                self._slow.take_back(room, user.id, before)
            return outcome

        return storing.addBoth(take_back)

    def change(
        self,
        user: User,
        kind: Kind,
        room: str,
        of: int,
        text: str = "",
        by: Power = Power.OWN,
    ) -> Deferred[LogEvent | None]:
        """Store what is to become of a message; None where all is so, which costs nothing.

        The arguments are those of `Change`.
        """
        wait = user.bucket.take()
        if wait:
            raise too_fast(wait)
        change = Change(kind, room, of, user.id, user.nick, self._wall(), text, by)
        return self._journal.change(change).addCallbacks(
            self._changed, self._not_stored, callbackArgs=(user,), errbackArgs=(user, room)
        )

    def answer(self, client: Client, event: LogEvent | None, ref: str | None) -> None:
        """Tell who asked for an event that it has happened, once the room has heard of it."""
        if ref is None:
            return
        done = Done(ref=ref, seq=None if event is None else event.seq)
        reached = None if event is None else self._timeline.reached(event.room, event.seq)
        if reached is None:
            client.send(done)
        else:
            reached.addCallback(lambda _: client.send(done))

    def again(self, user: User, room: str, say: Say, refused: Refused) -> Deferred[Receipt]:
        """Give what was stored before under this `id`, since that costs nothing; or refuse."""
        if say.id is None:
            raise refused

        def again(said: Said | None) -> Receipt:
            if said is None:
                raise refused
            return Receipt(said, again=True)

        return self._log_of_rooms.repeated(room, user.id, say.id).addCallback(again)

    def _not_stored(self, failure: Failure, user: User, room: str) -> Any:
        user.bucket.give_back()
        if isinstance(failure.value, Refused) and failure.value.code == "unavailable":
            # It may be stored all the same, and then the room must hear it.
            self._timeline.look(room)
        return failure

    def _stored(self, receipt: Receipt, user: User) -> Receipt:
        if receipt.again:
            user.bucket.give_back()
        else:
            self._log_text(receipt.event)
        return receipt

    def _changed(self, event: LogEvent | None, user: User) -> LogEvent | None:
        if event is None:
            user.bucket.give_back()
        return event

    def _log_text(self, said: Said) -> None:
        # Who reads the log is no member of a private room.
        if self._log_messages and not is_address(said.room):
            # As Python writes it, so that no text can look like a line of the log.
            self._log.info(
                "{nick!r} in {room!r}: {text!r}", nick=said.nick, room=said.room, text=said.text
            )


def too_fast(wait: float) -> Refused:
    """The user has no token left, and the next one in so many seconds."""
    return Refused("too_fast", f"Too many messages; wait {wait:g} s.", retry_after=wait)


def _slowed(wait: float) -> Refused:
    return Refused("too_fast", f"Slow mode: wait {wait:g} s.", retry_after=wait)
