"""Which rooms there are for whom, when some are stored while they are listed, too."""

from contextlib import closing
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from chatroom.storage.files import DATABASE, open_writer
from chatroom.storage.reads import MOST_ROOMS
from tests.memory import SECRET, MemoryServer, Peer


class DirectoryCase(SynchronousTestCase):
    def setUp(self) -> None:
        self.server = MemoryServer(self)
        self.libai = self.server.enter("大厅", "李白")

    def ask(self, peer: Peer, type: str, **fields: Any) -> dict[str, Any]:
        peer.events()
        peer.send(type=type, ref="?", **fields)
        return next(event for event in peer.events() if event.get("ref") == "?")

    def listed(self, peer: Peer, **fields: Any) -> list[dict[str, Any]]:
        rooms: list[dict[str, Any]] = self.ask(peer, "rooms", **fields)["rooms"]
        return rooms

    def names(self, peer: Peer, **fields: Any) -> list[str]:
        return [room["name"] for room in self.listed(peer, **fields)]


class DirectoryTests(DirectoryCase):
    def test_a_room_stored_while_the_list_is_read_is_there_once_at_most(self) -> None:
        self.libai.events()
        self.server.hold_reads = True
        self.libai.send(type="rooms")
        self.libai.say("a", room="大厅")
        while self.server.held:
            self.server.release()
        listed = [event for event in self.libai.events() if event["type"] == "rooms"]
        self.assertEqual([room["name"] for room in listed[0]["rooms"]], ["大厅"])

    def test_a_room_that_nobody_is_in_any_more_and_that_has_no_message_is_none(self) -> None:
        self.libai.cut()
        self.assertEqual(self.names(self.server.connect(nick="杜甫")), [])

    def test_the_last_active_first_and_the_silent_last(self) -> None:
        for name in ("甲", "乙", "丙"):
            self.server.now += 1
            self.server.enter(name, name).say(name)
        self.assertEqual(self.names(self.libai), ["丙", "乙", "甲", "大厅"])
        [first, *_] = self.listed(self.libai)
        self.assertEqual(
            first, {"name": "丙", "topic": "", "count": 1, "seq": 1, "at": self.server.now}
        )

    def test_what_one_has_read_is_ones_own_until_one_leaves_for_good(self) -> None:
        self.libai.say("一")
        dufu = self.server.enter("大厅", "杜甫")
        self.ask(dufu, "read", room="大厅", seq=1)
        self.libai.say("@杜甫 二")
        [room] = self.listed(dufu)
        self.assertEqual((room["mine"], room["read"]), (True, 1))
        self.assertEqual((room["unread"], room["mentions"]), (1, 1))
        other = self.server.enter_as(dufu, "大厅")
        self.assertEqual(self.ask(dufu, "part", room="大厅")["type"], "done")
        self.assertIn("left", [event["type"] for event in other.events()])
        self.assertNotIn("mine", self.listed(dufu)[0])
        self.assertEqual(self.ask(dufu, "unread")["rooms"], [])
        self.ask(dufu, "join", room="大厅")
        self.ask(dufu, "read", room="大厅", seq=2)
        self.assertTrue(self.listed(dufu)[0]["mine"])

    def test_by_a_part_of_the_name_or_the_topic(self) -> None:
        for name in ("Go 语言", "围棋", "茶"):
            self.server.enter(name, name[:1]).say("a")
        owner = self.server.enter("琴", "琴")
        self.ask(owner, "rule", room="琴", topic="弹琴 and go")
        self.assertEqual(set(self.names(self.libai, q="go")), {"Go 语言", "琴"})
        self.assertEqual(self.names(self.libai, q="大"), ["大厅"])
        self.assertEqual(self.names(self.libai, q="%"), [])

    def test_others_are_limited_and_ones_own_are_not(self) -> None:
        for name in ("甲", "乙", "丙"):
            self.server.now += 1
            self.server.enter(name, name).say(name)
        listed = self.ask(self.libai, "rooms", limit=1)
        self.assertEqual([room["name"] for room in listed["rooms"]], ["丙"])
        self.assertTrue(listed["more"])
        for name in ("甲", "乙"):
            self.ask(self.libai, "join", room=name)
            self.ask(self.libai, "read", room=name, seq=1)
        listed = self.ask(self.libai, "rooms", limit=1)
        self.assertEqual([room["name"] for room in listed["rooms"]], ["丙", "乙", "甲"])
        self.assertTrue(listed["more"])
        self.assertFalse(self.ask(self.libai, "rooms", limit=2)["more"])

    def test_a_room_that_is_not_listed_is_only_its_readers(self) -> None:
        created = self.ask(self.libai, "create", room="密谈", topic="悄悄", unlisted=True)
        self.assertEqual(created["room"], "密谈")
        self.ask(self.libai, "join", room="密谈")
        self.assertTrue(self.listed(self.libai, q="密谈")[0]["unlisted"])
        dufu = self.server.enter("大厅", "杜甫")
        self.assertEqual(self.names(dufu), ["大厅"])
        joined = self.ask(dufu, "join", room="密谈")
        self.assertEqual(joined["rules"], {"topic": "悄悄", "unlisted": True})
        self.ask(dufu, "read", room="密谈", seq=1)
        self.assertEqual(self.names(dufu, q="密谈"), ["密谈"])

    def test_archived_rooms_are_last_and_nobody_writes_there(self) -> None:
        self.libai.say("一")
        self.server.now += 1
        self.ask(self.libai, "rule", room="大厅", archived=True)
        self.server.enter("甲", "甲").say("a")
        self.server.now += 1
        listed = self.listed(self.libai)
        self.assertEqual([room["name"] for room in listed], ["甲", "大厅"])
        self.assertTrue(listed[1]["archived"])
        for command in (
            {"type": "say", "text": "二"},
            {"type": "edit", "seq": 1, "text": "二"},
            {"type": "react", "seq": 1, "emoji": "👍"},
        ):
            error = self.ask(self.libai, room="大厅", **command)
            self.assertEqual((error["code"], error["why"]), ("forbidden", "archived"))
        self.assertEqual(self.ask(self.libai, "history", room="大厅")["newest"], 1)
        self.ask(self.libai, "delete", room="大厅", seq=1)
        self.assertTrue(self.ask(self.libai, "history", room="大厅")["messages"][0]["deleted"])
        self.ask(self.libai, "rule", room="大厅", archived=False)
        self.assertEqual(self.ask(self.libai, "say", room="大厅", text="三")["type"], "done")

    def test_what_waited_while_the_room_was_archived_is_not_stored(self) -> None:
        dufu = self.server.enter("大厅", "杜甫")
        self.libai.say("一")
        self.libai.events(), dufu.events()
        self.server.hold_writes = True
        self.libai.send(type="rule", room="大厅", archived=True)
        dufu.send(type="say", text="二")
        while self.server.held:
            self.server.release()
        self.server.hold_writes = False
        error = dufu.events()[-1]
        self.assertEqual(error["why"], "archived")


