"""Passwords of rooms, which are kept as what cannot be turned back."""

import hashlib
import hmac
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Protocol, TypeVar

from twisted.internet.defer import Deferred

from chatroom.core.errors import Refused
from chatroom.core.interfaces import Clock, Random
from chatroom.core.limits import Paces

T = TypeVar("T")

LONGEST = 100
SALT = 16
# A whole class behind one address may mistype it.
TRIES = 60
A_WINDOW = 60.0  # seconds
AT_A_TIME = 100
# 16 MiB and some 70 ms a try (RFC 7914, 2): a class that enters at once must not wait for it. The
# password is shared by all who are in the room, and tries are few.
COST = {"n": 2**14, "r": 8, "p": 1}


class Run(Protocol):
    """Executes a job away from the reactor, and fires with its result."""

    def __call__(self, job: Callable[[], T], /) -> Deferred[T]: ...


class Passwords:
    """Hashes and checks passwords by scrypt (RFC 7914); a hash is its salt and the key.

    From one network 60 may be set, or be wrong, in a minute, and 100 be tried at a time.
    """

    def __init__(self, run: Run, rng: Random, clock: Clock) -> None:
        self._run = run
        self._rng = rng
        self._wrong = Paces(clock, TRIES, A_WINDOW)
        self._trying: Counter[str] = Counter()

    def hash(self, password: str, network: str) -> Deferred[bytes]:
        """Give what is to be kept; raises `Refused`: `too_long` past 100 characters, `too_fast`."""
        job = partial(_hash, _bytes(password), self._rng.randbytes(SALT))
        self._wrong.step(network)
        return self._run_for(network, job)

    def matches(self, password: str, kept: bytes, network: str) -> Deferred[bool]:
        """Give whether this is the password that was kept; raises `Refused('too_fast')`."""
        try:
            tried = _bytes(password)
        except Refused:
            tried = b""
        self._wrong.check(network)

        def compare(found: bytes) -> bool:
            matches = hmac.compare_digest(found, kept)
            if not matches:
                self._wrong.step(network)
            return matches

        return self._run_for(network, partial(_hash, tried, kept[:SALT])).addCallback(compare)

    def _run_for(self, network: str, job: Callable[[], bytes]) -> Deferred[bytes]:
        if self._trying[network] >= AT_A_TIME:
            raise Refused("too_fast", "Too many at a time; wait 1 s.", retry_after=1.0)
        self._trying[network] += 1

        def done(outcome: T) -> T:
            self._trying[network] -= 1
            if not self._trying[network]:
                del self._trying[network]
            return outcome

        return self._run(job).addBoth(done)


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
