"""The heads of requests and answers as they are told to their sender: secrets stay secret."""

import re
from collections.abc import Iterable, Iterator

from chatroom.core.events import Head

HIDDEN = "…"
SECRETS = {"authorization", "cookie", "proxy-authorization", "set-cookie"}
# What opens something to whoever reads it over a shoulder.
SECRET_PARAMETERS = re.compile(r"(?<=[?&])(sid|token|invite)=[^&\s]+", re.IGNORECASE)


def head(lines: Iterable[bytes]) -> Head:
    """Give a head of these lines, the first one first; an empty line is none of it."""
    first, *rest = (line.decode("utf-8", "replace") for line in lines if line)
    return Head(line_of(first), list(_headers(rest)))


def line_of(first: str) -> str:
    """Give the first line of a request without the secrets in its URL."""
    return SECRET_PARAMETERS.sub(rf"\1={HIDDEN}", first)


def _headers(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, _, value = line.partition(":")
        yield name, HIDDEN if name.strip().lower() in SECRETS else value.strip()
