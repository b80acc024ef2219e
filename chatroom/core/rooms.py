"""Commands about rooms: enter and leave them, and read what is and was in them."""

from twisted.internet.defer import Deferred

from chatroom.core import names
from chatroom.core.attendance import Attendance
from chatroom.core.client import Client
from chatroom.core.commands import History, Join, Leave, Members, Typing
from chatroom.core.errors import Refused, no_such_room
from chatroom.core.events import (
    Done,
    HistoryPage,
    IsTyping,
    Joined,
    Left,
    MembersPage,
    Person,
    Rules,
)
from chatroom.core.interfaces import Clock, Log, LogState, Page, Place
from chatroom.core.knocking import Knocking
from chatroom.core.orders import Orders, Origin
from chatroom.core.people import People
from chatroom.core.room import Room
from chatroom.core.standing import Standing
from chatroom.core.timeline import Timeline

RECOVERABLE = 10_000
TYPING_EVERY = 3.0


class Rooms:
    """Carries out the commands about rooms; each raises or fails with `Refused`."""

    def __init__(
        self,
        *,
        attendance: Attendance,
        timeline: Timeline,
        log: Log,
        standing: Standing,
        knocking: Knocking,
        people: People,
        epoch: str,
        most: int,
        clock: Clock,
    ) -> None:
        self._attendance = attendance
        self._timeline = timeline
        self._log = log
        self._standing = standing
        self._knocking = knocking
        self._people = people
        self._epoch = epoch
        self._most = most
        self._clock = clock

    def join(self, client: Client, join: Join) -> Deferred[None] | None:
        """Let the client in; with a position, its connection follows from there."""
        name = names.room(join.room)
        if name not in client.rooms and len(client.rooms) >= self._most:
            raise Refused("too_many", f"You are in {self._most} rooms; leave one first.")
        if join.invitation is not None:
            showing = self._knocking.show(client.user, client.origin, name, join.invitation)
            return showing.addCallback(lambda _: self._join(client, join, name))
        if join.password is not None:
            knocking = self._knocking.knock(client.user, client.origin, name, join.password)
            return knocking.addCallback(lambda _: self._join(client, join, name))
        return self._join(client, join, name)

    def _join(self, client: Client, join: Join, name: str) -> Deferred[None] | None:
        settled = self._standing.settled(name)
        if settled is not None:
            return settled.addCallback(lambda _: self._join(client, join, name))
        room = self._timeline.room(name)
        if room is None:
            return self._timeline.wake(name).addCallback(self._enter, client, join)
        self._enter(room, client, join)
        return None

    def _enter(self, room: Room, client: Client, join: Join) -> None:
        if client.gone or client.ends:
            return
        user = client.user
        self._standing.check_entry(user.id, client.origin, room.orders)
        self._standing.make(room, user)
        client.has_joined = True
        if room.name in client.rooms:
            client.connection.unfollow(room)
        else:
            self._attendance.enter(room, client)
        recovered = None if join.since is None else self.recovers(room, join.since, join.epoch)
        orders, role = room.orders, self._standing.role(user.id, room.orders)
        mute = self._standing.mute_of(user.id, orders)
        client.send(
            Joined(
                room=room.name,
                epoch=self.epoch(room),
                kind=orders.kind.word,
                with_=self._other(user.id, orders),
                seq=room.seq,
                oldest=room.oldest,
                members=room.members(0),
                count=room.count,
                role=role.word if role else None,
                rules=None if orders.rules == Rules() else orders.rules,
                muted=None if mute is None else mute.until,
                muted_for=None if mute is None else mute.reason,
                recovered=recovered,
                ref=join.ref,
            )
        )
        since = join.since if recovered and join.since is not None else room.seq
        client.connection.follow(room, since)

    def epoch(self, log: Room | LogState) -> str:
        """Give what positions in a log are told with: of a room made anew they are others."""
        return epoch_of(self._epoch, log)

    def _other(self, user: str, orders: Orders) -> Person | None:
        """Give whom a direct room is with."""
        for other in orders.pair:
            if other.user != user:
                return Person(other.user, self._people.nick(other.user) or other.nick)
        return None

    def recovers(self, log: Room | LogState, since: int, epoch: str | None) -> bool:
        """Whether all that was missed after a position can be told, where the log stands so."""
        same = epoch == self.epoch(log) or (since == 0 and epoch is None)
        return same and log.oldest - 1 <= since <= log.seq <= since + RECOVERABLE

    def leave(self, client: Client, leave: Leave) -> None:
        """Let the client out."""
        room = joined(client, leave.room)
        self._attendance.leave(room, client)
        user = client.user
        client.send(Left(room=room.name, user=user.id, nick=user.nick, count=room.count))
        if leave.ref is not None:
            client.send(Done(ref=leave.ref))

    def typing(self, client: Client, typing: Typing) -> None:
        """Tell the room that the user is typing, at most once in 3 s."""
        room = joined(client, typing.room)
        self._standing.check_writing(client.user.id, room.orders)
        user, now = client.user, self._clock.seconds()
        if now - room.typed.get(user.id, -TYPING_EVERY) >= TYPING_EVERY:
            room.typed[user.id] = now
            self._timeline.pass_on(room, IsTyping(room=room.name, user=user.id, nick=user.nick))
        if typing.ref is not None:
            client.send(Done(ref=typing.ref))

    def members(self, client: Client, members: Members) -> Deferred[None] | None:
        """Give a page of a room's members."""
        name = names.room(members.room)
        room = self._timeline.room(name)
        if room is None:
            looking = self.readable(client.user.id, client.origin, name)
            looking.addCallback(lambda _: self._log.state(name))
            return looking.addCallback(self._nobody, client, members, name)
        self._standing.check_entry(client.user.id, client.origin, room.orders)
        start = 0 if members.after is None else room.place_after(members.after)
        page = room.members(start)
        client.send(
            MembersPage(
                room=name,
                members=page,
                count=room.count,
                more=room.count > start + len(page),
                ref=members.ref,
            )
        )
        return None

    def _nobody(self, state: object, client: Client, members: Members, name: str) -> None:
        if state is None:
            raise no_such_room()
        client.send(MembersPage(room=name, members=[], count=0, more=False, ref=members.ref))

    def history(self, client: Client, history: History) -> Deferred[None]:
        """Send a page of messages."""
        name = names.room(history.room)
        reading = self.readable(client.user.id, client.origin, name)
        return reading.addCallback(lambda _: self.page(history)).addCallback(client.send)

    def readable(self, user: str | None, origin: Origin, name: str) -> Deferred[None]:
        """Fail with `Refused` unless the user may read the room of this name."""
        return self._standing.orders(name).addCallback(
            lambda orders: self._standing.check_entry(user, origin, orders)
        )

    def page(self, asked: History, must_exist: bool = True) -> Deferred[HistoryPage]:
        """Give a page of messages; one need not be in the room.

        A room that nobody ever was in is refused, or else a page without messages.
        """
        place = Place(asked.before, asked.after, asked.around, asked.at)
        if sum(each is not None for each in place) > 1:
            raise Refused("bad_field", "Ask by one of `before`, `after`, `around` and `at`.")
        name = names.room(asked.room)
        page = self._log.page(name, place, asked.limit)
        return page.addCallback(self._history_page, asked, name, must_exist)

    def _history_page(
        self, page: Page | None, asked: History, name: str, must_exist: bool
    ) -> HistoryPage:
        if page is None:
            if must_exist and self._timeline.room(name) is None:
                raise no_such_room()
            has_two_sides = asked.around is not None or asked.at is not None
            page = Page([], False, 0, more_before=False if has_two_sides else None)
        messages = page.messages
        return HistoryPage(
            room=name,
            messages=messages,
            oldest=messages[0].seq if messages else None,
            newest=messages[-1].seq if messages else None,
            more=page.more,
            more_before=page.more_before,
            as_of=page.as_of,
            ref=asked.ref,
        )


def epoch_of(epoch: str, log: Room | LogState) -> str:
    """Give what positions in a log are told with, where the server has this epoch."""
    return f"{epoch}-{log.generation}" if log.generation else epoch


def joined(client: Client, raw: str) -> Room:
    """Give the room of this name that the client is in; raises `Refused('not_joined')`."""
    room = client.rooms.get(raw) or client.rooms.get(names.room(raw))
    if room is None:
        raise Refused("not_joined", "You are not in this room; join it first.")
    return room
