"""The life of a session: what its client sends and when, and what becomes of it."""

import json
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from chatroom.wire.engineio.packet import Malformed, Packet
from chatroom.wire.engineio.session import (
    NORMAL,
    POLICY,
    PROTOCOL_ERROR,
    UPGRADE_TIMEOUT,
    Session,
    Terms,
)

PING = Packet("2")
PONG = Packet("3")
PROBE = Packet("2", "probe")
ANSWER = Packet("3", "probe")
UPGRADE = Packet("5")
TERMS = Terms()
INTERVAL, TIMEOUT = 25.0, 20.0
# What no client may send to what carries its session.
FOREIGN = [Packet("0"), PING, PROBE, UPGRADE, Packet("7"), Packet("")]


class ReactorsClock(Clock):
    """A clock that takes no time before now, as the reactor takes none."""

    def callLater(self, when: float, *call: Any, **arguments: Any) -> Any:
        assert when >= 0, when
        return super().callLater(when, *call, **arguments)


# How one ends whose heart is not heard: nobody is there to be told.
DROPPED = ("drop", 0)


class Carried:
    """A carrier that keeps what it is told; `holds_back` leaves packets unsent."""

    def __init__(self) -> None:
        self.sent: list[Packet] = []
        self.unsent: list[Packet] = []
        self.holds_back = False
        self.held: list[bool] = []
        self.ended: list[tuple[str, int]] = []
        self.gone: Callable[[], None] = list

    def send(self, packet: Packet) -> None:
        (self.unsent if self.holds_back else self.sent).append(packet)

    def take_back(self) -> list[Packet]:
        left, self.unsent = self.unsent, []
        return left

    def hold(self, willing: bool) -> None:
        self.held.append(willing)

    def close(self, code: int, reason: str) -> None:
        self.ended.append(("close", code))

    def abort(self, code: int, reason: str) -> None:
        self.ended.append(("abort", code))
        self.gone()

    def drop(self) -> None:
        self.ended.append(DROPPED)
        self.gone()


class Heard:
    """A listener that keeps what it hears; the message `bad` is not of its protocol."""

    def __init__(self) -> None:
        self.messages: list[str | bytes] = []
        self.upgrades = 0
        self.ends = 0

    def message(self, data: str | bytes) -> None:
        if data == "bad":
            raise Malformed
        self.messages.append(data)

    def upgraded(self) -> None:
        self.upgrades += 1

    def closed(self) -> None:
        self.ends += 1


class SessionCase(SynchronousTestCase):
    """A session that began by polling, with a WebSocket that may be its next carrier."""

    def setUp(self) -> None:
        self.begin()

    def begin(self, upgrades: tuple[str, ...] = ("websocket",), terms: Terms = TERMS) -> None:
        self.clock = ReactorsClock()
        self.polling = Carried()
        self.websocket = Carried()
        self.heard = Heard()
        self.session = Session("s", "u", self.polling, terms, self.clock)
        self.session.listener = self.heard
        # As the real one: gone while it is still being told to go. A WebSocket takes longer.
        self.polling.gone = lambda: self.session.lost(self.polling)
        self.session.open(list(upgrades))
        self.polling.sent.clear()

    def receive(self, *packets: Packet, by: Carried | None = None) -> None:
        """Take packets by polling, or by another carrier."""
        for packet in packets:
            self.session.receive(packet, by or self.polling)

    def assert_malformed(self, packet: Packet, by: Carried | None = None) -> None:
        self.assertRaises(Malformed, self.receive, packet, by=by)

    def upgrade(self) -> None:
        self.assertTrue(self.session.propose(self.websocket))
        self.receive(PROBE, UPGRADE, by=self.websocket)
        self.websocket.sent.clear()

    def assert_lives(self, by: Carried | None = None) -> None:
        """It hears, it is heard, and its heart is the one thing that waits for its time."""
        carrier = by or self.polling
        self.assertFalse(self.session.closed)
        self.assertEqual((self.heard.ends, carrier.ended), (0, []))
        self.receive(Packet("4", "in"), by=carrier)
        self.session.send("out")
        self.assertEqual(self.heard.messages.pop(), "in")
        self.assertEqual((carrier.unsent or carrier.sent).pop(), Packet("4", "out"))
        self.assertEqual(len(self.clock.getDelayedCalls()), 1)

    def assert_ended(self, *ended: tuple[str, int], by: Carried | None = None) -> None:
        """It is over for its carrier in this way, for its listener once, and nothing goes on."""
        carrier = by or self.polling
        self.assertTrue(self.session.closed)
        self.assertEqual(carrier.ended, [*ended])
        self.assertEqual(self.heard.ends, 1)
        self.assertEqual(self.clock.getDelayedCalls(), [])
        sent, heard = len(carrier.sent), len(self.heard.messages)
        self.session.send("late")
        self.receive(Packet("4", "late"), PONG, *FOREIGN, by=carrier)
        self.assertFalse(self.session.propose(Carried()))
        self.session.close(NORMAL, "")
        self.session.abort(NORMAL, "")
        self.session.lost(carrier)
        self.clock.advance(1000)
        self.session.look()
        self.assertEqual((len(carrier.sent), len(self.heard.messages)), (sent, heard))
        self.assertEqual((carrier.ended, self.heard.ends), ([*ended], 1))
        self.assertEqual(self.clock.getDelayedCalls(), [])


