"""Each command of the operator's, carried out; the operator is nobody's user and has no nick."""

import getpass
import secrets
import sys
from argparse import Namespace
from datetime import UTC, datetime
from typing import Any, TextIO

from chatroom.banner import owner_link
from chatroom.core import names
from chatroom.core.errors import Refused
from chatroom.core.events import Person
from chatroom.core.interfaces import Random
from chatroom.core.kinds import RoomKind
from chatroom.core.moderating import checked_reason
from chatroom.core.orders import SERVER
from chatroom.core.owning import digest
from chatroom.core.passwords import hashed
from chatroom.core.permissions import Role
from chatroom.core.ruling import ONLY_PUBLIC
from chatroom.core.work import Changes, Ruling, Verdict
from chatroom.operator import output
from chatroom.storage.outside import Outside

LINK_FOR = 24 * 3600 * 1000
"""How long an owner link is good, in ms."""
MOST = 200
"""The most that is listed."""


class Errand:
    """The data of a server, where to write, the time in ms since 1970, and chance."""

    def __init__(self, outside: Outside, out: TextIO, now: int, rng: Random) -> None:
        self.outside = outside
        self.out = out
        self.now = now
        self.rng = rng

    def say(self, *cells: object) -> None:
        """Write a line, its parts apart by tabs."""
        output.say(self.out, *cells)

    def order(self, ruling: Ruling, room: str, **fields: Any) -> None:
        """Carry a verdict out, and say whether it changed anything."""
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


def owner(errand: Errand, asked: Namespace) -> None:
    owners = errand.outside.kept_by(SERVER).roles
    if asked.list:
        for each in owners:
            if each.role == Role.HOST.word:
                errand.say(each.user, each.nick)
    elif asked.remove is not None:
        found = [Person(each.user, each.nick) for each in owners if each.user == asked.remove]
        for whom in found or [Person(asked.remove, "")]:
            errand.order(Ruling.APPOINT, SERVER, whom=whom, role=Role.GUEST)
    else:
        _show_link(errand, asked)


def _show_link(errand: Errand, asked: Namespace) -> None:
    secret = secrets.token_urlsafe()
    page = asked.url or errand.outside.page()
    if page is None:
        raise Refused("bad_field", "Where the page is, is not known; name it by --url.")
    errand.outside.offer(digest(secret), errand.now, errand.now + LINK_FOR)
    errand.say("Whoever opens this within 24 hours owns the server; it works once:")
    errand.say(owner_link(page.rstrip("/") + "/", secret))


def list_rooms(errand: Errand, asked: Namespace) -> None:
    for room in errand.outside.rooms(MOST):
        other = "" if room.other is None else room.other.nick
        errand.say(_time(room.at), room.seq, room.name, room.rules.title or other)


def show_room(errand: Errand, asked: Namespace) -> None:
    rules = errand.outside.orders(asked.room).rules
    if rules.topic:
        errand.say("topic", rules.topic)
    for name in ("locked", "announcements", "password", "unlisted", "archived"):
        errand.say(name, "yes" if getattr(rules, name) else "no")
    errand.say("slow", f"{rules.slow} s")
    errand.say("keep", f"{rules.keep_days or 'all'} days")
    errand.say("keep", f"{rules.keep_messages or 'all'} messages")
    kept = errand.outside.kept_by(asked.room)
    for holder in kept.roles:
        errand.say(holder.role, holder.user, holder.nick)
    _list_sanctions(errand, asked.room, ("mute", "ban"))
    for deed in errand.outside.deeds(asked.room, MOST):
        whom = "" if deed.whom is None else deed.whom.nick or deed.whom.user
        errand.say(_time(deed.at), deed.nick or "operator", deed.act, whom, deed.reason or "")


def lock(errand: Errand, asked: Namespace) -> None:
    _rule(errand, asked.room, locked=True)


def unlock(errand: Errand, asked: Namespace) -> None:
    _rule(errand, asked.room, locked=False)


def slow(errand: Errand, asked: Namespace) -> None:
    _rule(errand, asked.room, slow=asked.seconds)


def announcements(errand: Errand, asked: Namespace) -> None:
    _rule(errand, asked.room, announcements=asked.switch == "on")


def unlisted(errand: Errand, asked: Namespace) -> None:
    _rule(errand, asked.room, unlisted=asked.switch == "on")


def archived(errand: Errand, asked: Namespace) -> None:
    _rule(errand, asked.room, archived=asked.switch == "on")


