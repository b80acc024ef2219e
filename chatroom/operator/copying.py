"""`python -m chatroom backup` and `restore`: the data as a whole, copied and brought back."""

import argparse
import sys
import time
from argparse import Namespace

from chatroom.operator import arguments
from chatroom.operator.output import say
from chatroom.operator.progress import Progress
from chatroom.storage.backup import back_up
from chatroom.storage.restore import restore

UNIT = "pages"


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Let the operator say `backup` and `restore`."""
    about = "copy all of the data into one file, while the server runs"
    backup = commands.add_parser("backup", help=about, description=about)
    backup.add_argument("target", type=arguments.path, help="the file to make")
    backup.add_argument("--force", action="store_true", help="replace a file that is there")
    backup.set_defaults(do=_back_up)
    about = "bring such a file back, while no server runs; what was there is kept beside it"
    restoring = commands.add_parser("restore", help=about, description=about)
    restoring.add_argument("backup", type=arguments.path, help="the file that `backup` made")
    restoring.set_defaults(do=_restore)
    for command in (backup, restoring):
        arguments.add_data(command)


def _back_up(asked: Namespace) -> None:
    with Progress.shown(sys.stderr, UNIT) as progress:
        back_up(asked.data, asked.target, progress, asked.force)
    size = asked.target.stat().st_size
    say(sys.stdout, f"{asked.target} is a whole copy of {asked.data}, {size:,} bytes.")


def _restore(asked: Namespace) -> None:
    now = time.strftime("%Y%m%d-%H%M%S", time.localtime(asked.now / 1000))
    with Progress.shown(sys.stderr, UNIT) as progress:
        former = restore(asked.data, asked.backup, now, progress)
    say(sys.stdout, f"{asked.data} has what {asked.backup} has; start the server.")
    if former is not None:
        say(sys.stdout, f"What was there before is kept as {former}.")