class OpenTests(SessionCase):
    def greeting(self, upgrades: list[str], terms: Terms) -> dict[str, Any]:
        carrier = Carried()
        Session("secret", None, carrier, terms, Clock()).open(upgrades)
        [packet] = carrier.sent
        self.assertEqual(packet.kind, "0")
        assert isinstance(packet.data, str)
        greeting: dict[str, Any] = json.loads(packet.data)
        return greeting

    def test_it_begins_with_these_keys_and_whole_milliseconds(self) -> None:
        for upgrades, terms, numbers in (
            (["websocket"], TERMS, (25000, 20000, 1_000_000)),
            ([], Terms(0.3, 0.2, 7), (300, 200, 7)),
            ([], Terms(0.0015, 1e3, 2**20), (2, 1_000_000, 2**20)),
        ):
            greeting = self.greeting(upgrades, terms)
            self.assertEqual(greeting.pop("sid"), "secret")
            self.assertEqual(greeting.pop("upgrades"), upgrades)
            self.assertEqual(list(greeting), ["pingInterval", "pingTimeout", "maxPayload"])
            self.assertEqual(tuple(greeting.values()), numbers)
            self.assertEqual({type(number) for number in greeting.values()}, {int})

    def test_it_has_its_id_and_its_owner_and_lives(self) -> None:
        self.assertEqual((self.session.sid, self.session.owner), ("s", "u"))
        self.assertIs(self.session.carrier, self.polling)
        self.assert_lives()


class MessageTests(SessionCase):
    def test_text_and_bytes_go_both_ways_in_order(self) -> None:
        for data in ("", "a", b"", b"\0", "月"):
            self.receive(Packet("4", data))
            self.session.send(data)
        self.assertEqual(self.heard.messages, ["", "a", b"", b"\0", "月"])
        self.assertEqual(self.polling.sent, [Packet("4", data) for data in self.heard.messages])

    def test_a_noop_means_nothing(self) -> None:
        self.receive(Packet("6"), Packet("6", "x"))
        self.assert_lives()

    def test_what_no_client_sends_ends_it(self) -> None:
        for packet in FOREIGN:
            self.begin()
            self.assert_malformed(packet)
            self.assert_ended(("abort", PROTOCOL_ERROR))

    def test_what_the_listener_finds_malformed_ends_it(self) -> None:
        self.assert_malformed(Packet("4", "bad"))
        self.assert_ended(("abort", PROTOCOL_ERROR))

    def test_what_comes_by_a_carrier_of_nobody_ends_that_carrier_alone(self) -> None:
        for packet in (*FOREIGN, Packet("4", "x"), PONG, Packet("1"), Packet("6")):
            stranger = Carried()
            self.assert_malformed(packet, by=stranger)
            self.assertEqual(stranger.ended, [("abort", PROTOCOL_ERROR)])
            self.assertEqual(self.polling.held, [])
            self.assert_lives()


