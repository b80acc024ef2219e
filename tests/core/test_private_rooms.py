"""Rooms that only their members know, those of two, invitations, and rooms that are deleted."""

import re
from contextlib import closing
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from chatroom.storage.files import DATABASE, open_reader
from chatroom.storage.invitations import MOST
from tests.memory import SECRET, MemoryServer, Peer

NOWHERE = "@" + "A" * 22


class PrivateCase(SynchronousTestCase):
    rate = 30

    def setUp(self) -> None:
        self.server = MemoryServer(self, rate=self.rate)
        self.libai = self.server.connect(nick="李白")
        self.dufu = self.server.connect(nick="杜甫")
        self.libai.welcome, self.dufu.welcome = self.libai.events()[0], self.dufu.events()[0]
        self.room = self.ask(self.libai, "create", title="诗社", topic="写诗")["room"]
        self.ask(self.libai, "join", room=self.room)

    def ask(self, peer: Peer, type: str, **fields: Any) -> dict[str, Any]:
        peer.events()
        peer.send(type=type, ref="?", **fields)
        return next(event for event in peer.events() if event.get("ref") == "?")

    def user(self, peer: Peer) -> str:
        user: str = peer.welcome["user"]
        return user

    def admit(self, peer: Peer) -> None:
        self.ask(self.libai, "appoint", room=self.room, user=self.user(peer), role="member")

    def invite(self, **fields: Any) -> dict[str, Any]:
        invited = self.ask(self.libai, "invite", room=self.room, **fields)
        invitation: dict[str, Any] = invited["invitation"]
        return invitation

    def make(self) -> tuple[Peer, Peer]:
        owner, other = self.server.enter("茶", "陆羽"), self.server.enter("茶", "皎然")
        owner.say("一")
        owner.events(), other.events()
        return owner, other

    def names(self, peer: Peer) -> list[str]:
        return [room["name"] for room in self.ask(peer, "rooms")["rooms"]]