class TopicTests(DirectoryCase):
    def test_up_to_250_characters_of_one_line(self) -> None:
        for topic, code in (
            ("月" * 250, None),
            ("月" * 251, "too_long"),
            (" 👩‍🚀 ", None),
            ("", None),
            ("a\nb", "bad_field"),
            ("a\u202eb", "bad_field"),
        ):
            answer = self.ask(self.libai, "rule", room="大厅", topic=topic)
            self.assertEqual(answer.get("code"), code, topic)
        self.ask(self.libai, "rule", room="大厅", topic=" 👩‍🚀 ")
        [room] = self.listed(self.libai)
        self.assertEqual(room["topic"], "👩‍🚀")

    def test_only_private_rooms_have_a_title(self) -> None:
        answer = self.ask(self.libai, "rule", room="大厅", title="大堂")
        self.assertEqual(answer["code"], "bad_field")


class CaseTests(DirectoryCase):
    def test_in_whatever_case_of_whatever_script(self) -> None:
        self.server.enter("Ждун", "a")
        self.ask(self.libai, "create", room="Москва", topic="Ökologie")
        dufu = self.server.connect(nick="杜甫")
        for q, name in (("Москва", "Москва"), ("моск", "Москва"), ("öKO", "Москва")):
            self.assertEqual(self.names(dufu, q=q), [name])
        self.assertEqual(self.names(dufu, q="жДУ"), ["Ждун"])

    def test_by_the_nick_that_the_other_has_now(self) -> None:
        dufu = self.server.enter("大厅", "杜甫")
        room = self.ask(self.libai, "direct", user=dufu.welcome["user"])["room"]
        self.ask(dufu, "nick", nick="子美")
        self.ask(dufu, "say", room="大厅", text="a")
        self.assertEqual(self.names(self.libai, q="子美"), [room])