class HeartbeatTests(SessionCase):
    def beat(self) -> None:
        """Let an interval pass, and answer the ping at its end."""
        self.clock.advance(INTERVAL)
        self.receive(PONG)

    def test_a_ping_comes_at_the_interval_and_not_before(self) -> None:
        self.clock.advance(INTERVAL - 0.001)
        self.assertEqual(self.polling.sent, [])
        self.clock.advance(0.001)
        self.assertEqual(self.polling.sent, [PING])

    def test_there_is_one_ping_until_it_is_answered(self) -> None:
        self.clock.advance(INTERVAL)
        self.clock.advance(TIMEOUT - 0.001)
        self.assertEqual(self.polling.sent, [PING])
        self.assert_lives()

    def test_a_pong_begins_the_interval_anew(self) -> None:
        self.clock.advance(INTERVAL)
        self.clock.advance(TIMEOUT - 0.001)
        self.receive(PONG)
        self.clock.advance(INTERVAL - 0.001)
        self.assertEqual(self.polling.sent, [PING])
        self.clock.advance(0.001)
        self.assertEqual(self.polling.sent, [PING] * 2)
        self.assert_lives()

    def test_it_goes_on_as_long_as_it_is_answered(self) -> None:
        for _ in range(100):
            self.beat()
        self.assertEqual(self.polling.sent, [PING] * 100)
        self.assert_lives()

    def test_pongs_that_were_not_asked_for_change_nothing(self) -> None:
        # CVE-2026-48802
        self.clock.advance(INTERVAL - 1)
        self.receive(*[PONG] * 1000)
        self.assertEqual(len(self.clock.getDelayedCalls()), 1)
        self.clock.advance(1)
        self.assertEqual(self.polling.sent, [PING])
        self.receive(*[PONG] * 1000)
        self.assertEqual(len(self.clock.getDelayedCalls()), 1)
        self.clock.advance(INTERVAL)
        self.assertEqual(self.polling.sent, [PING] * 2)

    def test_nor_does_a_second_one_for_the_same_ping(self) -> None:
        self.beat()
        self.clock.advance(INTERVAL - 1)
        self.receive(PONG)
        self.clock.advance(1)
        self.assertEqual(self.polling.sent, [PING] * 2)

    def test_nor_do_they_prolong_a_life(self) -> None:
        self.receive(PONG)
        self.clock.advance(INTERVAL)
        self.clock.advance(TIMEOUT)
        self.assert_ended(DROPPED)

    def test_other_packets_are_no_pong(self) -> None:
        self.clock.advance(INTERVAL)
        self.receive(Packet("4", "a"), Packet("6"))
        self.session.send("a")
        self.clock.advance(TIMEOUT)
        self.assert_ended(DROPPED)

    def test_without_a_pong_it_ends_at_interval_and_timeout_and_not_before(self) -> None:
        self.beat()
        self.clock.advance(INTERVAL)
        self.clock.advance(TIMEOUT - 0.001)
        self.session.look()
        self.assert_lives()
        self.clock.advance(0.001)
        self.assert_ended(DROPPED)

    def test_a_look_ends_it_at_that_moment_before_any_timer_has_fired(self) -> None:
        self.clock.rightNow += INTERVAL + TIMEOUT - 0.001
        self.session.look()
        self.assert_lives()
        self.clock.rightNow += 0.001
        self.session.look()
        self.assert_ended(DROPPED)

    def test_a_look_between_ping_and_timer_does_too(self) -> None:
        self.clock.advance(INTERVAL)
        self.clock.rightNow += TIMEOUT
        self.session.look()
        self.assert_ended(DROPPED)

    def test_a_late_timer_does_not_prolong_a_life(self) -> None:
        self.clock.advance(INTERVAL + 15)
        self.assertEqual(self.polling.sent, [PING])
        self.clock.advance(5)
        self.assert_ended(DROPPED)

    def test_nor_does_one_that_is_later_than_all_its_life(self) -> None:
        self.clock.advance(INTERVAL + TIMEOUT + 15)
        self.assert_ended(DROPPED)

    def test_the_terms_are_the_servers(self) -> None:
        self.begin(terms=Terms(0.3, 0.2, 100))
        self.clock.advance(0.3)
        self.assertEqual(self.polling.sent, [PING])
        self.clock.advance(0.2)
        self.assert_ended(DROPPED)


