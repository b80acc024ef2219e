"""`python -m chatroom owner|room|user|ban …`: the words, and what is done for each.

It works whether the server runs or not; one that runs heeds it within a second.
"""

import argparse
import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from random import SystemRandom
from typing import TypeAlias

from chatroom.core import names
from chatroom.core.commands import LONGEST, LONGEST_SLOW, MOST_DAYS, MOST_MESSAGES
from chatroom.core.errors import Refused
from chatroom.operator import keeping
from chatroom.storage.outside import Outside
from chatroom.storage.schema import StorageError
from chatroom.transports.visitor import network_of

COMMANDS = ("owner", "room", "user", "ban")
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 24 * 3600}


def main(words: Sequence[str]) -> None:
    """Do what the words say, or end with one sentence."""
    asked = parser().parse_args(words)
    try:
        with Outside.open(Path(os.path.abspath(os.path.expanduser(asked.data)))) as outside:
            now = time.time_ns() // 1_000_000
            asked.do(keeping.Errand(outside, sys.stdout, now, SystemRandom()), asked)
    except StorageError as error:
        raise SystemExit(f"chatroom: {error}") from None
    except Refused as refused:
        raise SystemExit(f"chatroom: {refused.message}") from None


def parser() -> argparse.ArgumentParser:
    """Give what reads the words; `do` of what it gives is called with `Keeping` and itself."""
    root = argparse.ArgumentParser(prog="python -m chatroom", description=__doc__)
    commands = root.add_subparsers(required=True, metavar="|".join(COMMANDS))
    _add_owner(commands)
    _add_room(_group(commands, "room", "how a room is kept"))
    _add_user(_group(commands, "user", "who is who, and who may do what"))
    _add_ban(_group(commands, "ban", "who is kept out"))
    return root


# It has no public name, and is generic for type checkers alone.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Do = Callable[[keeping.Errand, argparse.Namespace], None]


def _group(commands: Commands, name: str, about: str) -> Commands:
    return commands.add_parser(name, help=about, description=about).add_subparsers(required=True)


def _command(commands: Commands, name: str, about: str, do: Do) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=about, description=about)
    command.set_defaults(do=do)
    default = os.environ.get("CHATROOM_DATA") or "chatroom-data"
    command.add_argument("--data", default=default, help="the server's data folder")
    return command


def _add_owner(commands: Commands) -> None:
    owner = _command(commands, "owner", "a link that makes an owner of the server", keeping.owner)
    owner.add_argument("--list", action="store_true", help="list the owners instead")
    owner.add_argument(
        "--remove", type=_text, metavar="USER", help="take it from one of them instead"
    )
    owner.add_argument(
        "--url", type=_url, help="the page's address, such as https://chat.example.org"
    )


def _add_room(room: Commands) -> None:
    _command(room, "list", "the rooms, the last active first", keeping.list_rooms)
    for name, about, do in (
        ("show", "who keeps a room, and how", keeping.show_room),
        ("lock", "let only members in", keeping.lock),
        ("unlock", "let everybody in", keeping.unlock),
    ):
        _command(room, name, about, do).add_argument("room", type=_room)
    slow = _command(room, "slow", "seconds between two messages of one user", keeping.slow)
    slow.add_argument("room", type=_room)
    slow.add_argument("seconds", type=_slow, help=f"0 to {LONGEST_SLOW}; 0 is none")
    keep = _command(room, "keep", "for how long messages are kept, and how many", keeping.keep)
    keep.add_argument("room", type=_room)
    for name, most in (("days", MOST_DAYS), ("messages", MOST_MESSAGES)):
        keep.add_argument(
            f"--{name}", type=partial(_at_most, most), help=f"0 to {most}; 0 keeps all of them"
        )
    keep.add_argument(
        "--dry-run", action="store_true", help="tell what would be deleted, and change nothing"
    )
    for name, about, do in (
        ("announcements", "let only moderators write, or everybody", keeping.announcements),
        ("password", "ask for a password to let guests in, or for none", keeping.password),
    ):
        command = _command(room, name, about, do)
        command.add_argument("room", type=_room)
        command.add_argument("switch", choices=("on", "off"))


def _add_user(user: Commands) -> None:
    listing = _command(user, "list", "the ids and nicks of those who wrote", keeping.list_users)
    listing.add_argument("nick", type=_text, nargs="?", default="")
    role = _about(user, "role", "give a user a role in a room", keeping.role)
    role.add_argument("role", choices=("owner", "moderator", "member", "guest"))
    mute = _about(user, "mute", "let a user not write for a time", keeping.mute)
    mute.add_argument("--for", type=_duration, required=True, dest="seconds", help="such as 10m")
    mute.add_argument("--reason")
    _about(user, "unmute", "let a user write again", keeping.unmute)
    _about(user, "kick", "remove a user from a room", keeping.kick).add_argument("--reason")
    _about(user, "purge", "delete all that a user said in a room", keeping.purge)


def _about(commands: Commands, name: str, about: str, do: Do) -> argparse.ArgumentParser:
    command = _command(commands, name, about, do)
    command.add_argument("room", type=_room)
    command.add_argument("user", type=_text, help="an id or a nick")
    return command


def _add_ban(ban: Commands) -> None:
    listing = _command(
        ban, "list", "who is kept out of a room, or of the server", keeping.list_bans
    )
    adding = _command(ban, "add", "keep a user out", keeping.ban)
    lifting = _command(ban, "remove", "let a user in again", keeping.unban)
    for command in (listing, adding, lifting):
        command.add_argument("--room", type=_room, help="without, it is the whole server")
    for command in (adding, lifting):
        command.add_argument("user", type=_text, help="an id or a nick")
    adding.add_argument(
        "--for", type=_duration, dest="seconds", help="such as 1d; without, for ever"
    )
    adding.add_argument(
        "--network", action="append", type=_network, default=[], help="an address, repeatable"
    )
    adding.add_argument("--reason")


def _room(text: str) -> str:
    try:
        return names.room(text)
    except Refused as refused:
        raise argparse.ArgumentTypeError(refused.message) from None


def _text(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError("must be text in UTF-8") from None
    return text


def _network(text: str) -> str:
    try:
        ip_address(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be an IP address, not {text!r}") from None
    return network_of(text)


def _slow(text: str) -> int:
    if not re.fullmatch("[0-9]{1,4}", text) or int(text) > LONGEST_SLOW:
        raise argparse.ArgumentTypeError(f"must be 0 to {LONGEST_SLOW} seconds, not {text!r}")
    return int(text)


def _at_most(most: int, text: str) -> int:
    if not re.fullmatch("[0-9]{1,8}", text) or int(text) > most:
        raise argparse.ArgumentTypeError(f"must be 0 to {most}, not {text!r}")
    return int(text)


def _duration(text: str) -> int:
    parts = re.fullmatch("([0-9]{1,9})([smhd])", text)
    seconds = int(parts[1]) * UNITS[parts[2]] if parts else 0
    if not 0 < seconds <= LONGEST:
        raise argparse.ArgumentTypeError(f"must be a time such as 30s, 10m, 2h or 7d, not {text!r}")
    return seconds


def _url(text: str) -> str:
    if not re.match("https?://.", text):
        raise argparse.ArgumentTypeError(f"must begin with http:// or https://, not {text!r}")
    return text
