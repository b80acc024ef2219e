"""The table of permissions, row by row: each act, by each role, over each transport."""

from typing import Any, NamedTuple
from urllib.parse import quote

from twisted.trial.unittest import SynchronousTestCase

from chatroom.core.permissions import RIGHTS, Act, Role
from tests.memory import SECRET, MemoryServer, Peer
from tests.socketio_peer import Poller, SocketIOPeer
from tests.transports.answers import read, request
from tests.transports.asking import bearer, parsed

ROOM = "三年二班"
TARGET = "{target}"


class Deed(NamedTuple):
    """An act as a command, and as a request; `rules` are those of the room meanwhile."""

    command: dict[str, Any]
    method: str
    path: str
    body: dict[str, Any] | None = None
    rules: dict[str, Any] | None = None


ROOMS = f"/api/v1/rooms/{quote(ROOM)}"
DEEDS: dict[Act, Deed] = {
    Act.ENTER: Deed({"type": "history"}, "GET", f"{ROOMS}/messages"),
    Act.ENTER_CLOSED: Deed({"type": "history"}, "GET", f"{ROOMS}/messages", rules={"locked": True}),
    Act.SAY: Deed({"type": "say", "text": "x"}, "POST", f"{ROOMS}/messages", {"text": "x"}),
    Act.ANNOUNCE: Deed(
        {"type": "say", "text": "x"},
        "POST",
        f"{ROOMS}/messages",
        {"text": "x"},
        rules={"announcements": True},
    ),
    # The second in a row.
    Act.HURRY: Deed(
        {"type": "say", "text": "x"}, "POST", f"{ROOMS}/messages", {"text": "x"}, {"slow": 60}
    ),
    Act.DELETE: Deed({"type": "delete", "seq": 1}, "DELETE", f"{ROOMS}/messages/1"),
    Act.PURGE: Deed(
        {"type": "purge", "user": TARGET}, "DELETE", f"{ROOMS}/members/{TARGET}/messages"
    ),
    Act.MUTE: Deed(
        {"type": "mute", "user": TARGET, "seconds": 9},
        "PUT",
        f"{ROOMS}/mutes/{TARGET}",
        {"seconds": 9},
    ),
    Act.KICK: Deed({"type": "kick", "user": TARGET}, "DELETE", f"{ROOMS}/members/{TARGET}"),
    Act.BAN: Deed({"type": "ban", "user": TARGET}, "PUT", f"{ROOMS}/bans/{TARGET}", {}),
    Act.REVIEW: Deed({"type": "audit"}, "GET", f"{ROOMS}/audit"),
    Act.RULE: Deed({"type": "rule", "slow": 9}, "PATCH", f"{ROOMS}/rules", {"slow": 9}),
    Act.ADMIT: Deed(
        {"type": "appoint", "user": TARGET, "role": "member"},
        "PUT",
        f"{ROOMS}/roles/{TARGET}",
        {"role": "member"},
    ),
    Act.APPOINT: Deed(
        {"type": "appoint", "user": TARGET, "role": "moderator"},
        "PUT",
        f"{ROOMS}/roles/{TARGET}",
        {"role": "moderator"},
    ),
    Act.SET_PASSWORD: Deed(
        {"type": "rule", "password": "芝麻"}, "PATCH", f"{ROOMS}/rules", {"password": "芝麻"}
    ),
    Act.INVITE: Deed({"type": "invite"}, "POST", f"{ROOMS}/invitations", {}),
    Act.LIST: Deed(
        {"type": "rule", "unlisted": True}, "PATCH", f"{ROOMS}/rules", {"unlisted": True}
    ),
    Act.ARCHIVE: Deed(
        {"type": "rule", "archived": True}, "PATCH", f"{ROOMS}/rules", {"archived": True}
    ),
    Act.DESTROY: Deed({"type": "destroy"}, "DELETE", ROOMS),
    Act.RETAIN: Deed(
        {"type": "retention", "keep_days": 9}, "GET", f"{ROOMS}/retention?keep_days=9"
    ),
    Act.BAN_FROM_SERVER: Deed(
        {"type": "ban", "user": TARGET, "room": None}, "PUT", f"/api/v1/bans/{TARGET}", {}
    ),
}


