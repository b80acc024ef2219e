"""One encoding for all who speak alike, with frames around it where they need them."""

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from chatroom.core.events import Event, Pong, Said
from chatroom.core.recent import Entry, Memory
from chatroom.core.room import Room
from chatroom.transports.parcel import Measure
from chatroom.transports.registry import FramedRegistry, Registry
from chatroom.transports.turn import Turn
from chatroom.wire import json


def said(seq: int) -> Said:
    """A message of the room `r`."""
    return Said(room="r", seq=seq, user="u", nick="n", text="床前", at=0)


class Sound:
    """A member that is written at once what it lacks."""

    def __init__(self, order: list[str], name: str) -> None:
        self._order = order
        self._name = name

    def hand(self, data: bytes) -> bool:
        self._order.append(self._name)
        return True

    def flush(self, deadline: float) -> bool:
        raise AssertionError

    def fail(self) -> None:
        raise AssertionError


class Broken:
    """A member whose flush has a bug, and whose connection is lost only later."""

    failed = 0

    def hand(self, data: bytes) -> bool:
        return False

    def flush(self, deadline: float) -> bool:
        raise ZeroDivisionError

    def fail(self) -> None:
        self.failed += 1


class AudienceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        registry = Registry("json", json.encode, lambda data: data, Turn(self.clock))
        self.audience = registry.audience(Room("r", Memory()))
        self.order: list[str] = []

    def happen(self, *seqs: int) -> None:
        """Let messages be said, each in a turn of its own."""
        for seq in seqs:
            self.audience.deliver([Entry(said(seq))])
            self.clock.advance(0)

    def test_who_came_first_is_written_to_first(self) -> None:
        for name in "abc":
            self.audience.join(Sound(self.order, name))
        self.happen(1, 2)
        self.assertEqual("".join(self.order), "abcabc")

    def test_who_fails_costs_the_others_nothing_until_it_is_gone(self) -> None:
        broken = Broken()
        self.audience.join(broken)
        self.audience.join(Sound(self.order, "a"))
        self.happen(1, 2, 3)
        self.assertEqual("".join(self.order), "aaa")
        self.assertEqual(broken.failed, 3)
        self.assertEqual(self.audience.leave(broken), 3)
        self.flushLoggedErrors()


class FramedRegistryTests(SynchronousTestCase):
    """Packets for some, the same in frames for others."""

    def setUp(self) -> None:
        self.encoded: list[Event] = []
        turn = Turn(Clock())
        self.packets = Registry("packets", self.encode, lambda data: data, turn, Measure(b",", 16))
        self.frames = FramedRegistry(self.packets, lambda data: b"<" + data + b">")
        self.said = said(1)

    def encode(self, event: Event) -> bytes:
        self.encoded.append(event)
        return json.encode(event)

    def test_a_log_event_is_encoded_once_for_both(self) -> None:
        for first, second in ((self.packets, self.frames), (self.frames, self.packets)):
            self.encoded.clear()
            entry = Entry(self.said)
            made = {first: first.encoded(entry), second: second.encoded(entry)}
            self.assertEqual(made[self.frames], b"<" + made[self.packets] + b">")
            self.assertEqual(self.encoded, [self.said])
            # A frame is not kept beside what is in it.
            self.assertEqual(list(entry.frames), ["packets"])

    def test_a_passing_event_is_encoded_once_for_both(self) -> None:
        pong = Pong(at=1)
        made = [self.packets.frame_of(pong), self.frames.frame_of(pong)] * 2
        self.assertEqual(made[1], b"<" + made[0] + b">")
        self.assertEqual(self.encoded, [pong])

    def test_frames_are_joined_as_frames_are(self) -> None:
        for registry, joined in ((self.packets, b"a,b"), (self.frames, b"ab")):
            parcel = registry.parcel()
            parcel.add(b"a")
            parcel.add(b"b")
            self.assertEqual(parcel.data, joined)

    def test_each_has_audiences_of_its_own(self) -> None:
        room = Room("r", Memory())
        self.assertIsNot(self.packets.audience(room), self.frames.audience(room))
        for registry in (self.packets, self.frames):
            self.assertIs(registry.audience(room), registry.audience(room))
            registry.empty(registry.audience(room))
            self.assertEqual(registry._audiences, {})
