"""Users without a connection: how long they are here, and what is remembered of them."""

from random import Random
from typing import Any

from twisted.internet.defer import Deferred, succeed
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from chatroom.core import callers
from chatroom.core.callers import Callers
from chatroom.core.orders import Origin
from chatroom.core.people import People, User
from chatroom.core.sightings import Sightings
from chatroom.core.tokens import Tokens


class Nicks:
    """The one question that is asked of the log; `waiting` keeps the answer back."""

    def __init__(self) -> None:
        self.stored = {"dufu": "杜甫"}
        self.asked: list[str] = []
        self.waiting: Deferred[str | None] | None = None

    def nick(self, user: str) -> Deferred[str | None]:
        self.asked.append(user)
        return self.waiting or succeed(self.stored.get(user))


class CallersTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.people = People(30, self.clock, Random(7).random)
        self.tokens = Tokens(b"secret", Random(7))
        self.log: Any = Nicks()
        self.callers = Callers(self.people, Sightings(), self.tokens, self.log, self.clock)

    def enter(self, id: str | None, wish: str | None = None) -> User:
        return self.successResultOf(Deferred.fromCoroutine(self.callers.enter(id, Origin(), wish)))

    def pass_by(self, seconds: int) -> None:
        for _ in range(seconds):
            self.clock.advance(1)

    def test_a_token_proves_who_one_is(self) -> None:
        user = self.enter(None, "李白")
        self.assertEqual(self.callers.proven(self.callers.token(user)), user.id)
        self.assertIsNone(self.callers.proven(None))
        self.assertIsNone(self.callers.proven("a.b"))

    def test_one_is_here_for_a_minute_after_the_last_request(self) -> None:
        user = self.enter("libai", "李白")
        self.pass_by(59)
        self.assertIs(self.enter("libai"), user)
        self.pass_by(59)
        self.callers.proven(self.callers.token(user))
        self.pass_by(59)
        self.assertEqual(self.people.nick("libai"), "李白")
        self.pass_by(1)
        self.assertEqual(self.people.nick("libai"), "")
        self.assertEqual(self.enter("dufu", "李白").nick, "李白")

    def test_showing_a_token_alone_makes_nobody_be_here(self) -> None:
        self.callers.proven(self.tokens.token("libai"))
        self.assertEqual(self.people.nick("libai"), "")
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_there_is_one_timer_and_it_ends_with_the_last(self) -> None:
        for number in range(100):
            self.enter(str(number), "李白")
        self.assertEqual(len(self.clock.getDelayedCalls()), 1)
        self.pass_by(60)
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_the_nick_is_that_of_before(self) -> None:
        self.enter("libai", "李白")
        self.pass_by(60)
        self.assertEqual(self.enter("libai").nick, "李白")
        self.assertEqual(self.log.asked, [])

    def test_or_that_of_the_last_message_or_one_of_a_guest(self) -> None:
        self.assertEqual(self.enter("dufu").nick, "杜甫")
        self.assertRegex(self.enter("libai").nick, r"\Aguest-\d{4}\Z")
        self.enter("dufu")
        self.assertEqual(self.log.asked, ["dufu", "libai"])

    def test_a_wish_comes_before_what_is_remembered(self) -> None:
        self.assertEqual(self.enter("dufu", "子美").nick, "子美")
        self.pass_by(60)
        self.assertEqual(self.enter("dufu").nick, "子美")

    def test_a_nick_that_was_taken_on_while_the_log_was_asked_stays(self) -> None:
        self.log.waiting = Deferred()
        entering = Deferred.fromCoroutine(self.callers.enter("dufu", Origin()))
        self.enter("dufu", "子美")
        self.log.waiting.callback("杜甫")
        self.assertEqual(self.successResultOf(entering).nick, "子美")

    def test_a_user_with_a_connection_stays_when_the_minute_is_over(self) -> None:
        user = self.enter("libai", "李白")
        client: Any = object()
        user.clients.add(client)
        self.pass_by(60)
        self.assertEqual(self.people.nick("libai"), "李白")
        user.clients.clear()
        self.people.left(user)
        self.assertEqual(self.people.nick("libai"), "")

    def test_and_within_the_minute_without_the_connection(self) -> None:
        user = self.enter("libai", "李白")
        self.people.left(user)
        self.assertEqual(self.people.nick("libai"), "李白")

    def test_spent_tokens_are_not_given_back_by_going(self) -> None:
        self.people = People(1, self.clock, Random(7).random)
        self.callers = Callers(self.people, Sightings(), self.tokens, self.log, self.clock)
        self.patch(callers, "LEASE", 5.0)
        self.assertEqual(self.enter("libai", "李白").bucket.take(), 0)
        self.pass_by(5)
        self.assertGreater(self.enter("libai").bucket.take(), 0)

    def test_there_are_so_many_and_the_oldest_goes(self) -> None:
        self.patch(callers, "MOST", 2)
        for id in ("libai", "dufu", "wangwei"):
            self.enter(id, id)
        here = [self.people.nick(id) for id in ("libai", "dufu", "wangwei")]
        self.assertEqual(here, ["", "dufu", "wangwei"])

    def test_so_many_nicks_are_remembered_and_the_oldest_is_forgotten(self) -> None:
        self.patch(callers, "MOST", 2)
        for id in ("libai", "a", "b"):
            self.enter(id, id)
        self.pass_by(60)
        self.assertEqual(self.enter("b").nick, "b")
        self.assertEqual(self.enter("a").nick, "a")
        self.assertRegex(self.enter("libai").nick, "guest-")

    def test_a_server_that_stops_leaves_no_timer(self) -> None:
        self.enter("libai", "李白")
        self.callers.close()
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_nor_does_who_comes_after_the_stop(self) -> None:
        self.callers.close()
        self.enter("libai", "李白")
        self.assertEqual(self.clock.getDelayedCalls(), [])
