"""What is said: may this user say this here, now? Then to the journal."""

from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from chatroom.core.attendance import Attendance
from chatroom.core.client import Client, Connection
from chatroom.core.commands import (
    Command,
    Hello,
    History,
    Join,
    Leave,
    Members,
    Nick,
    Ping,
    Say,
    Typing,
)
from chatroom.core.errors import Refused
from chatroom.core.events import Done, Pong, Said
from chatroom.core.identity import Identity
from chatroom.core.interfaces import Draft, Journal, Log, Receipt
from chatroom.core.limits import Limits
from chatroom.core.rooms import Rooms, joined
from chatroom.core.timeline import Timeline

LOBBY = "lobby"


class Chat:
    """Carries out the commands of all clients."""

    _log = Logger()

    def __init__(
        self,
        *,
        identity: Identity,
        attendance: Attendance,
        timeline: Timeline,
        rooms: Rooms,
        journal: Journal,
        log: Log,
        limits: Limits,
        wall: Callable[[], int],
        log_messages: bool = False,
    ) -> None:
        self._identity = identity
        self._attendance = attendance
        self._timeline = timeline
        self._rooms = rooms
        self._journal = journal
        self._stored = log
        self._limits = limits
        self._wall = wall
        self._log_messages = log_messages
        self._ways: dict[type[Command], Callable[..., Deferred[None] | None]] = {
            Hello: identity.hello,
            Join: rooms.join,
            Leave: rooms.leave,
            Say: self._say,
            Typing: rooms.typing,
            Nick: identity.rename,
            Members: rooms.members,
            History: rooms.history,
            Ping: self._ping,
        }

    def carry_out(self, client: Client, command: Command) -> Deferred[None] | None:
        """Do what a command asks; a Deferred is given for what later commands must wait for.

        Raises or fails with `Refused`.
        """
        first, client.greeted = not client.greeted, True
        if type(command) is Hello and not first:
            raise Refused("bad_field", "`hello` is the first command, if it is sent at all.")
        return self._ways[type(command)](client, command)

    def connected(self, connection: Connection, token: str | None, nick: str | None) -> Client:
        """Make a connection a client: greet it, as the user of `token` and under `nick`."""
        return self._identity.connected(connection, self.carry_out, token, nick)

    def disconnected(self, client: Client) -> None:
        """Take a connection that is gone out of everything."""
        client.gone = True
        for room in list(client.rooms.values()):
            self._attendance.leave(room, client)
        self._identity.disconnected(client)

    def _ping(self, client: Client, ping: Ping) -> None:
        client.send(Pong(at=self._wall(), ref=ping.ref))

    def _say(self, client: Client, say: Say) -> Deferred[None] | None:
        if len(say.text) > self._limits.text:
            raise Refused("too_long", f"A message has at most {self._limits.text} characters.")
        if not say.text or say.text.isspace():
            raise Refused("bad_field", "A message is not empty.")
        if say.room is None and not client.has_joined:
            entering = self._rooms.join(client, Join(room=LOBBY))
            if entering is not None:
                return entering.addCallback(lambda _: self._write(client, say))
        self._write(client, say)
        return None

    def _write(self, client: Client, say: Say) -> None:
        room = joined(client, addressed(client, say))
        user = client.user
        wait = user.bucket.take()
        if wait:
            self._refuse_unless_repeated(client, say, room.name, wait)
            return
        draft = Draft(room.name, user.id, user.nick, say.text, self._wall(), say.id, say.reply_to)
        self._journal.write(draft).addCallbacks(
            self._said,
            self._not_said,
            callbackArgs=(client, say),
            errbackArgs=(client, say, room.name),
        )

    def _log_text(self, said: Said) -> None:
        if self._log_messages:
            # As Python writes it, so that no text can look like a line of the log.
            self._log.info(
                "{nick!r} in {room!r}: {text!r}", nick=said.nick, room=said.room, text=said.text
            )

    def _said(self, receipt: Receipt, client: Client, say: Say) -> None:
        if receipt.again:
            client.user.bucket.give_back()
            client.send(receipt.event)
        else:
            self._log_text(receipt.event)
        if receipt.event.room not in client.rooms and not receipt.again:
            # It has left meanwhile, and would never see what it said.
            client.send(receipt.event)
        if say.ref is not None:
            done = Done(ref=say.ref, seq=receipt.event.seq)
            reached = self._timeline.reached(receipt.event.room, receipt.event.seq)
            if reached is None:
                client.send(done)
            else:
                reached.addCallback(lambda _: client.send(done))

    def _not_said(self, failure: Failure, client: Client, say: Say, room: str) -> None:
        client.user.bucket.give_back()
        client.failed(failure, say)
        if isinstance(failure.value, Refused) and failure.value.code == "unavailable":
            # It may be stored all the same, and then the room must hear it.
            self._timeline.look(room)

    def _refuse_unless_repeated(self, client: Client, say: Say, room: str, wait: float) -> None:
        """Answer a repetition even when no token is left, since it costs none."""
        refused = Refused("too_fast", f"Too many messages; wait {wait:g} s.", retry_after=wait)
        if say.id is None:
            raise refused

        def answer(said: Said | None) -> None:
            if said is None:
                raise refused
            client.send(said)
            if say.ref is not None:
                client.send(Done(ref=say.ref, seq=said.seq))

        repeated = self._stored.repeated(room, client.user.id, say.id)
        repeated.addCallback(answer).addErrback(client.failed, say)


def addressed(client: Client, say: Say) -> str:
    """Give the room of a `say`: the one named, or that of the URL, or the only one."""
    if say.room is not None:
        return say.room
    if client.home is not None and client.home in client.rooms:
        return client.home
    if len(client.rooms) != 1:
        raise Refused("bad_field", "Name the `room` that this is for.")
    return next(iter(client.rooms))