class PrivateTests(PrivateCase):
    def test_it_has_an_address_that_nobody_guesses_and_is_its_makers(self) -> None:
        self.assertTrue(re.fullmatch("@[A-Za-z0-9_-]{22}", self.room))
        joined = self.ask(self.libai, "join", room=self.room)
        self.assertEqual((joined["kind"], joined["role"]), ("private", "owner"))
        self.assertEqual(joined["rules"], {"topic": "写诗", "title": "诗社"})
        [room] = self.ask(self.libai, "rooms")["rooms"]
        self.assertEqual((room["name"], room["title"]), (self.room, "诗社"))
        self.assertTrue(room["mine"])

    def test_two_may_have_the_same_title(self) -> None:
        self.assertNotEqual(self.ask(self.dufu, "create", title="诗社")["room"], self.room)

    def test_titles_and_names_at_the_limit_and_past_it(self) -> None:
        for fields, code in (
            ({"title": "月" * 64}, None),
            ({"title": "月" * 65}, "too_long"),
            ({"title": " "}, "bad_field"),
            ({"title": "a\nb"}, "bad_field"),
            ({"title": "a", "topic": "月" * 251}, "too_long"),
            ({}, "bad_field"),
            ({"title": "a", "room": "b"}, "bad_field"),
            ({"room": "@b"}, "bad_field"),
            ({"room": NOWHERE}, "bad_field"),
            ({"room": "lobby"}, "bad_field"),
        ):
            self.assertEqual(self.ask(self.dufu, "create", **fields).get("code"), code, fields)
        self.server.enter("大厅", "王维")
        self.assertEqual(self.ask(self.dufu, "create", room="大厅")["code"], "bad_field")

    def test_making_costs_as_much_as_a_message(self) -> None:
        for _ in range(30):
            answer = self.ask(self.dufu, "create", title="a")
        self.assertEqual(answer["type"], "created")
        self.assertEqual(self.ask(self.dufu, "create", title="a")["code"], "too_fast")

    def test_its_rules_are_those_that_make_sense(self) -> None:
        for field in ({"locked": True}, {"password": "x"}, {"unlisted": True}):
            answer = self.ask(self.libai, "rule", room=self.room, **field)
            self.assertEqual(answer["code"], "bad_field")
        for field in ({"title": "词社"}, {"topic": ""}, {"slow": 5}, {"archived": True}):
            self.assertEqual(self.ask(self.libai, "rule", room=self.room, **field)["type"], "done")

    def test_who_is_made_a_member_hears_of_it_and_may_all(self) -> None:
        self.admit(self.dufu)
        [news] = self.dufu.events()
        self.assertEqual(news, {"type": "news", "room": self.room, "newest": 2})
        self.assertEqual(self.names(self.dufu), [self.room])
        self.assertEqual(self.ask(self.dufu, "join", room=self.room)["role"], "member")
        self.assertEqual(self.ask(self.dufu, "say", room=self.room, text="月")["type"], "done")

    def test_members_who_are_not_there_hear_what_is_said(self) -> None:
        self.admit(self.dufu)
        self.dufu.events()
        self.ask(self.libai, "say", room=self.room, text="月" * 201)
        [news] = self.dufu.events()
        self.assertEqual((news["nick"], news["text"], news["newest"]), ("李白", "月" * 200, 3))
        [room] = self.ask(self.dufu, "rooms")["rooms"]
        self.assertEqual((room["read"], room["unread"]), (0, 1))
        self.ask(self.dufu, "join", room=self.room)
        self.ask(self.libai, "say", room=self.room, text="a")
        self.assertEqual([event["type"] for event in self.dufu.events()], ["said"])

    def test_many_members_hear_of_the_newest_once_a_second(self) -> None:
        crowd = [self.server.connect(nick=f"社员{n}") for n in range(60)]
        for peer in crowd:
            peer.welcome = peer.events()[0]
            self.admit(peer)
        for peer in crowd:
            peer.events()
        for text in "一二三四":
            self.ask(self.libai, "say", room=self.room, text=text)
        for peer in crowd:
            self.assertEqual([event["text"] for event in peer.events()], ["一"])
        seq = self.ask(self.libai, "history", room=self.room)["newest"]
        self.server.clock.advance(1)
        self.server.settle()
        for peer in crowd:
            self.assertEqual([event["text"] for event in peer.events()], ["四"])
        for text in "五六":
            self.ask(self.libai, "say", room=self.room, text=text)
        self.ask(self.libai, "delete", room=self.room, seq=seq + 2)
        self.server.clock.advance(1)
        self.server.settle()
        for peer in crowd:
            self.assertEqual([event["type"] for event in peer.events()], [])

    def test_also_where_nobody_is_there(self) -> None:
        self.admit(self.dufu)
        self.dufu.events()
        self.ask(self.libai, "leave", room=self.room)
        self.server.request(
            f"POST /api/v1/rooms/{self.room}/messages HTTP/1.1\r\nHost: chat.test\r\n"
            f"Authorization: Bearer {self.libai.welcome['token']}\r\nContent-Length: 12\r\n\r\n"
            '{"text":"b"}'.encode()
        )
        self.assertEqual([event["type"] for event in self.dufu.events()], ["news"])

    def test_who_is_removed_is_out_at_once_and_learns_nothing_more(self) -> None:
        self.admit(self.dufu)
        self.ask(self.dufu, "join", room=self.room)
        self.ask(self.libai, "kick", room=self.room, user=self.user(self.dufu))
        self.assertEqual(self.ask(self.server.connect(nick="a"), "ping")["type"], "pong")
        self.dufu.events()
        self.assertEqual(self.dufu.close, (4003, "removed by a moderator"))

    def test_leaving_for_good(self) -> None:
        self.admit(self.dufu)
        self.ask(self.dufu, "join", room=self.room)
        self.assertEqual(self.ask(self.libai, "part", room=self.room)["why"], "owner")
        self.assertEqual(self.ask(self.dufu, "part", room=self.room)["type"], "done")
        self.assertEqual(self.names(self.dufu), [])
        self.assertEqual(self.ask(self.dufu, "join", room=self.room)["code"], "no_such_room")
        self.assertIsNone(self.dufu.close)
        self.assertEqual(self.ask(self.libai, "part", room=self.room)["type"], "done")
        self.assertEqual(self.ask(self.libai, "join", room=self.room)["code"], "no_such_room")

    def test_leaving_for_good_where_nothing_was_said(self) -> None:
        self.ask(self.dufu, "join", room="新")
        self.dufu.send(type="part", room="新", ref="?")
        self.assertEqual([event["type"] for event in self.dufu.events()], ["left", "done"])

    def test_its_last_owner_does_not_step_back(self) -> None:
        self.admit(self.dufu)
        for role in ("moderator", "guest"):
            answer = self.ask(
                self.libai, "appoint", room=self.room, user=self.user(self.libai), role=role
            )
            self.assertEqual(answer["why"], "owner")
        self.assertEqual(self.ask(self.libai, "join", room=self.room)["role"], "owner")
        for peer, role in ((self.dufu, "owner"), (self.libai, "moderator")):
            answer = self.ask(
                self.libai, "appoint", room=self.room, user=self.user(peer), role=role
            )
            self.assertEqual(answer["type"], "done")

    def test_nor_do_its_last_two_leave_at_once(self) -> None:
        for peer, role in ((self.dufu, "owner"), (self.server.connect(nick="王维"), "member")):
            user = self.user(peer) if role == "owner" else peer.events()[0]["user"]
            self.ask(self.libai, "appoint", room=self.room, user=user, role=role)
        self.dufu.events(), self.libai.events()
        self.server.hold_writes = True
        for peer in (self.libai, self.dufu):
            peer.send(type="part", room=self.room, ref="?")
        self.server.hold_writes = False
        self.server.release()
        told = [self.libai.events()[-1], self.dufu.events()[-1]]
        self.assertEqual(told[0]["type"], "done")
        self.assertEqual(told[1]["why"], "owner")
        self.assertEqual(self.ask(self.dufu, "join", room=self.room)["role"], "owner")

    def test_who_owns_the_server_is_a_stranger_there(self) -> None:
        self.ask(self.dufu, "own", secret=SECRET)
        self.assertEqual(self.ask(self.dufu, "join", room=self.room)["code"], "no_such_room")
        moderation = self.ask(self.libai, "moderation", room=self.room)
        self.assertEqual([each["nick"] for each in moderation["roles"]], ["李白"])


