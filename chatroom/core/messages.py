"""What is said, and what becomes of it."""

from twisted.internet.defer import Deferred

from chatroom.core import names
from chatroom.core.client import Client
from chatroom.core.commands import Delete, Edit, Join, React, Say, Unreact
from chatroom.core.emoji import check_emoji
from chatroom.core.errors import Refused
from chatroom.core.events import LogEvent
from chatroom.core.limits import Limits
from chatroom.core.orders import Orders, Origin
from chatroom.core.people import User
from chatroom.core.permissions import Act
from chatroom.core.rooms import Rooms, joined
from chatroom.core.standing import Standing
from chatroom.core.work import Kind, Power, Receipt
from chatroom.core.writing import Writing

Changing = Edit | Delete | React | Unreact


class Messages:
    """Carries out the commands about messages; each raises or fails with `Refused`."""

    def __init__(
        self, *, writing: Writing, rooms: Rooms, standing: Standing, limits: Limits
    ) -> None:
        self._writing = writing
        self._rooms = rooms
        self._standing = standing
        self._limits = limits

    def say(self, client: Client, say: Say) -> Deferred[None] | None:
        """Say something in a room that the client is in, in the lobby if it never was in any."""
        self._check(say.text)
        if say.room is None and not client.has_joined:
            entering = self._rooms.join(client, Join(room=names.LOBBY))
            if entering is not None:
                return entering.addCallback(lambda _: self._say(client, say))
        self._say(client, say)
        return None

    def _say(self, client: Client, say: Say) -> None:
        room = joined(client, addressed(client, say))
        stored = self._say_in(room.name, room.orders, client.user, say)
        stored.addCallback(self._said, client, say).addErrback(client.failed, say)

    def _said(self, receipt: Receipt, client: Client, say: Say) -> None:
        if receipt.again:
            client.send(receipt.event, say.ref)
        else:
            tell_who_left(client, receipt.event)
        self._writing.answer(client, receipt.event, say.ref)

    def _say_in(self, room: str, orders: Orders, user: User, say: Say) -> Deferred[Receipt]:
        try:
            self._standing.check_writing(user.id, orders)
        except Refused as refused:
            return self._writing.again(user, room, say, refused)
        slow = self._standing.wait_of(user.id, orders)
        return self._writing.say(user, room, say, slow, orders.maker)

    def post(self, user: User, origin: Origin, room: str, say: Say) -> Deferred[Receipt]:
        """Store what a user says in a room, be it in there or not.

        The same `id` again gives the first message, and costs nothing.
        """
        self._check(say.text)
        name = names.room(room)

        def write(orders: Orders) -> Deferred[Receipt]:
            self._standing.check_entry(user.id, origin, orders)
            return self._say_in(name, orders, user, say)

        return self._standing.orders(name, user).addCallback(write)

    def change(self, client: Client, asked: Changing) -> None:
        """Change what was said in a room that the client is in."""
        room = joined(client, asked.room)
        changed = self._change(client.user, room.name, room.orders, asked)
        changed.addCallback(self._changed, client, asked).addErrback(client.failed, asked)

    def _changed(self, event: LogEvent | None, client: Client, asked: Changing) -> None:
        if event is not None:
            tell_who_left(client, event)
        self._writing.answer(client, event, asked.ref)

    def alter(self, user: User, origin: Origin, asked: Changing) -> Deferred[LogEvent | None]:
        """Change what was said in a room, be the user in there or not."""
        name = names.room(asked.room)

        def change(orders: Orders) -> Deferred[LogEvent | None]:
            self._standing.check_entry(user.id, origin, orders)
            return self._change(user, name, orders, asked)

        return self._standing.orders(name).addCallback(change)

    def _change(
        self, user: User, room: str, orders: Orders, asked: Changing
    ) -> Deferred[LogEvent | None]:
        match asked:
            case Edit(seq=seq, text=text):
                self._check(text)
                self._standing.check_writing(user.id, orders)
                return self._writing.change(user, Kind.EDIT, room, seq, text)
            case Delete(seq=seq):
                moderates = self._standing.may(Act.DELETE, user.id, orders)
                by = Power.MODERATOR if moderates else Power.OWN
                return self._writing.change(user, Kind.DELETE, room, seq, by=by)
        check_emoji(asked.emoji)
        self._standing.check_writing(user.id, orders, reacts=True)
        kind = Kind.REACT if isinstance(asked, React) else Kind.UNREACT
        return self._writing.change(user, kind, room, asked.seq, asked.emoji)

    def _check(self, text: str) -> None:
        if len(text) > self._limits.text:
            raise Refused("too_long", f"A message has at most {self._limits.text} characters.")
        if not text or text.isspace():
            raise Refused("bad_field", "A message is not empty.")


def tell_who_left(client: Client, event: LogEvent) -> None:
    """Tell a client that has left meanwhile what it wrote, as it would never see it."""
    if event.room not in client.rooms:
        client.send(event)


def addressed(client: Client, say: Say) -> str:
    """Give the room of a `say`: the one named, or that of the URL, or the only one."""
    if say.room is not None:
        return say.room
    if client.home is not None and client.home in client.rooms:
        return client.home
    if len(client.rooms) != 1:
        raise Refused("bad_field", "Name the `room` that this is for.")
    return next(iter(client.rooms))
