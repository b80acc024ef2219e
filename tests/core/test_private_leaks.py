"""What might be learnt of a private room by those who are in it no more, or never were."""

import re
from typing import Any

from chatroom.core.events import Person
from chatroom.core.work import Changes, Ruling, Verdict
from chatroom.storage.outside import Outside
from tests.core.test_private_rooms import NOWHERE, PrivateCase
from tests.memory import SECRET, Peer


class LeakCase(PrivateCase):
    """`outside` lets the operator order something; the server heeds it."""

    def setUp(self) -> None:
        super().setUp()
        self.server.server.watch()

    def stranger(self, nick: str) -> Peer:
        peer = self.server.connect(nick=nick)
        [peer.welcome] = peer.events()
        return peer

    def back(self, peer: Peer) -> Peer:
        """The same user, by another connection that is in no room."""
        again = self.server.connect(headers={"Authorization": "Bearer " + peer.welcome["token"]})
        [again.welcome] = again.events()
        return again

    def ban_from_server(self, peer: Peer) -> None:
        host = self.stranger("主人")
        self.ask(host, "own", secret=SECRET)
        self.assertEqual(self.ask(host, "ban", user=self.user(peer))["type"], "done")

    def outside(self, *verdicts: Verdict) -> None:
        with Outside.open(self.server.settings.data) as outside:
            for verdict in verdicts:
                self.assertTrue(outside.order(verdict))
        for _ in range(3):
            self.server.clock.advance(1)
            self.server.settle()

    def release(self) -> None:
        self.server.hold_reads = self.server.hold_writes = False
        self.server.release()
        self.server.settle()

    def say(self, text: str = "机密") -> None:
        self.assertEqual(self.ask(self.libai, "say", room=self.room, text=text)["type"], "done")


class NewsTests(LeakCase):
    def test_who_is_banned_from_the_server_has_no_news_of_its_rooms(self) -> None:
        self.admit(self.dufu)
        self.ban_from_server(self.dufu)
        again = self.back(self.dufu)
        self.dufu.events()
        self.say()
        self.assertEqual(again.events() + self.dufu.events(), [])

    def test_nor_by_a_device_that_is_banned(self) -> None:
        self.admit(self.dufu)
        wangwei = self.stranger("王维")
        self.admit(wangwei)
        lent = self.back(self.dufu)
        self.ask(lent, "hello", token=wangwei.welcome["token"])
        self.ask(self.libai, "ban", room=self.room, user=self.user(self.dufu))
        self.assertEqual(self.ask(lent, "join", room=self.room)["why"], "banned")
        wangwei.events()
        self.say()
        self.assertEqual(lent.events(), [])
        self.assertEqual([event["type"] for event in wangwei.events()], ["news"])

    def test_who_is_removed_has_none_of_what_is_said_next_in_the_same_batch(self) -> None:
        self.admit(self.dufu)
        self.dufu.events()
        other = self.server.enter_as(self.libai, self.room)
        self.server.hold_writes = True
        self.libai.send(type="say", room=self.room, text="一")
        self.libai.send(type="kick", room=self.room, user=self.user(self.dufu))
        other.send(type="say", room=self.room, text="二")
        self.release()
        self.assertNotIn("二", str(self.dufu.events()))


class BatchTests(LeakCase):
    """What is stored next after somebody was removed is not told to it, however full a batch is."""

    def after(self, **order: Any) -> str:
        self.admit(self.dufu)
        for room in (self.room, "大厅"):
            self.ask(self.dufu, "join", room=room)
        other = self.server.enter_as(self.libai, self.room)
        self.dufu.events()
        self.server.hold_writes = True
        self.libai.send(type="say", room=self.room, text="一")
        self.libai.send(room=self.room, user=self.user(self.dufu), **order)
        other.send(type="say", room=self.room, text="二")
        self.release()
        return str(self.dufu.events())

    def test_who_is_removed(self) -> None:
        self.assertNotIn("二", self.after(type="kick"))

    def test_who_is_banned(self) -> None:
        self.assertNotIn("二", self.after(type="ban"))

    def test_who_is_a_guest_again(self) -> None:
        self.assertNotIn("二", self.after(type="appoint", role="guest"))