class StrangerTests(PrivateCase):
    """By no command does somebody learn whether there is a private room at an address."""

    def setUp(self) -> None:
        super().setUp()
        self.ask(self.libai, "say", room=self.room, text="春江花月夜")
        self.server.clock.advance(1)
        self.server.settle()

    def commands(self, room: str) -> list[dict[str, Any]]:
        user = self.user(self.libai)
        return [
            {"type": "join", "room": room},
            {"type": "join", "room": room, "since": 0},
            {"type": "join", "room": room, "password": "x"},
            {"type": "join", "room": room, "invitation": "x"},
            {"type": "leave", "room": room},
            {"type": "say", "room": room, "text": "a"},
            {"type": "edit", "room": room, "seq": 1, "text": "a"},
            {"type": "delete", "room": room, "seq": 1},
            {"type": "react", "room": room, "seq": 1, "emoji": "👍"},
            {"type": "unreact", "room": room, "seq": 1, "emoji": "👍"},
            {"type": "read", "room": room, "seq": 1},
            {"type": "typing", "room": room},
            {"type": "members", "room": room},
            {"type": "history", "room": room},
            {"type": "search", "q": "月", "room": room},
            {"type": "search", "q": f"月 in:{room}"},
            {"type": "rule", "room": room, "topic": "a"},
            {"type": "appoint", "room": room, "user": user, "role": "member"},
            {"type": "appoint", "room": room, "user": self.user(self.dufu), "role": "guest"},
            {"type": "mute", "room": room, "user": user, "seconds": 9},
            {"type": "unmute", "room": room, "user": user},
            {"type": "kick", "room": room, "user": user},
            {"type": "ban", "room": room, "user": user},
            {"type": "unban", "room": room, "user": user},
            {"type": "purge", "room": room, "user": user},
            {"type": "moderation", "room": room},
            {"type": "audit", "room": room},
            {"type": "versions", "room": room, "seq": 1},
            {"type": "invite", "room": room},
            {"type": "invitations", "room": room},
            {"type": "revoke", "room": room, "id": 1},
            {"type": "part", "room": room},
            {"type": "destroy", "room": room},
        ]

    def answers(self, peer: Peer, room: str) -> list[Any]:
        return [self.ask(peer, **command) for command in self.commands(room)]

    def assert_strange(self, peer: Peer) -> None:
        there = self.answers(peer, self.room)
        self.server.clock.advance(100)
        nowhere = self.answers(peer, NOWHERE)
        for command, one, other in zip(self.commands(""), there, nowhere, strict=True):
            self.assertEqual(one, other, command)
        self.assertEqual({answer["type"] for answer in there}, {"error", "found"})
        self.assertNotIn("春江", str(there))

    def test_a_guest(self) -> None:
        self.assert_strange(self.dufu)

    def test_who_owns_the_server(self) -> None:
        self.ask(self.dufu, "own", secret=SECRET)
        self.assert_strange(self.dufu)

    def test_who_was_a_member(self) -> None:
        self.admit(self.dufu)
        self.ask(self.dufu, "read", room=self.room, seq=1)
        self.ask(self.dufu, "part", room=self.room)
        self.assert_strange(self.dufu)
        self.assertEqual(self.ask(self.dufu, "unread")["rooms"], [])

    def test_who_comes_from_a_network_that_is_banned_there(self) -> None:
        self.admit(self.dufu)
        self.ask(self.libai, "ban", room=self.room, user=self.user(self.dufu), network=True)
        self.assert_strange(self.server.connect(nick="王维"))

    def test_while_the_room_sleeps(self) -> None:
        self.ask(self.libai, "leave", room=self.room)
        self.assert_strange(self.dufu)

    def test_by_lists_and_searches(self) -> None:
        self.assertEqual(self.names(self.dufu), [])
        self.assertEqual(self.ask(self.dufu, "search", q="春江")["messages"], [])
        self.assertEqual(len(self.ask(self.libai, "search", q="春江")["messages"]), 1)