class UpgradeTests(SessionCase):
    def test_from_probe_to_upgrade(self) -> None:
        self.assertTrue(self.session.propose(self.websocket))
        self.assertEqual((self.websocket.sent, self.polling.held), ([], []))
        self.receive(PROBE, by=self.websocket)
        self.assertEqual(self.websocket.sent, [ANSWER])
        # The request that waits is answered, so that the client may change over.
        self.assertEqual((self.polling.held, self.polling.ended), ([False], []))
        self.assertIs(self.session.carrier, self.polling)
        self.receive(UPGRADE, by=self.websocket)
        self.assertIs(self.session.carrier, self.websocket)
        self.assertEqual((self.heard.upgrades, self.heard.ends), (1, 0))
        self.assertEqual(self.polling.ended, [("abort", NORMAL)])
        self.assert_lives(by=self.websocket)

    def test_what_is_unsent_goes_by_the_new_carrier_in_order_and_first(self) -> None:
        self.session.send("0")
        self.polling.holds_back = True
        self.session.send("1")
        self.session.propose(self.websocket)
        self.session.send(b"2")
        self.receive(PROBE, by=self.websocket)
        self.session.send("3")
        self.heard.upgraded = lambda: self.session.send("4")  # type: ignore[method-assign]
        self.receive(UPGRADE, by=self.websocket)
        self.session.send("5")
        self.assertEqual(self.polling.sent, [Packet("4", "0")])
        self.assertEqual(
            self.websocket.sent,
            [ANSWER, *(Packet("4", data) for data in ("1", b"2", "3", "4", "5"))],
        )

    def test_messages_go_on_by_polling_meanwhile(self) -> None:
        self.session.propose(self.websocket)
        self.receive(PROBE, by=self.websocket)
        self.receive(Packet("4", "a"))
        self.session.send("b")
        self.assertEqual((self.heard.messages, self.polling.sent), (["a"], [Packet("4", "b")]))
        self.assertEqual(self.websocket.sent, [ANSWER])

    def test_the_heart_beats_on_while_it_is_probed(self) -> None:
        self.clock.advance(INTERVAL - 1)
        self.session.propose(self.websocket)
        self.receive(PROBE, by=self.websocket)
        self.clock.advance(1)
        self.assertEqual(self.polling.sent, [PING])
        self.receive(PONG)
        self.assertEqual(self.websocket.sent, [ANSWER])
        self.receive(UPGRADE, by=self.websocket)
        self.clock.advance(INTERVAL)
        self.assertEqual(self.websocket.sent, [ANSWER, PING])
        self.receive(PONG, by=self.websocket)
        self.assert_lives(by=self.websocket)

    def test_a_heart_that_stops_while_it_is_probed_ends_both(self) -> None:
        self.clock.advance(INTERVAL)
        self.clock.advance(TIMEOUT - 1)
        self.session.propose(self.websocket)
        self.receive(PROBE, by=self.websocket)
        self.clock.advance(1)
        self.assertEqual(self.websocket.ended, [("abort", NORMAL)])
        self.assert_ended(DROPPED)

    def test_a_ping_before_the_upgrade_may_be_answered_after_it(self) -> None:
        self.clock.advance(INTERVAL)
        self.upgrade()
        self.clock.advance(TIMEOUT - 1)
        self.receive(PONG, by=self.websocket)
        self.clock.advance(1)
        self.assert_lives(by=self.websocket)

    def test_and_if_it_is_not_the_session_ends_in_time(self) -> None:
        self.clock.advance(INTERVAL)
        self.upgrade()
        self.clock.advance(TIMEOUT)
        self.assert_ended(DROPPED, by=self.websocket)

    def test_a_second_probe_ends_the_upgrade(self) -> None:
        """Each would have its answer, whether the client takes these or not."""
        self.session.propose(self.websocket)
        self.receive(PROBE, by=self.websocket)
        self.assert_malformed(PROBE, by=self.websocket)
        self.assertEqual(self.websocket.sent, [ANSWER])
        self.assert_lives(by=self.polling)

    def test_a_second_upgrade_ends_the_session(self) -> None:
        self.upgrade()
        self.assert_malformed(UPGRADE, by=self.websocket)
        self.assertEqual(self.heard.upgrades, 1)
        self.assert_ended(("abort", PROTOCOL_ERROR), by=self.websocket)

    def test_by_the_old_carrier_nothing_more_is_taken(self) -> None:
        for packet in (Packet("4", "a"), PONG, Packet("1"), PROBE):
            self.begin()
            self.upgrade()
            self.assert_malformed(packet, by=self.polling)
            self.session.lost(self.polling)
            self.assertEqual(self.heard.messages, [])
            self.assert_lives(by=self.websocket)


