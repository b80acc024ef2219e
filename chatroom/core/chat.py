"""What clients ask: each command goes, in its turn, to who carries it out."""

from collections.abc import Callable

from twisted.internet.defer import Deferred

from chatroom.core import commands
from chatroom.core.attendance import Attendance
from chatroom.core.client import Client, Connection
from chatroom.core.commands import (
    Appoint,
    Audit,
    Ban,
    Command,
    Create,
    Delete,
    Destroy,
    Direct,
    Edit,
    Hello,
    History,
    Invitations,
    Invite,
    Join,
    Kick,
    Leave,
    Members,
    Moderation,
    Mute,
    Nick,
    Own,
    Part,
    Ping,
    Purge,
    React,
    Read,
    Retention,
    Revoke,
    Rule,
    Say,
    Search,
    Typing,
    Unban,
    Unmute,
    Unreact,
    Unread,
    Versions,
)
from chatroom.core.directory import Directory
from chatroom.core.errors import Refused
from chatroom.core.events import Pong
from chatroom.core.identity import Identity, Visit
from chatroom.core.inviting import Inviting
from chatroom.core.making import Making
from chatroom.core.messages import Messages
from chatroom.core.moderating import Moderating
from chatroom.core.owning import Owning
from chatroom.core.parting import Parting
from chatroom.core.purging import Purging
from chatroom.core.reading import Reading
from chatroom.core.retaining import Retaining
from chatroom.core.reviewing import Reviewing
from chatroom.core.rooms import Rooms
from chatroom.core.searching import Searching


class Chat:
    """Carries out the commands of all clients."""

    def __init__(
        self,
        *,
        identity: Identity,
        attendance: Attendance,
        rooms: Rooms,
        messages: Messages,
        reading: Reading,
        searching: Searching,
        moderating: Moderating,
        purging: Purging,
        reviewing: Reviewing,
        retaining: Retaining,
        owning: Owning,
        directory: Directory,
        making: Making,
        inviting: Inviting,
        parting: Parting,
        wall: Callable[[], int],
    ) -> None:
        self._identity = identity
        self._attendance = attendance
        self._wall = wall
        self._ways: dict[type[Command], Callable[..., Deferred[None] | None]] = {
            Hello: identity.hello,
            Join: rooms.join,
            Leave: rooms.leave,
            Say: messages.say,
            Edit: messages.change,
            Delete: messages.change,
            React: messages.change,
            Unreact: messages.change,
            Read: reading.read,
            Unread: reading.unread,
            Typing: rooms.typing,
            Nick: identity.rename,
            Members: rooms.members,
            History: rooms.history,
            Search: searching.search,
            Rule: moderating.command,
            Retention: retaining.command,
            Appoint: moderating.command,
            Mute: moderating.command,
            Unmute: moderating.command,
            Kick: moderating.command,
            Ban: moderating.command,
            Unban: moderating.command,
            Purge: purging.command,
            Moderation: reviewing.command,
            Audit: reviewing.command,
            Versions: reviewing.command,
            commands.Rooms: directory.command,
            Create: making.command,
            Direct: making.command,
            Invite: inviting.command,
            Invitations: inviting.command,
            Revoke: inviting.command,
            Part: parting.command,
            Destroy: parting.command,
            Own: owning.command,
            Ping: self._ping,
        }

    def carry_out(self, client: Client, command: Command) -> Deferred[None] | None:
        """Do what a command asks; a Deferred is given for what later commands must wait for.

        Raises or fails with `Refused`.
        """
        first, client.greeted = not client.greeted, True
        if type(command) is Hello and not first:
            raise Refused("bad_field", "`hello` is the first command, if it is sent at all.")
        return self._ways[type(command)](client, command)

    def connected(
        self,
        connection: Connection,
        token: str | None,
        nick: str | None,
        visit: Visit,
        before: Client | None = None,
    ) -> Client:
        """Make a connection a client: greet it, as the user of `token` and under `nick`.

        `before` is the client that it already was, whose user and pace go on.
        """
        return self._identity.connected(connection, self.carry_out, token, nick, visit, before)

    def disconnected(self, client: Client) -> None:
        """Take a connection that is gone out of everything."""
        client.gone = True
        for room in list(client.rooms.values()):
            self._attendance.leave(room, client)
        self._identity.disconnected(client)

    def _ping(self, client: Client, ping: Ping) -> None:
        client.send(Pong(at=self._wall(), ref=ping.ref))
