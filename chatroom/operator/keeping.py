"""Each command of the operator's, carried out; the operator is nobody's user and has no nick."""

import getpass
import secrets
import sys
from argparse import Namespace
from datetime import UTC, datetime
from typing import Any, TextIO

from msgspec.structs import replace

from chatroom.banner import owner_link, page_of
from chatroom.core.errors import Refused
from chatroom.core.events import Person
from chatroom.core.interfaces import Random, Ruling, Verdict
from chatroom.core.orders import SERVER
from chatroom.core.owning import digest
from chatroom.core.passwords import hashed
from chatroom.core.permissions import Role
from chatroom.options import Options
from chatroom.storage.outside import Outside
from chatroom.transports.visitor import network_of

LINK_FOR = 24 * 3600 * 1000
"""How long an owner link is good, in ms."""
MOST = 200
"""The most that is listed."""


class Keeping:
    """The data of a server, where to write, the time in ms since 1970, and chance."""

    def __init__(self, outside: Outside, out: TextIO, now: int, rng: Random) -> None:
        self.outside = outside
        self.out = out
        self.now = now
        self.rng = rng

    def say(self, *cells: object) -> None:
        """Write a line, its parts apart by tabs."""
        # As Python writes it where it could be taken for a line of its own.
        self.out.write("\t".join(str(cell).translate(CONTROL) for cell in cells) + "\n")

    def order(self, ruling: Ruling, room: str, **fields: Any) -> None:
        """Carry a verdict out, and say whether it changed anything."""
        if room != SERVER and ruling is not Ruling.RULE:
            self.outside.orders(room)
        verdict = Verdict(ruling, room, "", "", self.now, **fields)
        self.say("Done." if self.outside.order(verdict) else "It is so already.")

    def person(self, name: str) -> Person:
        """Find a user by id or nick; raises `Refused`."""
        found = self.outside.users(name, MOST)
        exact = [person for person in found if person.user == name] or found
        if not exact:
            raise Refused("bad_field", f"Nobody with the id or the nick {name!r} ever wrote.")
        if len(exact) > 1:
            ids = ", ".join(person.user for person in exact)
            raise Refused("bad_field", f"Several had the nick {name!r}; name an id: {ids}.")
        return exact[0]


CONTROL = {code: repr(chr(code))[1:-1] for code in (*range(32), *range(127, 160), 0x2028, 0x2029)}


def owner(keeping: Keeping, asked: Namespace) -> None:
    owners = keeping.outside.kept_by(SERVER).roles
    if asked.list:
        for each in owners:
            if each.role == Role.HOST.word:
                keeping.say(each.user, each.nick)
    elif asked.remove is not None:
        found = [Person(each.user, each.nick) for each in owners if each.user == asked.remove]
        for whom in found or [Person(asked.remove, "")]:
            keeping.order(Ruling.APPOINT, SERVER, whom=whom, role=Role.GUEST)
    else:
        _show_link(keeping, asked)


def _show_link(keeping: Keeping, asked: Namespace) -> None:
    secret = secrets.token_urlsafe()
    page = asked.url
    if page is None:
        options = Options()
        options.parseOptions([])
        page = page_of(options.settings, options.settings.port) or "http://localhost:3000/"
    keeping.outside.offer(digest(secret), keeping.now, keeping.now + LINK_FOR)
    keeping.say("Whoever opens this within 24 hours owns the server; it works once:")
    keeping.say(owner_link(page.rstrip("/") + "/", secret))


def list_rooms(keeping: Keeping, asked: Namespace) -> None:
    for room in keeping.outside.rooms(MOST):
        keeping.say(_time(room.at), room.seq, room.name)


def show_room(keeping: Keeping, asked: Namespace) -> None:
    rules = keeping.outside.orders(asked.room).rules
    for name in ("locked", "announcements", "password"):
        keeping.say(name, "yes" if getattr(rules, name) else "no")
    keeping.say("slow", f"{rules.slow} s")
    kept = keeping.outside.kept_by(asked.room)
    for holder in kept.roles:
        keeping.say(holder.role, holder.user, holder.nick)
    _list_sanctions(keeping, asked.room, ("mute", "ban"))
    for deed in keeping.outside.deeds(asked.room, MOST):
        whom = "" if deed.whom is None else deed.whom.nick or deed.whom.user
        keeping.say(_time(deed.at), deed.nick or "operator", deed.act, whom, deed.reason or "")


