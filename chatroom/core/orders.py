"""How one room is kept, or the whole server: roles, rules, and who may not write or enter."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from chatroom.core.events import Person, Rules
from chatroom.core.permissions import Act, Role, forbidden, is_allowed

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
    """What is ordered in a room.

    `maker` is who made the room, while nothing is stored of it; `password` is a hash.
    """

    __slots__ = ("_devices", "_networks", "bans", "maker", "mutes", "password", "roles", "rules")

    def __init__(
        self,
        *,
        roles: Mapping[str, Role] | None = None,
        rules: Rules = Rules(),  # noqa: B008 - it is immutable
        password: bytes | None = None,
        mutes: Mapping[str, Held] | None = None,
        bans: Mapping[str, Held] | None = None,
        maker: Person | None = None,
    ) -> None:
        self.roles = dict(roles or {})
        self.rules = rules
        self.password = password
        self.mutes = dict(mutes or {})
        self.bans = dict(bans or {})
        self.maker = maker
        if maker is not None:
            self.roles[maker.user] = Role.OWNER
        self._devices = {device: ban for ban in self.bans.values() for device in ban.devices}
        self._networks = {network: ban for ban in self.bans.values() for network in ban.networks}

    def role(self, user: str | None) -> Role:
        """Give what a user is here by these orders alone."""
        return Role.GUEST if user is None else self.roles.get(user, Role.GUEST)

    def ban_of(self, user: str | None, origin: Origin, role: Role, now: int) -> Held | None:
        """Give what keeps a user out, if anything does."""
        found = [self.bans.get(user or ""), self._devices.get(origin.device or "")]
        if role is Role.GUEST:
            # Whoever is known here is not to suffer for a neighbour at the same address.
            found.append(self._networks.get(origin.network))
        return next((ban for ban in found if ban is not None and ban.holds(now)), None)

    def mute_of(self, user: str, now: int) -> Held | None:
        """Give what keeps a user from writing, if anything does."""
        mute = self.mutes.get(user)
        return mute if mute is not None and mute.holds(now) else None

    def check_ban(self, user: str | None, origin: Origin, role: Role, now: int) -> None:
        """Raise `Refused('forbidden')` for who is banned."""
        ban = self.ban_of(user, origin, role, now)
        if ban is not None:
            raise forbidden(_sentence("You are banned here", ban), "banned", ban.until)

    def check_entry(self, role: Role) -> None:
        """Raise `Refused('forbidden')` for whom it is closed to."""
        if self.rules.locked and not is_allowed(Act.ENTER_CLOSED, role):
            raise forbidden("This room is locked; its moderators can let you in.", "locked")
        if self.password is not None and not is_allowed(Act.ENTER_CLOSED, role):
            raise forbidden("This room has a password.", "password")

    def check_writing(self, user: str, role: Role, reacts: bool, now: int) -> None:
        """Raise `Refused('forbidden')` for who may not write, or not even react."""
        mute = self.mute_of(user, now)
        if mute is not None:
            raise forbidden(_sentence("You are muted here", mute), "muted", mute.until)
        if self.rules.announcements and not reacts and not is_allowed(Act.ANNOUNCE, role):
            raise forbidden("Only moderators write in this room.", "announcements")


def _sentence(what: str, held: Held) -> str:
    return f"{what}: {held.reason}" if held.reason else f"{what}."
