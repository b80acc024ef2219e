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


class FramedRegistryTests(SynchronousTestCase):
    """Packets for some, the same in frames for others."""

    def setUp(self) -> None:
        self.encoded: list[Event] = []
        turn = Turn(Clock())
        self.packets = Registry("packets", self.encode, lambda data: data, turn, Measure(b",", 16))
        self.frames = FramedRegistry(self.packets, lambda data: b"<" + data + b">")
        self.said = Said(room="r", seq=1, user="u", nick="n", text="床前", at=0)

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