class DirectTests(PrivateCase):
    def test_two_have_one_room_whoever_asks_first(self) -> None:
        created = self.ask(self.libai, "direct", user=self.user(self.dufu))
        self.assertEqual(created["with"], {"user": self.user(self.dufu), "nick": "杜甫"})
        again = self.ask(self.dufu, "direct", user=self.user(self.libai))
        self.assertEqual(again["room"], created["room"])
        joined = self.ask(self.dufu, "join", room=created["room"])
        self.assertEqual((joined["kind"], joined["with"]["nick"]), ("direct", "李白"))
        self.assertEqual(
            self.ask(self.dufu, "direct", user=self.user(self.dufu))["code"], "bad_field"
        )
        self.assertEqual(self.ask(self.dufu, "direct", user="nobody")["code"], "bad_field")

    def test_the_other_has_it_in_its_list_once_something_is_said(self) -> None:
        room = self.ask(self.libai, "direct", user=self.user(self.dufu))["room"]
        self.assertIn(room, self.names(self.libai))
        self.assertEqual(self.names(self.dufu), [])
        self.ask(self.libai, "join", room=room)
        self.dufu.events()
        self.ask(self.libai, "say", room=room, text="在吗")
        self.assertEqual([event["text"] for event in self.dufu.events()], ["在吗"])
        [listed] = self.ask(self.dufu, "rooms")["rooms"]
        self.assertEqual((listed["kind"], listed["with"]["nick"]), ("direct", "李白"))
        self.assertEqual(listed["unread"], 1)

    def test_left_for_good_it_comes_back_with_the_next_message(self) -> None:
        room = self.ask(self.libai, "direct", user=self.user(self.dufu))["room"]
        self.ask(self.libai, "join", room=room)
        self.ask(self.libai, "say", room=room, text="一")
        self.ask(self.dufu, "part", room=room)
        self.assertEqual(self.names(self.dufu), [])
        self.ask(self.libai, "say", room=room, text="二")
        self.assertEqual(self.names(self.dufu), [room])
        self.assertEqual(self.ask(self.dufu, "unread")["rooms"][0]["unread"], 1)

    def test_nobody_moderates_it_and_nobody_else_is_let_in(self) -> None:
        room = self.ask(self.libai, "direct", user=self.user(self.dufu))["room"]
        wangwei = self.server.connect(nick="王维")
        for command in (
            {"type": "rule", "topic": "a"},
            {"type": "invite"},
            {"type": "destroy"},
            {"type": "appoint", "user": self.user(self.libai), "role": "guest"},
            {"type": "appoint", "user": wangwei.events()[0]["user"], "role": "member"},
            {"type": "kick", "user": self.user(self.dufu)},
        ):
            self.assertEqual(self.ask(self.libai, room=room, **command)["code"], "forbidden")
        self.assertEqual(self.ask(wangwei, "join", room=room)["code"], "no_such_room")


