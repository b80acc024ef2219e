"""`python -m chatroom owner|room|user|ban|export|backup|restore …`: what the words are.

It works whether the server runs or not, but for `restore`; one that runs heeds it within a second.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from random import SystemRandom
from typing import TypeAlias

from chatroom.core.commands import LONGEST_SLOW, MOST_DAYS, MOST_MESSAGES
from chatroom.core.errors import Refused
from chatroom.operator import arguments, copying, exporting, keeping
from chatroom.storage.outside import Outside
from chatroom.storage.schema import StorageError

COMMANDS = ("owner", "room", "user", "ban", "export", "backup", "restore")


def main(words: Sequence[str]) -> None:
    """Do what the words say, or end with one sentence."""
    asked = parser().parse_args(words)
    asked.now = time.time_ns() // 1_000_000
    try:
        asked.do(asked)
    except StorageError as error:
        raise SystemExit(f"chatroom: {error}") from None
    except Refused as refused:
        raise SystemExit(f"chatroom: {refused.message}") from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def parser() -> argparse.ArgumentParser:
    """Give what reads the words; `do` of what it gives is called with that, `now` in ms added."""
    root = argparse.ArgumentParser(prog="python -m chatroom", description=__doc__)
    commands = root.add_subparsers(required=True, metavar="|".join(COMMANDS))
    _add_owner(commands)
    _add_room(_group(commands, "room", "how a room is kept"))
    _add_user(_group(commands, "user", "who is who, and who may do what"))
    _add_ban(_group(commands, "ban", "who is kept out"))
    exporting.add_to(commands)
    copying.add_to(commands)
    return root


# It has no public name, and is generic for type checkers alone.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Do = Callable[[keeping.Errand, argparse.Namespace], None]


def _group(commands: Commands, name: str, about: str) -> Commands:
    return commands.add_parser(name, help=about, description=about).add_subparsers(required=True)


def _command(commands: Commands, name: str, about: str, do: Do) -> argparse.ArgumentParser:
    def run(asked: argparse.Namespace) -> None:
        with Outside.open(asked.data) as outside:
            do(keeping.Errand(outside, sys.stdout, asked.now, SystemRandom()), asked)

    command = commands.add_parser(name, help=about, description=about)
    command.set_defaults(do=run)
    arguments.add_data(command)
    return command


def _add_owner(commands: Commands) -> None:
    owner = _command(commands, "owner", "a link that makes an owner of the server", keeping.owner)
    owner.add_argument("--list", action="store_true", help="list the owners instead")
    owner.add_argument(
        "--remove", type=arguments.word, metavar="USER", help="take it from one of them instead"
    )
    owner.add_argument(
        "--url", type=arguments.url, help="the page's address, such as https://chat.example.org"
    )


def _add_room(room: Commands) -> None:
    _command(room, "list", "the rooms, the last active first", keeping.list_rooms)
    for name, about, do in (
        ("show", "who keeps a room, and how", keeping.show_room),
        ("lock", "let only members in", keeping.lock),
        ("unlock", "let everybody in", keeping.unlock),
    ):
        _command(room, name, about, do).add_argument("room", type=arguments.room)
    slow = _command(room, "slow", "seconds between two messages of one user", keeping.slow)
    slow.add_argument("room", type=arguments.room)
    slow.add_argument("seconds", type=arguments.slow, help=f"0 to {LONGEST_SLOW}; 0 is none")
    keep = _command(room, "keep", "for how long messages are kept, and how many", keeping.keep)
    keep.add_argument("room", type=arguments.room)
    for name, most in (("days", MOST_DAYS), ("messages", MOST_MESSAGES)):
        keep.add_argument(
            f"--{name}",
            type=partial(arguments.at_most, most),
            help=f"0 to {most}; 0 keeps all of them",
        )
    keep.add_argument(
        "--dry-run", action="store_true", help="tell what would be deleted, and change nothing"
    )
    for name, about, do in (
        ("announcements", "let only moderators write, or everybody", keeping.announcements),
        ("password", "ask for a password to let guests in, or for none", keeping.password),
        ("unlisted", "leave it out of the list of rooms, or not", keeping.unlisted),
        ("archived", "let it be read and nobody write there, or open it again", keeping.archived),
    ):
        command = _command(room, name, about, do)
        command.add_argument("room", type=arguments.room)
        command.add_argument("switch", choices=("on", "off"))
    topic = _command(room, "topic", "say what a room is about", keeping.topic)
    topic.add_argument("room", type=arguments.room)
    topic.add_argument("topic", type=arguments.word, help="one line; an empty one is none")
    delete = _command(room, "delete", "delete a room with all that was said there", keeping.delete)
    delete.add_argument("room", type=arguments.room)
    delete.add_argument("--yes", action="store_true", help="do it; nothing brings it back")


def _add_user(user: Commands) -> None:
    listing = _command(user, "list", "the ids and nicks of those who wrote", keeping.list_users)
    listing.add_argument("nick", type=arguments.word, nargs="?", default="")
    role = _about(user, "role", "give a user a role in a room", keeping.role)
    role.add_argument("role", choices=("owner", "moderator", "member", "guest"))
    mute = _about(user, "mute", "let a user not write for a time", keeping.mute)
    mute.add_argument(
        "--for", type=arguments.duration, required=True, dest="seconds", help="such as 10m"
    )
    mute.add_argument("--reason")
    _about(user, "unmute", "let a user write again", keeping.unmute)
    _about(user, "kick", "remove a user from a room", keeping.kick).add_argument("--reason")
    _about(user, "purge", "delete all that a user said in a room", keeping.purge)


def _about(commands: Commands, name: str, about: str, do: Do) -> argparse.ArgumentParser:
    command = _command(commands, name, about, do)
    command.add_argument("room", type=arguments.room)
    command.add_argument("user", type=arguments.word, help="an id or a nick")
    return command


def _add_ban(ban: Commands) -> None:
    listing = _command(
        ban, "list", "who is kept out of a room, or of the server", keeping.list_bans
    )
    adding = _command(ban, "add", "keep a user out", keeping.ban)
    lifting = _command(ban, "remove", "let a user in again", keeping.unban)
    for command in (listing, adding, lifting):
        command.add_argument("--room", type=arguments.room, help="without, it is the whole server")
    for command in (adding, lifting):
        command.add_argument("user", type=arguments.word, help="an id or a nick")
    adding.add_argument(
        "--for", type=arguments.duration, dest="seconds", help="such as 1d; without, for ever"
    )
    adding.add_argument(
        "--network",
        action="append",
        type=arguments.network,
        default=[],
        help="an address, repeatable",
    )
    adding.add_argument("--reason")
