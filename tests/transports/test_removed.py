"""Removed over Socket.IO: at once, whatever carries the session, and without coming back."""

from tests.transports.lobby import CARRIERS, LobbyCase

ROOM = "三年二班"


class RemovedTests(LobbyCase):
    def test_the_socket_is_told_and_taken_away(self) -> None:
        for act in ("kick", "ban"):
            for kind in CARRIERS:
                self.start()
                owner = self.server.enter(ROOM, "班主任")
                client = kind(self.server)
                client.enter(room=ROOM)
                user, token = client.welcome["user"], client.welcome["token"]
                owner.send(type=act, room=ROOM, user=user)
                names = [heard[0] for heard in client.heard()]
                told = ["moderated"] if act == "kick" else ["moderated", "error"]
                self.assertEqual(names, [*told, "left", "closing", "DISCONNECT"])
                back = kind(self.server)
                back.ask(room=ROOM, token=token)
                [*_, (name, event)] = back.heard()
                self.assertEqual(name, "joined" if act == "kick" else "error")
                self.assertEqual(event.get("why"), None if act == "kick" else "banned")
                self.server.close()

    def test_the_password_may_be_in_auth(self) -> None:
        owner = self.server.enter(ROOM, "班主任")
        owner.send(type="rule", room=ROOM, password="芝麻")
        for kind in CARRIERS:
            for password, name in (("不对", "error"), ("芝麻", "joined")):
                client = kind(self.server)
                client.ask(room=ROOM, password=password)
                self.assertEqual(client.heard()[-1][0], name)