def topic(errand: Errand, asked: Namespace) -> None:
    _rule(errand, asked.room, topic=names.topic(asked.topic))


def delete(errand: Errand, asked: Namespace) -> None:
    if asked.room == names.LOBBY:
        raise Refused("forbidden", "The lobby stays; delete what was said there instead.")
    errand.outside.orders(asked.room)
    if not asked.yes:
        raise Refused("bad_field", "This deletes the room for good; say --yes if you mean it.")
    errand.order(Ruling.DESTROY, asked.room)


def keep(errand: Errand, asked: Namespace) -> None:
    if not asked.dry_run and (asked.days, asked.messages) != (None, None):
        _rule(errand, asked.room, keep_days=asked.days, keep_messages=asked.messages)
        return
    going = errand.outside.going(asked.room, asked.days, asked.messages, errand.now)
    if going.at is None:
        errand.say("No message would be deleted.")
    else:
        until = f"up to {_time(going.at)} (number {going.up_to})"
        errand.say(f"{going.messages} messages {until} would be deleted.")


def password(errand: Errand, asked: Namespace) -> None:
    if asked.switch == "off":
        _rule(errand, asked.room, password=b"")
        return
    # Not among the words, which every user of the machine can read.
    typed = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if not typed:
        raise Refused("bad_field", "A password is not empty.")
    _rule(errand, asked.room, password=hashed(typed, errand.rng))


def _rule(errand: Errand, room: str, **changes: Any) -> None:
    orders = errand.outside.orders(room)
    if orders.kind is not RoomKind.PUBLIC and ONLY_PUBLIC.intersection(changes):
        raise Refused("bad_field", "A private room is closed and in no list as it is.")
    errand.order(Ruling.RULE, room, changes=Changes(**changes))


def list_users(errand: Errand, asked: Namespace) -> None:
    for person in errand.outside.users(asked.nick, MOST):
        errand.say(person.user, person.nick)


def role(errand: Errand, asked: Namespace) -> None:
    if errand.outside.orders(asked.room).kind is RoomKind.DIRECT:
        raise Refused("bad_field", "A room of two stays one.")
    given = Role[asked.role.upper()]
    errand.order(Ruling.APPOINT, asked.room, whom=errand.person(asked.user), role=given)


def mute(errand: Errand, asked: Namespace) -> None:
    until = errand.now + asked.seconds * 1000
    whom = errand.person(asked.user)
    errand.order(
        Ruling.MUTE, asked.room, whom=whom, until=until, reason=checked_reason(asked.reason)
    )


def unmute(errand: Errand, asked: Namespace) -> None:
    errand.order(Ruling.UNMUTE, asked.room, whom=errand.person(asked.user))


def kick(errand: Errand, asked: Namespace) -> None:
    whom = errand.person(asked.user)
    errand.order(Ruling.KICK, asked.room, whom=whom, reason=checked_reason(asked.reason))


def purge(errand: Errand, asked: Namespace) -> None:
    errand.outside.orders(asked.room)
    whom = errand.person(asked.user)
    verdict = Verdict(Ruling.PURGE, asked.room, "", "", errand.now, whom=whom)
    errand.say(f"{errand.outside.purge(verdict)} messages are deleted.")


def list_bans(errand: Errand, asked: Namespace) -> None:
    _list_sanctions(errand, asked.room or SERVER, ("ban",))


def _list_sanctions(errand: Errand, room: str, acts: tuple[str, ...]) -> None:
    errand.outside.orders(room)
    for each in errand.outside.kept_by(room).sanctions:
        if each.act in acts and (each.until is None or errand.now < each.until):
            until = "for ever" if each.until is None else f"until {_time(each.until)}"
            network = "and network" if each.network else ""
            errand.say(each.act, each.user, each.nick, until, network, each.reason or "")


def ban(errand: Errand, asked: Namespace) -> None:
    errand.order(
        Ruling.BAN,
        asked.room or SERVER,
        whom=errand.person(asked.user),
        until=None if asked.seconds is None else errand.now + asked.seconds * 1000,
        networks=asked.network,
        reason=checked_reason(asked.reason),
    )


def unban(errand: Errand, asked: Namespace) -> None:
    errand.order(Ruling.UNBAN, asked.room or SERVER, whom=errand.person(asked.user))


def _time(at: int | None) -> str:
    if at is None:
        return "never"
    return datetime.fromtimestamp(at / 1000, UTC).astimezone().strftime("%Y-%m-%d %H:%M")