class InvitationTests(PrivateCase):
    def enter(self, code: str, nick: str = "王维") -> dict[str, Any]:
        return self.ask(self.server.connect(nick=nick), "join", room=self.room, invitation=code)

    def test_a_code_makes_members_so_often(self) -> None:
        code = self.invite(uses=2)["code"]
        self.assertEqual(self.enter(code, "一")["role"], "member")
        [left] = self.ask(self.libai, "invitations", room=self.room)["invitations"]
        self.assertEqual(left["uses"], 1)
        self.assertNotIn("code", left)
        self.assertEqual(self.enter(code, "二")["type"], "joined")
        error = self.enter(code, "三")
        self.assertEqual((error["code"], error["why"]), ("forbidden", "invitation"))
        self.assertEqual(self.ask(self.libai, "invitations", room=self.room)["invitations"], [])

    def test_so_long(self) -> None:
        code = self.invite(seconds=60)["code"]
        self.server.now += 59_999
        self.assertEqual(self.enter(code, "一")["type"], "joined")
        self.server.now += 1
        self.assertEqual(self.enter(code, "二")["why"], "invitation")

    def test_until_it_is_revoked(self) -> None:
        invitation = self.invite()
        self.assertEqual(self.enter(invitation["code"], "一")["type"], "joined")
        for _ in range(2):
            revoked = self.ask(self.libai, "revoke", room=self.room, id=invitation["id"])
            self.assertEqual(revoked["type"], "done")
        self.assertEqual(self.enter(invitation["code"], "二")["why"], "invitation")

    def test_only_to_its_own_room(self) -> None:
        code = self.invite()["code"]
        other = self.ask(self.libai, "create", title="词社")["room"]
        for room in (other, NOWHERE, "大厅"):
            error = self.ask(self.dufu, "join", room=room, invitation=code)
            self.assertEqual(error["why"], "invitation")

    def test_two_tabs_that_show_it_at_once_both_come_in(self) -> None:
        code = self.invite(uses=1)["code"]
        bearer = {"Authorization": "Bearer " + self.dufu.welcome["token"]}
        tabs = self.dufu, self.server.connect(headers=bearer)
        self.server.hold_writes = True
        for tab in tabs:
            tab.send(type="join", room=self.room, invitation=code, ref="?")
        self.server.hold_writes = False
        self.server.release()
        for tab in tabs:
            [answer] = [event for event in tab.events() if event.get("ref") == "?"]
            self.assertEqual(answer["type"], "joined")

    def test_a_member_uses_none_up(self) -> None:
        code = self.invite(uses=1)["code"]
        self.assertEqual(
            self.ask(self.libai, "join", room=self.room, invitation=code)["role"], "owner"
        )
        self.assertEqual(self.enter(code)["type"], "joined")

    def test_who_is_banned_does_not_come_in_by_one(self) -> None:
        self.admit(self.dufu)
        code = self.invite(uses=1)["code"]
        self.ask(self.libai, "ban", room=self.room, user=self.user(self.dufu))
        error = self.ask(self.dufu, "join", room=self.room, invitation=code)
        self.assertEqual(error["why"], "invitation")
        self.assertEqual(self.enter(code)["type"], "joined")

    def test_who_was_removed_does_not_come_back_by_one_from_before(self) -> None:
        code = self.invite()["code"]
        user = self.user(self.dufu)
        for removal in (
            {"type": "kick", "user": user},
            {"type": "appoint", "user": user, "role": "guest"},
        ):
            fresh = self.invite()["code"]
            self.assertEqual(
                self.ask(self.dufu, "join", room=self.room, invitation=fresh)["role"], "member"
            )
            self.ask(self.dufu, "leave", room=self.room)
            self.server.now += 1
            self.ask(self.libai, room=self.room, **removal)
            for old in (code, fresh):
                error = self.ask(self.dufu, "join", room=self.room, invitation=old)
                self.assertEqual(error["why"], "invitation")
            self.server.now += 1
        self.assertEqual(self.enter(code)["type"], "joined")
        code = self.invite()["code"]
        self.ask(self.dufu, "join", room=self.room, invitation=code)
        self.ask(self.dufu, "part", room=self.room)
        joined = self.ask(self.dufu, "join", room=self.room, invitation=code)
        self.assertEqual(joined["role"], "member")

    def test_not_more_than_so_many_at_a_time(self) -> None:
        for _ in range(MOST):
            self.invite()
            self.server.clock.advance(1)
        self.assertEqual(self.ask(self.libai, "invite", room=self.room)["code"], "too_many")

    def test_to_a_locked_room_and_one_with_a_password(self) -> None:
        for rule in ({"locked": True}, {"password": "芝麻"}):
            room = f"房{len(rule)}{next(iter(rule))}"
            self.ask(self.libai, "join", room=room)
            self.ask(self.libai, "rule", room=room, **rule)
            code = self.ask(self.libai, "invite", room=room)["invitation"]["code"]
            peer = self.server.connect(nick="王维")
            self.assertEqual(self.ask(peer, "join", room=room)["code"], "forbidden")
            self.assertEqual(self.ask(peer, "join", room=room, invitation=code)["role"], "member")

    def test_what_is_done_with_them_is_noted(self) -> None:
        invitation = self.invite()
        self.ask(self.libai, "revoke", room=self.room, id=invitation["id"])
        deeds = self.ask(self.libai, "audit", room=self.room)["deeds"]
        self.assertEqual([deed["act"] for deed in deeds], ["revoke", "invite", "create"])


