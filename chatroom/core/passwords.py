"""Passwords of rooms, which are kept as what cannot be turned back."""

import hashlib
import hmac
import unicodedata
from collections.abc import Callable
from functools import partial
from typing import Protocol, TypeVar

from twisted.internet.defer import Deferred

from chatroom.core.errors import Refused
from chatroom.core.interfaces import Random

T = TypeVar("T")

LONGEST = 100
SALT = 16
# 16 MiB and some 70 ms a try (RFC 7914, 2): a class that enters at once must not wait for it. The
# password is shared by all who are in the room, and tries are few.
COST = {"n": 2**14, "r": 8, "p": 1}


class Run(Protocol):
    """Executes a job away from the reactor, and fires with its result."""

    def __call__(self, job: Callable[[], T], /) -> Deferred[T]: ...


class Passwords:
    """Hashes and checks passwords by scrypt (RFC 7914); a hash is its salt and the key."""

    def __init__(self, run: Run, rng: Random) -> None:
        self._run = run
        self._rng = rng

    def hash(self, password: str) -> Deferred[bytes]:
        """Give what is to be kept; raises `Refused('too_long')` past 100 characters."""
        return self._run(partial(_hash, _bytes(password), self._rng.randbytes(SALT)))

    def matches(self, password: str, kept: bytes) -> Deferred[bool]:
        """Give whether this is the password that was kept."""
        try:
            tried = _bytes(password)
        except Refused:
            tried = b""
        hashing = self._run(partial(_hash, tried, kept[:SALT]))
        return hashing.addCallback(lambda found: hmac.compare_digest(found, kept))


def hashed(password: str, rng: Random) -> bytes:
    """Do what `Passwords.hash` does, at once."""
    return _hash(_bytes(password), rng.randbytes(SALT))


def _bytes(password: str) -> bytes:
    # Two keyboards may make one letter of different characters.
    if len(password) > LONGEST:
        raise Refused("too_long", f"A password has at most {LONGEST} characters.")
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def _hash(password: bytes, salt: bytes) -> bytes:
    return salt + hashlib.scrypt(password, salt=salt, **COST)
