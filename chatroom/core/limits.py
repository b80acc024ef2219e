"""How fast one may go, and how much is too much."""

import math
from collections import OrderedDict
from dataclasses import dataclass

from chatroom.core.errors import Refused
from chatroom.core.interfaces import Clock

WINDOW = 10.0
COMMANDS_A_WINDOW = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the operator allows: characters, bytes, messages in 10 s (0: any), rooms."""

    text: int = 4000
    frame: int = 65536
    rate: int = 30
    rooms: int = 20


class Bucket:
    """Tokens for messages: `rate` at most, a tenth of it back each second; 0 is no limit."""

    __slots__ = ("_clock", "_rate", "_tokens", "_when")

    def __init__(self, rate: int, clock: Clock) -> None:
        self._rate = rate
        self._clock = clock
        self._tokens = float(rate)
        self._when = clock.seconds()

    @property
    def full(self) -> bool:
        """Whether forgetting this bucket would give nobody anything."""
        self._fill()
        return self._tokens >= self._rate

    def _fill(self) -> None:
        now = self._clock.seconds()
        gained = (now - self._when) * self._rate / WINDOW
        self._tokens = min(float(self._rate), self._tokens + gained)
        self._when = now

    def take(self) -> float:
        """Take one token; give 0, or the seconds until there is one, rounded up to 0.1."""
        if not self._rate:
            return 0.0
        self._fill()
        if self._tokens >= 1 - 1e-9:
            self._tokens -= 1
            return 0.0
        return math.ceil((1 - self._tokens) * WINDOW / self._rate * 10 - 1e-6) / 10

    def give_back(self) -> None:
        """Return a token that turned out not to be due."""
        self._tokens = min(float(self._rate), self._tokens + 1)


class Flooding(Exception):
    """A connection goes on and on after it was refused."""


class Pace:
    """One connection's commands of any kind, and as many more refused are flooding.

    Unless told otherwise it is 100 in 10 s.
    """

    __slots__ = ("_clock", "_count", "_most", "_since", "_window")

    def __init__(self, clock: Clock, most: int = COMMANDS_A_WINDOW, window: float = WINDOW) -> None:
        self._clock = clock
        self._most = most
        self._window = window
        self._since = clock.seconds()
        self._count = 0

    def step(self) -> None:
        """Count one command; raises `Refused('too_fast')` or `Flooding`."""
        if self.over:
            self._since = self._clock.seconds()
            self._count = 0
        self._count += 1
        if self._count > 2 * self._most:
            raise Flooding
        if self._count > self._most:
            raise self.too_fast()

    def check(self) -> None:
        """Raise `Refused('too_fast')` if one more would be too many now."""
        if not self.over and self._count >= self._most:
            raise self.too_fast()

    @property
    def over(self) -> bool:
        """Whether the window is, so that forgetting this pace would give nobody anything."""
        return self._clock.seconds() - self._since >= self._window

    def too_fast(self) -> Refused:
        """Give the refusal of what comes before the next window."""
        left = math.ceil((self._since + self._window - self._clock.seconds()) * 10 - 1e-6) / 10
        return Refused("too_fast", f"Too many commands; wait {left:g} s.", retry_after=left)


class Paces:
    """A pace for each of any number of keys, such as users that have no connection."""

    def __init__(self, clock: Clock, most: int = COMMANDS_A_WINDOW, window: float = WINDOW) -> None:
        self._clock = clock
        self._terms = most, window
        # By when they began: a pace whose window is over is made anew.
        self._by_key: OrderedDict[str, Pace] = OrderedDict()

    def step(self, key: str) -> None:
        """Count one command of this key's; raises `Refused('too_fast')`, however many come."""
        while self._by_key and next(iter(self._by_key.values())).over:
            self._by_key.popitem(last=False)
        pace = self._by_key.get(key)
        if pace is None:
            pace = self._by_key[key] = Pace(self._clock, *self._terms)
        try:
            pace.step()
        except Flooding:
            raise pace.too_fast() from None

    def check(self, key: str) -> None:
        """Raise `Refused('too_fast')` if one more of this key's would be too many now."""
        if key in self._by_key:
            self._by_key[key].check()