class DestroyTests(PrivateCase):
    def test_all_are_told_and_out_and_the_name_is_free(self) -> None:
        owner, other = self.make()
        self.assertEqual(self.ask(owner, "destroy", room="茶")["type"], "done")
        first, *_, last = other.events()
        self.assertEqual((first["type"], first["seq"]), ("destroyed", 2))
        self.assertEqual((last["type"], last["nick"]), ("left", "皎然"))
        self.assertIsNone(other.close)
        self.assertEqual(self.ask(other, "say", room="茶", text="a")["code"], "not_joined")
        self.assertEqual(self.ask(other, "history", room="茶")["code"], "no_such_room")
        self.assertNotIn("茶", self.names(other))
        joined = self.ask(other, "join", room="茶")
        self.assertEqual((joined["seq"], joined["role"]), (0, "owner"))

    def test_a_position_in_it_is_none_in_the_next_of_that_name(self) -> None:
        owner, other = self.make()
        epoch = self.ask(other, "join", room="茶")["epoch"]
        self.ask(owner, "destroy", room="茶")
        first = self.ask(other, "join", room="茶")
        self.assertNotEqual(first["epoch"], epoch)
        for text in "二三四":
            self.ask(other, "say", room="茶", text=text)
        again = self.ask(owner, "join", room="茶", since=1, epoch=epoch)
        self.assertFalse(again["recovered"])
        again = self.ask(owner, "join", room="茶", since=1, epoch=first["epoch"])
        self.assertTrue(again["recovered"])

    def test_what_is_said_meanwhile_is_refused(self) -> None:
        owner, other = self.make()
        self.server.hold_writes = True
        owner.send(type="say", text="还在")
        owner.send(type="destroy", room="茶")
        other.send(type="say", text="晚了", id="m1")
        while self.server.held:
            self.server.release()
        self.server.hold_writes = False
        events = other.events()
        self.assertEqual(
            [event["type"] for event in events], ["said", "destroyed", "left", "left", "error"]
        )
        self.assertEqual(events[-1]["code"], "no_such_room")
        self.assertNotIn("茶", self.names(other))

    def test_nothing_is_ordered_behind_it(self) -> None:
        owner, other = self.make()
        tab = self.server.enter_as(owner, "茶")
        other.events()
        self.server.hold_writes = True
        owner.send(type="say", text="还在")
        owner.send(type="destroy", room="茶")
        tab.send(type="rule", room="茶", topic="晚了", ref="?")
        self.server.hold_writes = False
        self.server.release()
        log = [event["type"] for event in other.events() if "seq" in event]
        self.assertEqual(log, ["said", "destroyed"])
        [answer] = [event for event in tab.events() if event.get("ref") == "?"]
        self.assertEqual(answer["code"], "no_such_room")

    def test_a_private_one_is_there_no_more(self) -> None:
        self.admit(self.dufu)
        self.ask(self.dufu, "join", room=self.room)
        code = self.invite()["code"]
        self.ask(self.libai, "destroy", room=self.room)
        self.assertIn("destroyed", [event["type"] for event in self.dufu.events()])
        for fields in ({}, {"since": 0}):
            self.assertEqual(
                self.ask(self.dufu, "join", room=self.room, **fields)["code"], "no_such_room"
            )
        error = self.ask(self.dufu, "join", room=self.room, invitation=code)
        self.assertEqual(error["why"], "invitation")
        self.assertEqual(self.ask(self.libai, "create", title="诗社")["type"], "created")

    def test_by_owners_alone_and_never_the_lobby(self) -> None:
        _, other = self.make()
        self.assertEqual(self.ask(other, "destroy", room="茶")["why"], "role")
        self.assertEqual(self.ask(other, "destroy", room="没有")["code"], "forbidden")
        self.ask(self.dufu, "own", secret=SECRET)
        self.ask(self.dufu, "join", room="lobby")
        self.ask(self.dufu, "say", room="lobby", text="a")
        self.assertEqual(self.ask(self.dufu, "destroy", room="lobby")["why"], "lobby")
        self.assertEqual(self.ask(self.dufu, "destroy", room="茶")["type"], "done")

    def test_nothing_of_it_is_found(self) -> None:
        owner, other = self.make()
        self.server.clock.advance(1)
        self.server.settle()
        self.assertEqual(len(self.ask(other, "search", q="一")["messages"]), 1)
        self.ask(other, "read", room="茶", seq=1)
        self.ask(owner, "destroy", room="茶")
        self.assertEqual(self.ask(other, "search", q="一")["messages"], [])
        self.assertEqual(self.ask(other, "unread")["rooms"], [])

    def test_a_room_that_was_being_read_is_not_what_it_was(self) -> None:
        owner, other = self.make()
        self.ask(owner, "leave", room="茶"), self.ask(other, "leave", room="茶")
        self.server.hold_reads = True
        other.events()
        other.send(type="join", room="茶")
        job, waiting = self.server.held.popleft()
        waiting.callback(job())
        self.server.hold_reads = False
        self.ask(owner, "destroy", room="茶")
        self.server.release()
        [joined] = [event for event in other.events() if event["type"] == "joined"]
        self.assertEqual((joined["seq"], joined["role"]), (0, "owner"))


