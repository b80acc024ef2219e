"""Slow mode, passwords and who was here lately: each limit, at it and past it."""

from random import Random
from typing import Any

from twisted.internet.defer import execute
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from chatroom.core import sightings
from chatroom.core.commands import LONGEST_SLOW
from chatroom.core.errors import Refused
from chatroom.core.orders import Origin
from chatroom.core.passwords import LONGEST, Passwords, hashed
from chatroom.core.people import People
from chatroom.core.sightings import Sightings
from chatroom.core.slow import SlowMode


class SlowModeTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.slow = SlowMode(self.clock)

    def test_until_the_seconds_are_over(self) -> None:
        self.assertEqual(self.slow.wait("a", "u", 30), 0)
        self.slow.wrote("a", "u")
        self.clock.advance(29.95)
        self.assertEqual(self.slow.wait("a", "u", 30), 0.1)
        self.assertEqual(self.slow.wait("b", "u", 30), 0)
        self.assertEqual(self.slow.wait("a", "v", 30), 0)
        self.assertEqual(self.slow.wait("a", "u", 0), 0)
        self.clock.advance(0.05)
        self.assertEqual(self.slow.wait("a", "u", 30), 0)

    def test_what_was_not_stored_does_not_count(self) -> None:
        before = self.slow.wrote("a", "u")
        self.slow.take_back("a", "u", before)
        self.assertEqual(self.slow.wait("a", "u", 30), 0)
        self.slow.wrote("a", "u")
        self.clock.advance(10)
        self.slow.take_back("a", "u", self.slow.wrote("a", "u"))
        self.assertEqual(self.slow.wait("a", "u", 30), 20)

    def test_nothing_is_kept_for_longer_than_the_longest(self) -> None:
        self.slow.wrote("a", "u")
        self.clock.advance(LONGEST_SLOW)
        self.slow.wrote("a", "v")
        self.assertEqual(len(self.slow._wrote), 2)
        self.clock.advance(1)
        self.slow.wrote("a", "w")
        self.assertEqual(set(self.slow._wrote), {("a", "v"), ("a", "w")})


class PasswordTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.passwords = Passwords(execute, Random(7), Clock())

    def hash(self, password: str) -> bytes:
        return self.successResultOf(self.passwords.hash(password, "n"))

    def matches(self, password: str, kept: bytes) -> bool:
        return self.successResultOf(self.passwords.matches(password, kept, "n"))

    def test_the_same_matches_and_no_other(self) -> None:
        kept = self.hash("芝麻开门")
        self.assertTrue(self.matches("芝麻开门", kept))
        for other in ("", "芝麻", "芝麻开门 ", "x" * (LONGEST + 1), "\ud800"):
            self.assertFalse(self.matches(other, kept), other)

    def test_each_hash_has_a_salt_of_its_own(self) -> None:
        self.assertNotEqual(self.hash("a"), self.hash("a"))

    def test_composed_and_decomposed_are_one(self) -> None:
        self.assertTrue(self.matches("e\u0301", hashed("\u00e9", Random(1))))

    def test_its_length(self) -> None:
        self.hash("x" * LONGEST)
        error = self.assertRaises(Refused, self.passwords.hash, "x" * (LONGEST + 1), "n")
        self.assertEqual(error.code, "too_long")


class SightingsTests(SynchronousTestCase):
    def test_the_last_so_many(self) -> None:
        self.patch(sightings, "MOST", 3)
        people = People(0, Clock(), Random(7).random)
        seen = Sightings()
        users: list[Any] = [people.user(id) for id in "abcd"]
        for user in (*users[:3], users[0]):
            seen.note(user, Origin("n"))
        seen.note(users[3], Origin("m"))
        self.assertIsNone(seen.last("b"))
        for id, network in (("a", "n"), ("c", "n"), ("d", "m")):
            found = seen.last(id)
            assert found is not None
            self.assertEqual(found.origin.network, network)