class RefusedUpgradeTests(SessionCase):
    def assert_goes_on_by_polling(self) -> None:
        self.assertIs(self.session.carrier, self.polling)
        self.assertEqual(self.heard.upgrades, 0)
        self.assertTrue(not self.polling.held or self.polling.held[-1])
        self.assert_lives()
        self.websocket = Carried()
        self.upgrade()
        self.assert_lives(by=self.websocket)

    def test_a_malformed_candidate_is_alone_in_its_end(self) -> None:
        for before in ([], [PROBE]):
            for packet in (
                *(packet for packet in FOREIGN if packet not in (PROBE, UPGRADE)),
                Packet("1"),
                PONG,
                ANSWER,
                Packet("2", "probe "),
                Packet("4", "a"),
                Packet("4", "bad"),
                Packet("4", b"probe"),
                Packet("6"),
            ):
                self.begin()
                self.session.propose(self.websocket)
                self.receive(*before, by=self.websocket)
                self.assert_malformed(packet, by=self.websocket)
                self.assertEqual(self.websocket.ended, [("abort", PROTOCOL_ERROR)])
                self.assert_goes_on_by_polling()

    def test_an_upgrade_without_a_probe_is_malformed(self) -> None:
        self.session.propose(self.websocket)
        self.assert_malformed(UPGRADE, by=self.websocket)
        self.assertEqual(self.websocket.ended, [("abort", PROTOCOL_ERROR)])
        self.assert_goes_on_by_polling()

    def test_the_probe_of_one_is_not_that_of_the_next(self) -> None:
        self.session.propose(self.websocket)
        self.receive(PROBE, by=self.websocket)
        self.session.lost(self.websocket)
        self.websocket = Carried()
        self.session.propose(self.websocket)
        self.assert_malformed(UPGRADE, by=self.websocket)

    def test_a_lost_candidate_is_forgotten(self) -> None:
        for before in ([], [PROBE]):
            self.begin()
            self.session.propose(self.websocket)
            self.receive(*before, by=self.websocket)
            self.session.lost(self.websocket)
            self.assertEqual(self.websocket.ended, [])
            self.assertEqual(len(self.clock.getDelayedCalls()), 1)
            self.assert_malformed(UPGRADE, by=self.websocket)
            self.assert_goes_on_by_polling()

    def test_one_that_takes_too_long_is_given_up(self) -> None:
        for before in ([], [PROBE]):
            self.begin()
            self.session.propose(self.websocket)
            self.clock.advance(UPGRADE_TIMEOUT - 0.001)
            self.receive(*before, by=self.websocket)
            self.assertEqual(self.websocket.ended, [])
            self.clock.advance(0.001)
            self.assertEqual(self.websocket.ended, [("abort", POLICY)])
            self.assert_goes_on_by_polling()

    def test_an_upgrade_in_the_last_moment_counts(self) -> None:
        self.session.propose(self.websocket)
        self.clock.advance(UPGRADE_TIMEOUT - 0.001)
        self.receive(PROBE, UPGRADE, by=self.websocket)
        self.clock.advance(0.001)
        self.assert_lives(by=self.websocket)

    def test_there_is_one_candidate_at_a_time(self) -> None:
        self.session.propose(self.websocket)
        second = Carried()
        self.assertFalse(self.session.propose(second))
        self.session.lost(second)
        self.assertEqual(second.ended, [])
        self.receive(PROBE, UPGRADE, by=self.websocket)
        self.assert_lives(by=self.websocket)

    def test_a_session_on_a_websocket_stays_there(self) -> None:
        self.begin(upgrades=())
        self.assertFalse(self.session.propose(self.websocket))
        self.begin()
        self.upgrade()
        self.assertFalse(self.session.propose(Carried()))
        self.assert_lives(by=self.websocket)