class SearchTests(DirectoryCase):
    def found(self, peer: Peer, **fields: Any) -> list[str]:
        return [each["text"] for each in self.ask(peer, "search", **fields)["messages"]]

    def test_a_room_that_is_not_listed_is_not_found_out_by_a_search(self) -> None:
        self.ask(self.libai, "create", room="暗", unlisted=True)
        self.ask(self.libai, "join", room="暗")
        self.ask(self.libai, "say", room="暗", text="明月")
        self.server.clock.advance(1)
        self.server.settle()
        dufu = self.server.connect(nick="杜甫")
        self.assertEqual(self.found(dufu, q="明月"), [])
        for fields in ({"q": "明月 in:暗"}, {"q": "明月", "room": "暗"}):
            self.assertEqual(self.found(dufu, **fields), ["明月"])
        self.assertEqual(self.found(self.libai, q="明月"), ["明月"])
        self.ask(dufu, "read", room="暗", seq=2)
        self.assertEqual(self.found(dufu, q="明月"), ["明月"])
        self.ask(dufu, "part", room="暗")
        self.assertEqual(self.found(dufu, q="明月"), [])


class ManyRoomsTests(DirectoryCase):
    def own(self, peer: Peer) -> list[str]:
        return [room["name"] for room in self.listed(peer) if room.get("mine")]

    def test_of_ones_own_the_last_active(self) -> None:
        """Others can make somebody a member of any number of rooms."""
        dufu = self.server.connect(nick="杜甫")
        user = dufu.events()[0]["user"]
        numbers = range(1000, 1000 + MOST_ROOMS)
        with closing(open_writer(self.server.settings.data / DATABASE)) as connection:
            connection.executemany(
                "INSERT INTO rooms (id, name, seq, created_at, kind) VALUES (?, ?, 1, ?, 1)",
                [(number, f"@{number:022}", number) for number in numbers],
            )
            add_role = "INSERT INTO roles (room, user, role, nick, at) VALUES (?, ?, 1, '', 0)"
            connection.executemany(add_role, [(number, user) for number in numbers])
        self.assertEqual(len(self.own(dufu)), MOST_ROOMS)
        self.assertEqual(len(self.ask(dufu, "unread")["rooms"]), MOST_ROOMS)
        last = self.ask(self.libai, "create", title="诗社")["room"]
        self.ask(self.libai, "appoint", room=last, user=user, role="member")
        names = self.own(dufu)
        self.assertEqual((len(names), last in names), (MOST_ROOMS, True))
        self.assertNotIn(f"@{1000:022}", names)
        unread = [room["room"] for room in self.ask(dufu, "unread")["rooms"]]
        self.assertEqual(sorted(unread), sorted(names))


class MakingTests(DirectoryCase):
    def test_who_comes_in_while_a_room_is_made_does_not_own_it(self) -> None:
        dufu, wangwei = (self.server.connect(nick=nick) for nick in ("杜甫", "王维"))
        self.server.hold_writes = True
        dufu.send(type="create", room="茶", ref="?")
        self.assertEqual(self.ask(wangwei, "join", room="茶")["role"], "owner")
        self.server.hold_writes = False
        self.server.release()
        self.assertEqual(dufu.events()[-1]["type"], "created")
        self.assertNotIn("role", self.ask(wangwei, "join", room="茶"))
        self.assertEqual(self.ask(wangwei, "rule", room="茶", topic="a")["why"], "role")
        self.assertEqual(self.ask(dufu, "join", room="茶")["role"], "owner")


class MakeRoomsTests(DirectoryCase):
    def setUp(self) -> None:
        self.server = MemoryServer(self, make_rooms="hosts")

    def test_where_only_hosts_make_them_others_enter_those_that_there_are(self) -> None:
        server = self.server
        peer = server.enter("lobby", "李白")
        for command in ({"type": "join", "room": "新"}, {"type": "history", "room": "新"}):
            self.assertEqual(self.ask(peer, **command)["code"], "no_such_room")
        error = self.ask(peer, "create", title="新")
        self.assertEqual((error["code"], error["why"]), ("forbidden", "role"))
        host = server.connect(nick="主人")
        user = host.events()[0]["user"]
        self.ask(host, "own", secret=SECRET)
        self.assertEqual(self.ask(host, "join", room="新")["type"], "joined")
        self.assertEqual(self.ask(peer, "join", room="新")["type"], "joined")
        self.assertEqual(self.ask(peer, "direct", user=user)["type"], "created")
