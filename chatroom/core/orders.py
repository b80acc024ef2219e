"""How one room is kept, or the whole server: roles, rules, and who may not write or enter."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Self

from chatroom.core import names
from chatroom.core.errors import Refused, nothing_there
from chatroom.core.events import Person, Rules
from chatroom.core.kinds import RoomKind
from chatroom.core.permissions import Act, Role, forbidden, is_allowed
from chatroom.core.work import Ruling, Verdict

SERVER = ""
"""In the place of a room's name: what holds for all of them. No room is called that."""


class Origin(NamedTuple):
    """Where somebody comes from: a network, and the user that the device is known as.

    A network is an IPv4 address, or the /64 of an IPv6 one (RFC 6177: a site has at least that).
    """

    network: str = ""
    device: str | None = None


class Held(NamedTuple):
    """What keeps a user from writing or out: until when, in ms, None for ever; and what else."""

    until: int | None
    reason: str | None = None
    networks: Sequence[str] = ()
    devices: Sequence[str] = ()

    def holds(self, now: int) -> bool:
        """Whether it is not over yet; `now` is in ms since 1970."""
        return self.until is None or now < self.until


class Orders:
    """What is ordered in a room; `password` is a hash, `pair` the two of a direct room.

    They are `is_new` while nothing is stored of the room; `maker` is who has made it then.
    """

    __slots__ = (
        "_devices",
        "_networks",
        "bans",
        "is_new",
        "kind",
        "maker",
        "mutes",
        "pair",
        "password",
        "roles",
        "rules",
    )

    def __init__(
        self,
        *,
        roles: Mapping[str, Role] | None = None,
        rules: Rules = Rules(),  # noqa: B008 - it is immutable
        password: bytes | None = None,
        mutes: Mapping[str, Held] | None = None,
        bans: Mapping[str, Held] | None = None,
        maker: Person | None = None,
        is_new: bool = False,
        kind: RoomKind = RoomKind.PUBLIC,
        pair: Sequence[Person] = (),
    ) -> None:
        self.roles = dict(roles or {})
        self.rules = rules
        self.password = password
        self.mutes = dict(mutes or {})
        self.bans = dict(bans or {})
        self.maker = maker
        self.is_new = is_new
        self.kind = kind
        self.pair = pair
        if maker is not None:
            self.roles[maker.user] = Role.OWNER
        self._index()

    @classmethod
    def of_new(cls, name: str, maker: Person | None = None) -> Self:
        """Give those of a room of which nothing is stored; the lobby was there before anybody.

        At an address there is none, and nobody makes one by going there.
        """
        if names.is_address(name):
            return cls(is_new=True, kind=RoomKind.PRIVATE)
        return cls(is_new=True, maker=None if name == names.LOBBY else maker)

    def _index(self) -> None:
        bans = self.bans.values()
        self._devices = _longest((device, ban) for ban in bans for device in ban.devices)
        self._networks = _longest((network, ban) for ban in bans for network in ban.networks)

    def apply(self, done: Verdict) -> None:
        """Let a verdict hold that storage has carried out, in the same way."""
        whom = "" if done.whom is None else done.whom.user
        match done.ruling:
            case Ruling.RULE:
                assert done.rules is not None and done.changes is not None
                self.rules = done.rules
                if done.changes.password is not None:
                    self.password = done.changes.password or None
            case Ruling.APPOINT | Ruling.ADMIT | Ruling.OWN:
                assert done.role is not None
                self._give(whom, done.role)
            case Ruling.KICK:
                if self.role(whom) is Role.MEMBER:
                    del self.roles[whom]
            case Ruling.MUTE:
                self.mutes[whom] = Held(done.until, done.reason)
            case Ruling.UNMUTE:
                self.mutes.pop(whom, None)
            case Ruling.BAN:
                self.roles.pop(whom, None)
                self.bans[whom] = Held(
                    done.until, done.reason, tuple(done.networks), tuple(done.devices)
                )
            case Ruling.UNBAN:
                self.bans.pop(whom, None)
            case Ruling.CREATE:
                assert done.rules is not None and done.maker is not None
                self.rules = done.rules
                # Whoever came in while it was being made has made nothing.
                self.maker = done.maker
                self.roles = {done.maker.user: Role.OWNER}
        self.is_new = False
        for each in done.known:
            self.roles.setdefault(each.user, Role.MEMBER)
        self._index()

    def _give(self, user: str, role: Role) -> None:
        if role is Role.GUEST:
            self.roles.pop(user, None)
        else:
            self.roles[user] = role

    @property
    def closed(self) -> bool:
        """Whether guests are kept out."""
        return bool(self.kind) or self.rules.locked or self.password is not None

    def role(self, user: str | None) -> Role:
        """Give what a user is here by these orders alone."""
        return Role.GUEST if user is None else self.roles.get(user, Role.GUEST)

    def ban_of(self, user: str | None, origin: Origin, role: Role, now: int) -> Held | None:
        """Give what keeps a user out in person, or its device, if anything does."""
        found = [self.bans.get(user or "")]
        if role < Role.MODERATOR:
            # A device may be lent; by it nobody puts out who could not be put out by name.
            device = origin.device or ""
            found += [self.bans.get(device), self._devices.get(device)]
        return next((ban for ban in found if ban is not None and ban.holds(now)), None)

    def mute_of(self, user: str, now: int) -> Held | None:
        """Give what keeps a user from writing, if anything does."""
        mute = self.mutes.get(user)
        return mute if mute is not None and mute.holds(now) else None

    def check_ban(self, user: str | None, origin: Origin, role: Role, now: int) -> None:
        """Raise `Refused('forbidden')` for who is banned."""
        ban = self.ban_of(user, origin, role, now)
        if ban is not None:
            raise _held("You are banned here", "banned", ban)
        # Whoever is known here is not to suffer for a neighbour at the same address, and nobody is
        # told what that one did.
        of_network = self._networks.get(origin.network) if role is Role.GUEST else None
        if of_network is not None and of_network.holds(now):
            sentence = "Guests from your network are kept out here; ask a moderator."
            raise forbidden(sentence, "network", of_network.until)

    def check_seen(self, role: Role) -> None:
        """Raise `Refused('no_such_room')` for who is not to learn that there is this room."""
        if self.kind and role is Role.GUEST:
            raise nothing_there()

    def check_entry(self, role: Role) -> None:
        """Raise `Refused` for whom it is closed to."""
        self.check_seen(role)
        if is_allowed(Act.ENTER_CLOSED if self.closed else Act.ENTER, role):
            return
        if self.rules.locked:
            raise forbidden("This room is locked; its moderators can let you in.", "locked")
        raise forbidden("This room has a password.", "password")

    def check_writing(self, user: str, role: Role, reacts: bool, now: int) -> None:
        """Raise `Refused('forbidden')` for who may not write, or not even react."""
        mute = self.mute_of(user, now)
        if mute is not None:
            raise _held("You are muted here", "muted", mute)
        if self.rules.archived:
            raise forbidden("This room is archived: it can be read, and nobody writes.", "archived")
        announces = self.rules.announcements and not reacts
        if not is_allowed(Act.ANNOUNCE if announces else Act.SAY, role):
            raise forbidden("Only moderators write in this room.", "announcements")


def _held(what: str, why: str, held: Held) -> Refused:
    sentence = f"{what}: {held.reason}" if held.reason else f"{what}."
    return forbidden(sentence, why, held.until, held.reason)


def _longest(bans: Iterable[tuple[str, Held]]) -> dict[str, Held]:
    """Give for each key the ban that holds longest."""
    found: dict[str, Held] = {}
    for key, ban in bans:
        other = found.get(key)
        if other is None or (
            other.until is not None and (ban.until is None or ban.until > other.until)
        ):
            found[key] = ban
    return found