class EndTests(SessionCase):
    def states(self) -> "list[tuple[Callable[[], None], bool]]":
        """Give the ways to each state, and whether there is a candidate in it."""

        def probed() -> None:
            self.session.propose(self.websocket)
            self.receive(PROBE, by=self.websocket)

        return [
            (lambda: None, False),
            (lambda: self.clock.advance(INTERVAL), False),
            (lambda: self.assertTrue(self.session.propose(self.websocket)), True),
            (probed, True),
            (self.upgrade, False),
        ]

    def assert_each_state_ends(self, end: Callable[[], None], *ended: tuple[str, int]) -> None:
        for number in range(len(self.states())):
            self.begin()
            reach, has_candidate = self.states()[number]
            reach()
            carrier = self.session.carrier
            assert isinstance(carrier, Carried)
            end()
            if has_candidate:
                self.assertEqual(self.websocket.ended, [("abort", NORMAL)])
                self.websocket.ended.clear()
                self.receive(PROBE, UPGRADE, by=self.websocket)
                self.session.lost(self.websocket)
                self.assertEqual(self.websocket.ended, [])
            self.assertIs(self.session.carrier, carrier)
            self.assert_ended(*ended, by=carrier)

    def carrier(self) -> Any:
        return self.session.carrier

    def test_by_its_client(self) -> None:
        self.assert_each_state_ends(
            lambda: self.receive(Packet("1"), by=self.carrier()), ("close", NORMAL)
        )

    def test_by_the_loss_of_its_carrier(self) -> None:
        self.assert_each_state_ends(lambda: self.session.lost(self.carrier()))

    def test_by_us_after_what_was_sent(self) -> None:
        self.assert_each_state_ends(
            lambda: self.session.close(1001, "the server stops"), ("close", 1001)
        )

    def test_by_us_at_once(self) -> None:
        self.assert_each_state_ends(
            lambda: self.session.abort(POLICY, "flooding"), ("abort", POLICY)
        )

    def test_by_what_is_malformed(self) -> None:
        self.assert_each_state_ends(
            lambda: self.assert_malformed(Packet("0"), by=self.carrier()), ("abort", PROTOCOL_ERROR)
        )

    def test_a_listener_may_end_it_at_a_message(self) -> None:
        def message(data: str | bytes) -> None:
            self.session.close(POLICY, "")

        self.heard.message = message  # type: ignore[method-assign]
        self.receive(Packet("4", "a"))
        self.assert_ended(("close", POLICY))


class AnyPacketsTests(SessionCase):
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(
                    [*FOREIGN, PONG, Packet("1"), Packet("4", "a"), Packet("6"), UPGRADE]
                ),
                st.booleans(),
                st.sampled_from([0.0, 0.0, 0.0, 4.0, 25.0]),
            ),
            max_size=12,
        )
    )
    def test_whatever_comes_there_are_two_timers_at_most_and_none_at_the_end(
        self, steps: list[tuple[Packet, bool, float]]
    ) -> None:
        self.begin()
        self.session.propose(self.websocket)
        for packet, is_polling, seconds in steps:
            self.clock.advance(seconds)
            try:
                self.receive(packet, by=self.polling if is_polling else self.websocket)
            except Malformed:
                self.session.propose(self.websocket)
            self.assertLessEqual(len(self.clock.getDelayedCalls()), 2)
            self.assertEqual(self.heard.ends, self.session.closed)
        self.session.close(NORMAL, "")
        self.assertEqual((self.heard.ends, self.clock.getDelayedCalls()), (1, []))
