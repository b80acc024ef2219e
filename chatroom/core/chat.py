"""What is said: may this user say this here, now? Then to the journal."""

from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from chatroom.core import names
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
from chatroom.core.people import User
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
        self._log_of_rooms = log
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

    def connected(
        self,
        connection: Connection,
        token: str | None,
        nick: str | None,
        before: Client | None = None,
    ) -> Client:
        """Make a connection a client: greet it, as the user of `token` and under `nick`.

        `before` is the client that it already was, whose user and pace go on.
        """
        return self._identity.connected(connection, self.carry_out, token, nick, before)

    def disconnected(self, client: Client) -> None:
        """Take a connection that is gone out of everything."""
        client.gone = True
        for room in list(client.rooms.values()):
            self._attendance.leave(room, client)
        self._identity.disconnected(client)

    def _ping(self, client: Client, ping: Ping) -> None:
        client.send(Pong(at=self._wall(), ref=ping.ref))

    def post(self, user: User, room: str, say: Say) -> Deferred[Receipt]:
        """Store what a user says in a room, be it in there or not.

        The same `id` again gives the first message, and costs nothing. Raises or fails with
        `Refused`.
        """
        self._check(say)
        return self._store(user, names.room(room), say)

    def _check(self, say: Say) -> None:
        if len(say.text) > self._limits.text:
            raise Refused("too_long", f"A message has at most {self._limits.text} characters.")
        if not say.text or say.text.isspace():
            raise Refused("bad_field", "A message is not empty.")

    def _say(self, client: Client, say: Say) -> Deferred[None] | None:
        self._check(say)
        if say.room is None and not client.has_joined:
            entering = self._rooms.join(client, Join(room=LOBBY))
            if entering is not None:
                return entering.addCallback(lambda _: self._write(client, say))
        self._write(client, say)
        return None

    def _write(self, client: Client, say: Say) -> None:
        room = joined(client, addressed(client, say))
        stored = self._store(client.user, room.name, say)
        stored.addCallback(self._said, client, say).addErrback(client.failed, say)

    def _store(self, user: User, room: str, say: Say) -> Deferred[Receipt]:
        wait = user.bucket.take()
        if wait:
            return self._repeated(user, room, say, wait)
        draft = Draft(room, user.id, user.nick, say.text, self._wall(), say.id, say.reply_to)
        return self._journal.write(draft).addCallbacks(
            self._stored, self._not_stored, callbackArgs=(user,), errbackArgs=(user, room)
        )

    def _repeated(self, user: User, room: str, say: Say, wait: float) -> Deferred[Receipt]:
        """Give what was stored before even when no token is left, since it costs none."""
        refused = Refused("too_fast", f"Too many messages; wait {wait:g} s.", retry_after=wait)
        if say.id is None:
            raise refused

        def again(said: Said | None) -> Receipt:
            if said is None:
                raise refused
            return Receipt(said, again=True)

        return self._log_of_rooms.repeated(room, user.id, say.id).addCallback(again)

    def _stored(self, receipt: Receipt, user: User) -> Receipt:
        if receipt.again:
            user.bucket.give_back()
        else:
            self._log_text(receipt.event)
        return receipt

    def _not_stored(self, failure: Failure, user: User, room: str) -> Failure:
        user.bucket.give_back()
        if isinstance(failure.value, Refused) and failure.value.code == "unavailable":
            # It may be stored all the same, and then the room must hear it.
            self._timeline.look(room)
        return failure

    def _log_text(self, said: Said) -> None:
        if self._log_messages:
            # As Python writes it, so that no text can look like a line of the log.
            self._log.info(
                "{nick!r} in {room!r}: {text!r}", nick=said.nick, room=said.room, text=said.text
            )

    def _said(self, receipt: Receipt, client: Client, say: Say) -> None:
        if receipt.again:
            client.send(receipt.event, say.ref)
        elif receipt.event.room not in client.rooms:
            # It has left meanwhile, and would never see what it said.
            client.send(receipt.event)
        if say.ref is not None:
            done = Done(ref=say.ref, seq=receipt.event.seq)
            reached = self._timeline.reached(receipt.event.room, receipt.event.seq)
            if reached is None:
                client.send(done)
            else:
                reached.addCallback(lambda _: client.send(done))


def addressed(client: Client, say: Say) -> str:
    """Give the room of a `say`: the one named, or that of the URL, or the only one."""
    if say.room is not None:
        return say.room
    if client.home is not None and client.home in client.rooms:
        return client.home
    if len(client.rooms) != 1:
        raise Refused("bad_field", "Name the `room` that this is for.")
    return next(iter(client.rooms))
