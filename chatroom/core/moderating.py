"""Keeping order: who is muted, removed or banned, who has which role, and a room's rules."""

from collections.abc import Callable

from twisted.internet.defer import Deferred

from chatroom.core import names, ruling
from chatroom.core.client import Client
from chatroom.core.commands import Appoint, Ban, Kick, Mute, Rule, Unban, Unmute
from chatroom.core.errors import Refused, no_such_room
from chatroom.core.kinds import RoomKind
from chatroom.core.messages import tell_who_left
from chatroom.core.ordering import Ordering
from chatroom.core.orders import SERVER, Orders, Origin
from chatroom.core.passwords import Passwords
from chatroom.core.people import User
from chatroom.core.permissions import Act, Role, forbidden
from chatroom.core.standing import Standing
from chatroom.core.suspects import Suspects
from chatroom.core.timeline import Timeline
from chatroom.core.work import Ordered, Ruling, Verdict
from chatroom.core.writing import Writing

LONGEST_REASON = 200

AboutSomebody = Appoint | Ban | Kick | Mute | Unban | Unmute
Asked = AboutSomebody | Rule


class Moderating:
    """Carries out the commands of moderators; each fails with `Refused`."""

    def __init__(
        self,
        *,
        standing: Standing,
        suspects: Suspects,
        ordering: Ordering,
        passwords: Passwords,
        timeline: Timeline,
        writing: Writing,
        wall: Callable[[], int],
    ) -> None:
        self._standing = standing
        self._suspects = suspects
        self._ordering = ordering
        self._passwords = passwords
        self._timeline = timeline
        self._writing = writing
        self._wall = wall

    def command(self, client: Client, asked: Asked) -> Deferred[None]:
        """Order what a client asks."""

        def answer(ordered: Ordered) -> None:
            if ordered.event is not None:
                tell_who_left(client, ordered.event)
            self._writing.answer(client, ordered.event, asked.ref)

        return self.order(client.user, client.origin, asked).addCallback(answer)

    def order(self, user: User, origin: Origin, asked: Asked) -> Deferred[Ordered]:
        """Order what a user asks; fires once it is stored, and in effect on this server."""
        return Deferred.fromCoroutine(self._order(user, origin, asked))

    async def _order(self, user: User, origin: Origin, asked: Asked) -> Ordered:
        room = SERVER if asked.room is None else names.room(asked.room)
        orders = await self._standing.orders(room)
        self._standing.check_ban(user.id, origin, orders)
        kind = Ruling(type(asked).__name__.lower())
        verdict = Verdict(kind, room, user.id, user.nick, self._wall(), maker=orders.maker)
        if isinstance(asked, Rule):
            verdict = await self._rule(user, origin, asked, verdict, orders)
        else:
            self._check(user, asked, orders)
            verdict = await self._judge(asked, verdict)
        if room != SERVER and not self._standing.is_there(room, orders):
            raise no_such_room()
        return await self._ordering.order(verdict)

    async def _rule(
        self, user: User, origin: Origin, asked: Rule, verdict: Verdict, orders: Orders
    ) -> Verdict:
        for act in ruling.acts(asked):
            self._standing.check(act, user.id, orders)
        changes = ruling.changes(asked, orders.kind)
        if asked.password is not None:
            password = b""
            if asked.password:
                password = await self._passwords.hash(asked.password, origin.network)
            changes = changes._replace(password=password)
        room = self._timeline.room(verdict.room)
        return verdict._replace(changes=changes, known=[] if room is None else room.present)

    def _check(self, user: User, asked: AboutSomebody, orders: Orders) -> None:
        if isinstance(asked, Appoint) and asked.user == user.id:
            if orders.kind is RoomKind.DIRECT:
                raise forbidden("A room of two stays one; leave it instead.", "role")
            # Anybody may step back, and nobody needs to be outranked for it.
            if Role[asked.role.upper()] >= self._standing.role(user.id, orders):
                raise forbidden("One can only step back by oneself.", "role")
            return
        self._standing.check(_act(asked, self._standing, orders), user.id, orders, asked.user)

    async def _judge(self, asked: AboutSomebody, verdict: Verdict) -> Verdict:
        undoes = isinstance(asked, Unban | Unmute)
        whom = await self._suspects.person(asked.user, must_be_known=not undoes)
        verdict = verdict._replace(whom=whom)
        if isinstance(asked, Appoint):
            return verdict._replace(role=Role[asked.role.upper()])
        if isinstance(asked, Unban | Unmute):
            return verdict
        verdict = verdict._replace(reason=checked_reason(asked.reason))
        if isinstance(asked, Kick):
            return verdict
        if asked.seconds is not None:
            verdict = verdict._replace(until=verdict.at + asked.seconds * 1000)
        return self._ban(asked, verdict) if isinstance(asked, Ban) else verdict

    def _ban(self, asked: Ban, verdict: Verdict) -> Verdict:
        origins = self._suspects.origins(asked.user)
        devices = {origin.device for origin in origins if origin.device is not None}
        devices -= {asked.user, verdict.user}
        verdict = verdict._replace(devices=sorted(devices))
        if not asked.network:
            return verdict
        networks = {origin.network for origin in origins if origin.network}
        if not networks:
            raise Refused("bad_field", "From where this user came is not known; leave `network`.")
        known = self._suspects.neighbours(networks, verdict.room, but={asked.user, *devices})
        return verdict._replace(networks=sorted(networks), known=known)


def checked_reason(reason: str | None) -> str | None:
    """Give a reason, None for an empty one; raises `Refused`."""
    if reason is not None and len(reason) > LONGEST_REASON:
        raise Refused("too_long", f"A reason has at most {LONGEST_REASON} characters.")
    try:
        (reason or "").encode()
    except UnicodeEncodeError:
        raise Refused("bad_field", "Lone surrogates are no text.") from None
    return reason or None


_ACTS: dict[type[AboutSomebody], Act] = {Mute: Act.MUTE, Unmute: Act.MUTE, Kick: Act.KICK}


def _act(asked: AboutSomebody, standing: Standing, orders: Orders) -> Act:
    """Give what the table is asked."""
    if isinstance(asked, Ban | Unban):
        return Act.BAN_FROM_SERVER if asked.room is None else Act.BAN
    if isinstance(asked, Appoint):
        highest = max(Role[asked.role.upper()], standing.role(asked.user, orders))
        return Act.APPOINT if highest > Role.MEMBER else Act.ADMIT
    return _ACTS[type(asked)]
