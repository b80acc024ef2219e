"""Who is in a room, and how the others are told."""

from chatroom.core.client import Client
from chatroom.core.events import Entered, Left, Person, Presence
from chatroom.core.interfaces import Clock
from chatroom.core.people import User
from chatroom.core.room import Room
from chatroom.core.timeline import Timeline

FOLDED_ABOVE = 50
# Seconds; in the largest rooms more, so that notices are written to 1,000 members a second, which
# takes a hundredth of it.
FOLDED_FOR = 1.0
FOLDED_FOR_AT_MOST = 10.0
TOLD_A_SECOND = 1_000
NAMES_IN_A_NOTICE = 20


class Attendance:
    """Lets users in and out of rooms, and tells the rooms; in large ones once a second or less.

    Telling each of n members of each of n arrivals is quadratic: 10,000 joins would be 50 million
    notices.
    """

    def __init__(self, timeline: Timeline, clock: Clock) -> None:
        self._timeline = timeline
        self._clock = clock
        # By the user's id: who comes back is another `User`.
        self._changed: dict[Room, dict[str, tuple[Person, bool]]] = {}

    def enter(self, room: Room, client: Client) -> None:
        """Let a connection in; the others hear of its user's first."""
        client.rooms[room.name] = room
        if room.add(client):
            self._tell(room, client.user, True)

    def leave(self, room: Room, client: Client) -> None:
        """Let a connection out; the others hear of its user's last."""
        del client.rooms[room.name]
        client.connection.unfollow(room)
        if room.remove(client):
            self._tell(room, client.user, False)
            self._timeline.rest(room)

    def _tell(self, room: Room, user: User, came: bool) -> None:
        if room in self._changed or room.count > FOLDED_ABOVE:
            self._fold(room, user, came)
            return
        notice = Entered if came else Left
        self._timeline.pass_on(
            room, notice(room=room.name, user=user.id, nick=user.nick, count=room.count)
        )

    def _fold(self, room: Room, user: User, came: bool) -> None:
        if room not in self._changed:
            wait = min(max(FOLDED_FOR, room.count / TOLD_A_SECOND), FOLDED_FOR_AT_MOST)
            self._clock.callLater(wait, self._tell_folded, room)
        changes = self._changed.setdefault(room, {})
        # Who came and went meanwhile leaves no trace.
        if user.id in changes and changes[user.id][1] is not came:
            del changes[user.id]
        else:
            changes[user.id] = (user.person, came)

    def _tell_folded(self, room: Room) -> None:
        changes = self._changed.pop(room)
        if self._timeline.room(room.name) is room and changes:
            self._timeline.pass_on(room, self._notice(room, changes))

    def _notice(self, room: Room, changes: dict[str, tuple[Person, bool]]) -> Presence:
        came = [person for person, is_here in changes.values() if is_here]
        went = [person for person, is_here in changes.values() if not is_here]
        if max(len(came), len(went)) > NAMES_IN_A_NOTICE:
            return Presence(room=room.name, count=room.count)
        return Presence(room=room.name, count=room.count, entered=came, left=went)