class LongLogTests(PrivateCase):
    rate = 0

    def test_all_rows_of_it_go(self) -> None:
        owner, other = self.make()
        for n in range(250):
            owner.send(type="say", text=f"第 {n} 句", id=str(n))
        self.ask(owner, "react", room="茶", seq=1, emoji="👍")
        self.ask(other, "read", room="茶", seq=1)
        self.ask(owner, "invite", room="茶")
        self.ask(owner, "destroy", room="茶")
        self.server.server.watch()
        for _ in range(100):
            self.server.clock.advance(1)
            self.server.settle()
        path = self.server.settings.data / DATABASE
        with closing(open_reader(path)) as connection:
            [(id,)] = connection.execute("SELECT id FROM rooms WHERE was = '茶'")
            for table in ("events", "messages", "reactions", "reads", "roles", "invitations"):
                query = f"SELECT count(*) FROM {table} WHERE room = ?"
                self.assertEqual(connection.execute(query, (id,)).fetchone()[0], 0, table)
        self.server.close()
        self.assertFalse("第 1 句".encode() in path.read_bytes())

    def test_who_is_behind_is_not_left_hanging(self) -> None:
        owner, other = self.make()
        other.stop_reading()
        for _ in range(400):
            owner.send(type="say", text="月" * 3000)
        self.ask(owner, "destroy", room="茶")
        other.read_on()
        for _ in range(10):
            self.server.clock.advance(1)
            self.server.settle()
        events = other.events()
        seqs = [event["seq"] for event in events if "seq" in event]
        self.assertEqual(seqs, list(range(seqs[0], seqs[0] + len(seqs))))
        told = [event["type"] for event in events]
        self.assertEqual((told[-1], events[-1]["nick"]), ("left", "皎然"))
