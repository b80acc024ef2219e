"""What is told to those who are here when the server stops, and how they are waited for."""

from collections.abc import Sequence
from json import dumps
from typing import Protocol

from twisted.internet.defer import Deferred, DeferredList

from chatroom.core.interfaces import Clock, Random

# Seconds; within these, each client comes back at its own time after a stop.
MAX_RECONNECT_DELAY = 5.0


def reconnect_delay(rng: Random) -> float:
    """Give the seconds after which to come back; at random, so that not all do at once."""
    return round(rng.random() * MAX_RECONNECT_DELAY, 1)


def farewell(reconnect: float) -> str:
    """Give the reason of a 1001, which says when to come back."""
    return dumps({"reconnect": reconnect})


class Leaving(Protocol):
    """A connection that has said goodbye: `gone` fires when it is no more."""

    gone: Deferred[None]

    def drop(self) -> None:
        """Be gone, whatever is unsent."""
        ...


def all_gone(leaving: Sequence[Leaving], clock: Clock, patience: float) -> Deferred[None]:
    """Fire when all of these are gone; after `patience` seconds they are dropped."""

    def drop_all() -> None:
        for each in leaving:
            each.drop()

    def over(results: object) -> None:
        if dropping.active():
            dropping.cancel()

    dropping = clock.callLater(patience, drop_all)
    return DeferredList([each.gone for each in leaving]).addCallback(over)
