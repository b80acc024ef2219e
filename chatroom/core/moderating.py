"""Keeping order: who is muted, removed or banned, who has which role, and a room's rules."""

from collections.abc import Callable

from msgspec.structs import replace
from twisted.internet.defer import Deferred

from chatroom.core import names
from chatroom.core.client import Client
from chatroom.core.commands import Appoint, Ban, Kick, Mute, Rule, Unban, Unmute
from chatroom.core.errors import Refused
from chatroom.core.events import Rules
from chatroom.core.interfaces import Journal, Ordered, Ruling, Verdict
from chatroom.core.order_book import OrderBook
from chatroom.core.orders import SERVER, Orders
from chatroom.core.passwords import Passwords
from chatroom.core.people import User
from chatroom.core.permissions import Act, Role
from chatroom.core.standing import Standing
from chatroom.core.suspects import Suspects
from chatroom.core.timeline import Timeline
from chatroom.core.writing import Writing

LONGEST_REASON = 200

Ordering = Appoint | Ban | Kick | Mute | Rule | Unban | Unmute


class Moderating:
    """Carries out the commands of moderators; each fails with `Refused`."""

    def __init__(
        self,
        *,
        standing: Standing,
        suspects: Suspects,
        book: OrderBook,
        passwords: Passwords,
        journal: Journal,
        timeline: Timeline,
        writing: Writing,
        wall: Callable[[], int],
    ) -> None:
        self._standing = standing
        self._suspects = suspects
        self._book = book
        self._passwords = passwords
        self._journal = journal
        self._timeline = timeline
        self._writing = writing
        self._wall = wall

    def command(self, client: Client, asked: Ordering) -> Deferred[None]:
        """Order what a client asks."""

        def answer(ordered: Ordered) -> None:
            self._writing.answer(client, ordered.event, asked.ref)

        return self.order(client.user, asked).addCallback(answer)

    def order(self, user: User, asked: Ordering) -> Deferred[Ordered]:
        """Order what a user asks; fires once it is stored, and in effect on this server."""
        return Deferred.fromCoroutine(self._order(user, asked))

    async def _order(self, user: User, asked: Ordering) -> Ordered:
        room = SERVER if asked.room is None else names.room(asked.room)
        orders = await self._standing.orders(room)
        verdict = Verdict(
            Ruling(type(asked).__name__.lower()),
            room,
            user.id,
            user.nick,
            self._wall(),
            maker=orders.maker,
        )
        if isinstance(asked, Rule):
            verdict = await self._rule(user, asked, verdict, orders)
        else:
            verdict = await self._judge(user, asked, verdict, orders)
        ordered = await self._journal.order(verdict)
        if ordered.changed:
            await self._book.look(room)
        return ordered

    async def _rule(self, user: User, asked: Rule, verdict: Verdict, orders: Orders) -> Verdict:
        self._standing.check(Act.RULE, user.id, orders)
        password = None
        if asked.password is not None:
            self._standing.check(Act.SET_PASSWORD, user.id, orders)
            password = await self._passwords.hash(asked.password) if asked.password else b""
        changes = {
            name: value
            for name in ("locked", "announcements", "slow")
            if (value := getattr(asked, name)) is not None
        }
        if password is not None:
            changes["password"] = bool(password)
        rules: Rules = replace(orders.rules, **changes)
        room = self._timeline.room(verdict.room)
        known = [] if room is None else room.present
        return verdict._replace(rules=rules, password=password, known=known)

    async def _judge(
        self, user: User, asked: Ordering, verdict: Verdict, orders: Orders
    ) -> Verdict:
        assert not isinstance(asked, Rule)
        self._check(user, asked, orders)
        reason = getattr(asked, "reason", None)
        if reason is not None and len(reason) > LONGEST_REASON:
            raise Refused("too_long", f"A reason has at most {LONGEST_REASON} characters.")
        undoes = isinstance(asked, Unban | Unmute)
        whom = await self._suspects.person(asked.user, must_be_known=not undoes)
        verdict = verdict._replace(whom=whom, reason=reason or None)
        if isinstance(asked, Appoint):
            return verdict._replace(role=Role[asked.role.upper()])
        seconds = getattr(asked, "seconds", None)
        if seconds is not None:
            verdict = verdict._replace(until=verdict.at + seconds * 1000)
        return self._ban(asked, verdict) if isinstance(asked, Ban) else verdict

    def _check(self, user: User, asked: Ordering, orders: Orders) -> None:
        assert not isinstance(asked, Rule)
        if isinstance(asked, Appoint) and asked.user == user.id:
            # Anybody may step back, and nobody needs to be outranked for it.
            if Role[asked.role.upper()] > self._standing.role(user.id, orders):
                raise Refused("forbidden", "Nobody promotes oneself.", why="role")
            return
        self._standing.check(_act(asked, self._standing, orders), user.id, orders, asked.user)

    def _ban(self, asked: Ban, verdict: Verdict) -> Verdict:
        origins = self._suspects.origins(asked.user)
        devices = {origin.device for origin in origins if origin.device is not None}
        verdict = verdict._replace(devices=sorted(devices - {asked.user, verdict.user}))
        if not asked.network:
            return verdict
        networks = {origin.network for origin in origins if origin.network}
        if not networks:
            raise Refused("bad_field", "From where this user came is not known; leave `network`.")
        known = self._suspects.neighbours(networks, verdict.room, but=asked.user)
        return verdict._replace(networks=sorted(networks), known=known)


_ACTS = {Mute: Act.MUTE, Unmute: Act.MUTE, Kick: Act.KICK}


def _act(asked: Ordering, standing: Standing, orders: Orders) -> Act:
    """Give what the table is asked."""
    if isinstance(asked, Ban | Unban):
        return Act.BAN_FROM_SERVER if asked.room is None else Act.BAN
    if isinstance(asked, Appoint):
        highest = max(Role[asked.role.upper()], standing.role(asked.user, orders))
        return Act.APPOINT if highest > Role.MEMBER else Act.ADMIT
    return _ACTS[type(asked)]