class PermissionCase(SynchronousTestCase):
    """A room with somebody of each role, and what each is told."""

    def make(self) -> None:
        self.server = MemoryServer(self, rate=0)
        owner = self.server.enter(ROOM, "班主任")
        target = self.server.enter(ROOM, "目标")
        target.say("第一句")
        self.target: str = target.welcome["user"]
        people = {Role.OWNER: owner}
        for role in (Role.GUEST, Role.MEMBER, Role.MODERATOR, Role.HOST):
            people[role] = self.server.enter(ROOM, role.word)
        for role in (Role.MEMBER, Role.MODERATOR):
            self.order(owner, "appoint", user=people[role].welcome["user"], role=role.word)
        self.order(people[Role.HOST], "own", secret=SECRET)
        self.tokens = {role: peer.welcome["token"] for role, peer in people.items()}
        self.users = {role: peer.welcome["user"] for role, peer in people.items()}
        self.owner = owner

    def order(self, peer: Peer, type: str, **fields: Any) -> None:
        peer.send(type=type, ref="r", **{"room": ROOM} | fields)
        [answer] = [event for event in peer.events() if event.get("ref") == "r"]
        self.assertNotEqual(answer["type"], "error", answer)

    def ask(self, way: str, role: Role, deed: Deed, target: str) -> dict[str, Any] | None:
        """Do something by one of the ways; give the error that comes of it, None without."""
        if way == "http":
            return self.request(role, deed, target)
        command = {"room": ROOM} | {
            name: target if value == TARGET else value for name, value in deed.command.items()
        }
        if way == "ws":
            headers = {"Authorization": f"Bearer {self.tokens[role]}"}
            peer = self.server.connect(headers=headers, room=ROOM)
            peer.send(ref="r", **command)
            [answer] = [event for event in peer.events() if event.get("ref") == "r"]
            return answer if answer["type"] == "error" else None
        client: Any = {"polling": Poller, "websocket": SocketIOPeer}[way](self.server)
        client.ask(token=self.tokens[role], room=ROOM)
        client.heard()
        client.emit(command.pop("type"), command, ack=7)
        [answer] = [heard[1] for heard in client.heard() if heard[0] == 7]
        return None if answer["ok"] else answer["error"]

    def request(self, role: Role, deed: Deed, target: str) -> dict[str, Any] | None:
        path = deed.path.replace(TARGET, target)
        lines = [bearer(self.tokens[role])]
        body = b""
        if deed.body is not None:
            body = str(deed.body).replace("'", '"').replace("True", "true").encode()
            lines.append(b"Content-Length: %d" % len(body))
        sent = request(path, *lines, method=deed.method.encode()) + body
        [answer] = read(self.server.request(sent))
        return None if answer.status < 300 else parsed(answer)


class TableTests(PermissionCase):
    def check(self, way: str) -> None:
        self.assertEqual(set(DEEDS), set(Act))
        for act, deed in DEEDS.items():
            self.make()
            if deed.rules is not None:
                # The guest would be known otherwise: it has been in the room.
                self.order(self.owner, "kick", user=self.users[Role.GUEST])
                self.order(self.owner, "rule", **deed.rules)
            # From the least on: what is refused changes nothing for the next.
            for role in Role:
                if act is Act.DESTROY and role > RIGHTS[act].least:
                    # There is nothing left that it could delete, and it would own what is new.
                    continue
                if act is Act.HURRY:
                    self.ask(way, role, deed, self.target)
                error = self.ask(way, role, deed, self.target)
                with self.subTest(way=way, act=act, role=role):
                    self.assertEqual(error is None, role >= RIGHTS[act].least, error)
                    if error is not None:
                        self.assert_says_why(act, error)
            self.server.close()

    def assert_says_why(self, act: Act, error: dict[str, Any]) -> None:
        why = {Act.ENTER_CLOSED: "locked", Act.ANNOUNCE: "announcements"}.get(act, "role")
        if act is Act.HURRY:
            self.assertEqual((error["code"], error["retry_after"]), ("too_fast", 60))
        elif act is Act.DELETE:
            self.assertEqual(error["code"], "forbidden")
        else:
            self.assertEqual((error["code"], error["why"]), ("forbidden", why))
        self.assertNotIn("目标", error["message"])

    def test_over_ws(self) -> None:
        self.check("ws")

    def test_over_socket_io_by_polling(self) -> None:
        self.check("polling")

    def test_over_socket_io_by_websocket(self) -> None:
        self.check("websocket")

    def test_over_http(self) -> None:
        self.check("http")


class OutrankingTests(PermissionCase):
    def test_nobody_acts_on_one_of_the_same_role_or_a_higher(self) -> None:
        acts = [act for act, right in RIGHTS.items() if right.outranks]
        self.assertGreater(len(acts), 4)
        self.make()
        for act in acts:
            for role in (each for each in Role if each >= RIGHTS[act].least):
                for target in (each for each in Role if each >= role):
                    if role is target and act in (Act.ADMIT, Act.APPOINT):
                        # Oneself: that is to step back, or to go up.
                        continue
                    error = self.ask("ws", role, DEEDS[act], self.users[target])
                    with self.subTest(act=act, role=role, target=target):
                        self.assertEqual((error or {}).get("why"), "role", error)
