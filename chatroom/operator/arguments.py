"""What the words of the operator's commands may be; each raises for argparse what it may not."""

import os
import re
from argparse import ArgumentParser, ArgumentTypeError
from ipaddress import ip_address
from pathlib import Path

from chatroom.core import names
from chatroom.core.commands import LONGEST, LONGEST_SLOW
from chatroom.core.errors import Refused
from chatroom.transports.visitor import network_of

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 24 * 3600}


def add_data(command: ArgumentParser) -> None:
    """Let a command be told which server's data it is about."""
    default = os.environ.get("CHATROOM_DATA") or "chatroom-data"
    command.add_argument("--data", type=path, default=default, help="the server's data folder")


def path(text: str) -> Path:
    """A path, from the folder of the start."""
    return Path(os.path.abspath(os.path.expanduser(text)))


def room(text: str) -> str:
    """The name of a public room, or the address of one that is not."""
    try:
        return names.room(text)
    except Refused as refused:
        raise ArgumentTypeError(refused.message) from None


def word(text: str) -> str:
    """A text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ArgumentTypeError("must be text in UTF-8") from None
    return text


def network(text: str) -> str:
    """The network of an IP address."""
    try:
        ip_address(text)
    except ValueError:
        raise ArgumentTypeError(f"must be an IP address, not {text!r}") from None
    return network_of(text)


def slow(text: str) -> int:
    """Seconds between two messages."""
    if not re.fullmatch("[0-9]{1,4}", text) or int(text) > LONGEST_SLOW:
        raise ArgumentTypeError(f"must be 0 to {LONGEST_SLOW} seconds, not {text!r}")
    return int(text)


def at_most(most: int, text: str) -> int:
    """A whole number up to this one."""
    if not re.fullmatch("[0-9]{1,8}", text) or int(text) > most:
        raise ArgumentTypeError(f"must be 0 to {most}, not {text!r}")
    return int(text)


def duration(text: str) -> int:
    """A time, in seconds."""
    parts = re.fullmatch("([0-9]{1,9})([smhd])", text)
    seconds = int(parts[1]) * UNITS[parts[2]] if parts else 0
    if not 0 < seconds <= LONGEST:
        raise ArgumentTypeError(f"must be a time such as 30s, 10m, 2h or 7d, not {text!r}")
    return seconds


def url(text: str) -> str:
    """The address of a page."""
    if not re.match("https?://.", text):
        raise ArgumentTypeError(f"must begin with http:// or https://, not {text!r}")
    return text
