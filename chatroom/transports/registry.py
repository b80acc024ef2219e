"""A transport's own clients by room: each event is encoded once for all who speak alike."""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Protocol

from chatroom.core.events import Event
from chatroom.core.recent import Entry
from chatroom.core.room import Room
from chatroom.transports.parcel import Measure, Parcel, Piece
from chatroom.transports.turn import Flushable, Turn

# How often a flush looks at the clock, in clients.
CLIENTS_A_LOOK = 16


class Member(Flushable, Protocol):
    """A live connection."""

    def hand(self, data: bytes) -> bool:
        """Write this at once if it is all that is to be written; give whether it was."""
        ...


class Audience:
    """The live connections of one room that speak alike.

    What happens is a stream of frames; `_places` says, for each member, where in the stream it is,
    so that all at one place are written the same bytes. Who stops reading leaves: nothing here
    grows for it.
    """

    def __init__(self, room: Room, registry: "Registry") -> None:
        self.room = room
        self._registry = registry
        self._places: dict[Member, int] = {}
        self._begin = 0
        self._end = 0
        self._frames: list[bytes] = []
        # The log's number after each frame, and before the first.
        self._seqs: list[int] = []
        self._seq_before = room.seq
        self._joined: dict[int, Piece] = {}
        self._round: list[Member] = []
        self._round_end = 0

    def deliver(self, entries: Sequence[Entry]) -> None:
        """Hand on log events, once a batch."""
        if self._places:
            for entry in entries:
                self._append(self._registry.encoded(entry), entry.event.seq)

    def pass_on(self, event: Event) -> None:
        """Hand on a passing event."""
        if self._places:
            self._append(self._registry.frame_of(event), self._seq())

    def _append(self, frame: bytes, seq: int) -> None:
        self._frames.append(frame)
        self._seqs.append(seq)
        self._end += 1
        self._joined.clear()
        self._registry.turn.wants(self)

    def _seq(self) -> int:
        return self._seqs[-1] if self._seqs else self._seq_before

    def join(self, member: Member) -> None:
        """Let in a connection that has everything up to now."""
        if not self._places:
            self._restart()
        self._places[member] = self._end

    def leave(self, member: Member) -> int:
        """Let a connection out; give the last log number that it was handed."""
        place = self._places.pop(member)
        seq = self._seqs[place - self._begin - 1] if place > self._begin else self._seq_before
        if not self._places:
            self._registry.empty(self)
        return seq

    def take(self, member: Member, parcel: Parcel) -> bool:
        """Put into a parcel what a member lacks; give whether it now has all."""
        place = self._places[member]
        while place < self._end:
            piece = self._from(place)
            if not parcel.add(*piece):
                return False
            place = self._places[member] = place + piece.frames
        return True

    def _from(self, place: int) -> Piece:
        """What is to be written from a place on, joined once for all who are there."""
        piece = self._joined.get(place)
        if piece is None:
            piece = self._joined[place] = self._join_from(place)
        return piece

    def _join_from(self, place: int) -> Piece:
        parcel = self._registry.parcel()
        for frame in islice(self._frames, place - self._begin, None):
            if not parcel.add(frame):
                break
        return Piece(parcel.data, parcel.frames)

    def flush(self, deadline: float) -> bool:
        """Write to each member what it lacks, then forget what all have."""
        turn = self._registry.turn
        if not self._round:
            self._round = list(reversed(self._places))
            self._round_end = self._end
        looked = 0
        while self._round:
            member = self._round.pop()
            place = self._places.get(member, self._end)
            if place < self._end:
                self._hand(member, place, deadline)
                looked += 1
                if looked % CLIENTS_A_LOOK == 0 and turn.over(deadline):
                    return False
        self._forget(self._round_end)
        return self._round_end == self._end

    def _hand(self, member: Member, place: int, deadline: float) -> None:
        """Write to a member what it lacks; in the usual case that is all there is for it."""
        try:
            piece = self._from(place)
            if place + piece.frames == self._end:
                # Before it is written: meanwhile the member may leave.
                self._places[member] = self._end
                if member.hand(piece.data):
                    return
                self._places[member] = place
        except Exception:
            self._registry.turn.failed(member)
            return
        self._registry.turn.flush(member, deadline)

    def _forget(self, place: int) -> None:
        count = place - self._begin
        if count > 0:
            self._seq_before = self._seqs[count - 1]
            del self._frames[:count], self._seqs[:count]
            self._begin = place
            self._joined.clear()

    def fail(self) -> None:
        """Begin anew: its members are told what they lack when they come back."""
        for member in list(self._places):
            member.fail()

    def _restart(self) -> None:
        self._begin = self._end
        self._frames.clear()
        self._seqs.clear()
        self._joined.clear()
        self._seq_before = self.room.seq


class Registry:
    """The audiences of those who speak alike; a way in which the timeline reaches clients.

    `speaks` names the way; `encode` makes bytes of an event, `wrap` a frame of these; `measure`
    says how frames go out together.
    """

    def __init__(
        self,
        speaks: str,
        encode: Callable[[Event], bytes],
        wrap: Callable[[bytes], bytes],
        turn: Turn,
        measure: Measure = Measure(),  # noqa: B008 - it is immutable
    ) -> None:
        self._speaks = speaks
        self._encode = encode
        self.wrap = wrap
        self.turn = turn
        self._measure = measure
        self._audiences: dict[Room, Audience] = {}
        self._last: tuple[Event | None, bytes] = (None, b"")

    @property
    def most_frames(self) -> int | None:
        """How many frames go out together at most."""
        return self._measure.most_frames

    def parcel(self) -> Parcel:
        """Give an empty parcel."""
        return Parcel(self._measure)

    def broadcast(self, room: Room, entries: Sequence[Entry]) -> None:
        """Hand log events to the clients that are in the room."""
        audience = self._audiences.get(room)
        if audience is not None:
            audience.deliver(entries)

    def pass_on(self, room: Room, event: Event) -> None:
        """Hand an event without a number to the clients in the room that are not behind."""
        audience = self._audiences.get(room)
        if audience is not None:
            audience.pass_on(event)

    def frame(self, event: Event) -> bytes:
        """Give the frame of an event that goes to one."""
        return self.wrap(self._encode(event))

    def frame_of(self, event: Event) -> bytes:
        """Give the frame of an event that goes to several, one after the other, made once."""
        if event is not self._last[0]:
            self._last = event, self.frame(event)
        return self._last[1]

    def encoded(self, entry: Entry) -> bytes:
        """Give the frame of a log event, made once for all of the transport's clients."""
        frame = entry.frames.get(self._speaks)
        if frame is None:
            frame = self.frame(entry.event)
            entry.keep(self._speaks, frame)
        return frame

    def audience(self, room: Room) -> Audience:
        """Give the audience of a room, made with its first member."""
        audience = self._audiences.get(room)
        if audience is None:
            audience = self._audiences[room] = Audience(room, self)
        return audience

    def empty(self, audience: Audience) -> None:
        """Forget an audience that nobody is in."""
        if self._audiences.get(audience.room) is audience:
            del self._audiences[audience.room]


class FramedRegistry(Registry):
    """Speaks what another registry speaks, which encodes it, with frames around it."""

    def __init__(self, packets: Registry, wrap: Callable[[bytes], bytes]) -> None:
        super().__init__("", packets.frame_of, wrap, packets.turn)
        self._packets = packets

    def encoded(self, entry: Entry) -> bytes:
        # Not kept: a frame costs less to make than the memory for a second copy.
        return self.wrap(self._packets.encoded(entry))