class ListTests(LeakCase):
    def test_who_is_banned_from_the_server_is_told_of_no_rooms(self) -> None:
        self.admit(self.dufu)
        self.ban_from_server(self.dufu)
        token = self.dufu.welcome["token"]
        self.assertEqual(self.ask(self.back(self.dufu), "rooms")["why"], "banned")
        answer = self.server.request(
            b"GET /api/v1/rooms HTTP/1.1\r\nHost: chat.test\r\n"
            + f"Authorization: Bearer {token}\r\n\r\n".encode()
        )
        self.assertEqual(answer.split()[1], b"403")
        self.assertNotIn("诗社".encode(), answer)


class SearchTests(LeakCase):
    def test_who_is_removed_while_it_searches_finds_the_rest(self) -> None:
        self.admit(self.dufu)
        self.say("春江花月夜")
        self.ask(self.dufu, "join", room="大厅")
        self.ask(self.dufu, "say", room="大厅", text="春江潮水")
        self.server.clock.advance(1)
        self.server.settle()
        self.dufu.events()
        self.server.hold_reads = True
        self.dufu.send(type="search", q="春江", ref="?")
        job, waiting = self.server.held.popleft()
        found = job()
        self.server.hold_reads = False
        self.ask(self.libai, "kick", room=self.room, user=self.user(self.dufu))
        waiting.callback(found)
        self.server.settle()
        [answer] = [event for event in self.dufu.events() if event.get("ref") == "?"]
        self.assertEqual([each["text"] for each in answer["messages"]], ["春江潮水"])


class OperatorTests(LeakCase):
    """What the operator orders at the command line lets nobody in by the way."""

    def setUp(self) -> None:
        super().setUp()
        self.admit(self.dufu)
        self.ask(self.dufu, "join", room=self.room)
        self.ask(self.dufu, "say", room=self.room, text="再见")
        self.ask(self.dufu, "part", room=self.room)

    def verdict(self, ruling: Ruling, room: str, **fields: Any) -> Verdict:
        return Verdict(ruling, room, "", "", self.server.now, **fields)

    def assert_out(self) -> None:
        for type in ("join", "history"):
            self.assertEqual(self.ask(self.dufu, type, room=self.room)["code"], "no_such_room")

    def test_who_left_is_no_member_when_it_is_locked(self) -> None:
        self.outside(self.verdict(Ruling.RULE, self.room, changes=Changes(locked=True)))
        self.assert_out()

    def test_nor_when_a_network_is_banned(self) -> None:
        whom = Person("somebody", "某人")
        self.outside(self.verdict(Ruling.BAN, self.room, whom=whom, networks=["192.0.2.9"]))
        self.assert_out()

    def test_two_whose_room_was_deleted_have_another(self) -> None:
        room = self.ask(self.libai, "direct", user=self.user(self.dufu))["room"]
        self.ask(self.libai, "join", room=room)
        self.libai.events()
        self.outside(self.verdict(Ruling.DESTROY, room))
        self.assertEqual([event["type"] for event in self.libai.events()], ["error", "left"])
        again = self.ask(self.libai, "direct", user=self.user(self.dufu))["room"]
        self.assertNotEqual(again, room)
        self.assertEqual(self.ask(self.libai, "join", room=again)["kind"], "direct")


class HostsOnlyTests(LeakCase):
    def setUp(self) -> None:
        super().setUp()
        self.patch(self.server.server._core.keeping.standing, "_only_hosts_make", True)

    def test_where_not_everybody_makes_rooms_an_address_tells_nothing_either(self) -> None:
        room = self.ask(self.libai, "direct", user=self.user(self.dufu))["room"]
        token = self.stranger("王维").welcome["token"]
        there, nowhere = (
            self.server.request(
                f"POST /api/v1/rooms/{address}/messages HTTP/1.1\r\nHost: chat.test\r\n"
                f"Authorization: Bearer {token}\r\nContent-Length: 12\r\n\r\n"
                '{"text":"a"}'.encode()
            )
            for address in (room, NOWHERE)
        )
        there, nowhere = (re.sub(rb"Date: .*", b"", each) for each in (there, nowhere))
        self.assertEqual(there, nowhere)