def lock(keeping: Keeping, asked: Namespace) -> None:
    _rule(keeping, asked.room, locked=True)


def unlock(keeping: Keeping, asked: Namespace) -> None:
    _rule(keeping, asked.room, locked=False)


def slow(keeping: Keeping, asked: Namespace) -> None:
    _rule(keeping, asked.room, slow=asked.seconds)


def announcements(keeping: Keeping, asked: Namespace) -> None:
    _rule(keeping, asked.room, announcements=asked.switch == "on")


def password(keeping: Keeping, asked: Namespace) -> None:
    if asked.switch == "off":
        _rule(keeping, asked.room, password=b"")
        return
    # Not among the words, which every user of the machine can read.
    typed = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if not typed:
        raise Refused("bad_field", "A password is not empty.")
    _rule(keeping, asked.room, password=hashed(typed, keeping.rng))


def _rule(
    keeping: Keeping, room: str, password: bytes | None = None, **changes: bool | int
) -> None:
    rules = replace(keeping.outside.orders(room).rules, **changes)
    if password is not None:
        rules = replace(rules, password=bool(password))
    keeping.order(Ruling.RULE, room, rules=rules, password=password)


def list_users(keeping: Keeping, asked: Namespace) -> None:
    for person in keeping.outside.users(asked.nick, MOST):
        keeping.say(person.user, person.nick)


def role(keeping: Keeping, asked: Namespace) -> None:
    given = Role[asked.role.upper()]
    keeping.order(Ruling.APPOINT, asked.room, whom=keeping.person(asked.user), role=given)


def mute(keeping: Keeping, asked: Namespace) -> None:
    until = keeping.now + asked.seconds * 1000
    whom = keeping.person(asked.user)
    keeping.order(Ruling.MUTE, asked.room, whom=whom, until=until, reason=asked.reason)


def unmute(keeping: Keeping, asked: Namespace) -> None:
    keeping.order(Ruling.UNMUTE, asked.room, whom=keeping.person(asked.user))


def kick(keeping: Keeping, asked: Namespace) -> None:
    whom = keeping.person(asked.user)
    keeping.order(Ruling.KICK, asked.room, whom=whom, reason=asked.reason)


def purge(keeping: Keeping, asked: Namespace) -> None:
    keeping.outside.orders(asked.room)
    whom = keeping.person(asked.user)
    verdict = Verdict(Ruling.PURGE, asked.room, "", "", keeping.now, whom=whom)
    keeping.say(f"{keeping.outside.purge(verdict)} messages are deleted.")


def list_bans(keeping: Keeping, asked: Namespace) -> None:
    _list_sanctions(keeping, asked.room or SERVER, ("ban",))


def _list_sanctions(keeping: Keeping, room: str, acts: tuple[str, ...]) -> None:
    keeping.outside.orders(room)
    for each in keeping.outside.kept_by(room).sanctions:
        if each.act in acts and (each.until is None or keeping.now < each.until):
            until = "for ever" if each.until is None else f"until {_time(each.until)}"
            network = "and network" if each.network else ""
            keeping.say(each.act, each.user, each.nick, until, network, each.reason or "")


def ban(keeping: Keeping, asked: Namespace) -> None:
    keeping.order(
        Ruling.BAN,
        asked.room or SERVER,
        whom=keeping.person(asked.user),
        until=None if asked.seconds is None else keeping.now + asked.seconds * 1000,
        networks=[network_of(address) for address in asked.network],
        reason=asked.reason,
    )


def unban(keeping: Keeping, asked: Namespace) -> None:
    keeping.order(Ruling.UNBAN, asked.room or SERVER, whom=keeping.person(asked.user))


def _time(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).astimezone().strftime("%Y-%m-%d %H:%M")
