"""What the operator does at the command line, to the data of a server that runs."""

import json
import os
import re
import stat
import sys
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from twisted.internet.defer import maybeDeferred
from twisted.trial.unittest import SynchronousTestCase

from chatroom.export.html import Html
from chatroom.export.jsonl import JsonLines
from chatroom.operator import command_line, progress
from tests.core.test_moderating import NETWORK, ROOM, KeepingCase
from tests.memory import Peer
from tests.transports.answers import read, request


class OperatorCase(KeepingCase):
    """The server goes on, and looks once a second."""

    def setUp(self) -> None:
        super().setUp()
        self.dufu.say("床前明月光")
        self.server.server.watch()
        self.hush()

    def run_it(self, *words: str) -> list[list[str]]:
        """Give the lines that a command writes, each as its cells."""
        out = StringIO()
        self.patch(sys, "stdout", out)
        # As the server's clock has it.
        self.patch(command_line.time, "time_ns", lambda: self.server.now * 1_000_000)
        command_line.main([*words, "--data", str(self.server.settings.data)])
        return [line.split("\t") for line in out.getvalue().splitlines()]

    def heeded(self, *words: str) -> None:
        """Run a command that does something, and let the server notice."""
        self.assertEqual(self.run_it(*words), [["Done."]])
        self.notice()

    def notice(self) -> None:
        self.server.clock.advance(1)
        self.server.settle()

    def sentence(self, *words: str) -> str:
        stopped = self.assertRaises(SystemExit, self.run_it, *words)
        self.assertTrue(str(stopped.code).startswith("chatroom: "), stopped.code)
        return str(stopped.code).removeprefix("chatroom: ")


class OwnerTests(OperatorCase):
    def link(self, *words: str) -> str:
        [_, [link]] = self.run_it("owner", *words)
        return link

    def own(self, peer: Peer, link: str) -> dict[str, Any]:
        return self.ask(peer, "own", secret=link.partition("#own=")[2])

    def test_a_link_works_once(self) -> None:
        link = self.link("--url", "https://chat.example.org")
        self.assertRegex(link, r"\Ahttps://chat\.example\.org/#own=[\w-]{43}\Z")
        self.assertEqual(self.own(self.dufu, link)["type"], "hosting")
        self.assertTrue(self.server.enter_as(self.dufu, ROOM).welcome["host"])
        self.assertEqual(self.own(self.wangwei, link)["why"], "link")
        # Who owns it already has nothing to fear from a second click.
        self.assertEqual(self.own(self.dufu, link)["type"], "hosting")

    def test_of_the_page_as_the_server_last_had_it(self) -> None:
        self.assertRegex(self.link(), r"\Ahttp://.*:3000/#own=")

    def test_for_a_day(self) -> None:
        link = self.link("--url", "http://a")
        self.server.now += 24 * 3600 * 1000
        self.assertEqual(self.own(self.dufu, link)["why"], "link")

    def test_several_may_own_it(self) -> None:
        links = [self.link("--url", "http://a/") for _ in range(2)]
        for peer, link in zip((self.dufu, self.wangwei), links, strict=True):
            self.assertEqual(self.own(peer, link)["type"], "hosting")

    def test_it_can_be_taken_away(self) -> None:
        self.own(self.dufu, self.link("--url", "http://a/"))
        user = self.user_of(self.dufu)
        self.assertEqual(self.run_it("owner", "--list"), [[user, "杜甫"]])
        self.heeded("owner", "--remove", user)
        self.assertEqual(self.run_it("owner", "--list"), [])
        self.assertNotIn("host", self.server.enter_as(self.dufu, ROOM).welcome)
        self.assertEqual(self.run_it("owner", "--remove", user), [["It is so already."]])

    def test_ones_other_connections_are_told(self) -> None:
        phone = self.server.enter_as(self.dufu, ROOM)
        self.own(self.dufu, self.link("--url", "http://a/"))
        self.assertEqual(phone.events(), [{"type": "hosting"}])


class RoomTests(OperatorCase):
    def test_rules(self) -> None:
        for words, rules in (
            (("lock",), {"locked": True}),
            (("slow", "30"), {"locked": True, "slow": 30}),
            (("announcements", "on"), {"locked": True, "slow": 30, "announcements": True}),
            (("unlock",), {"slow": 30, "announcements": True}),
        ):
            name, *rest = words
            self.heeded("room", name, ROOM, *rest)
            [event] = self.dufu.events()
            self.assertEqual((event["type"], event["rules"], event["nick"]), ("ruled", rules, ""))
        self.assertEqual(self.run_it("room", "slow", ROOM, "30"), [["It is so already."]])

    def test_how_long_messages_are_kept(self) -> None:
        for text in ("疑是地上霜", "举头望明月"):
            self.dufu.say(text)
        nothing = [["No message would be deleted."]]
        self.assertEqual(self.run_it("room", "keep", ROOM), nothing)
        self.assertEqual(self.run_it("room", "keep", ROOM, "--days", "1", "--dry-run"), nothing)
        [[told]] = self.run_it("room", "keep", ROOM, "--messages", "1", "--dry-run")
        self.assertRegex(
            told, r"\A2 messages up to 2023-11-1\d \d\d:\d\d \(number 2\) would be deleted\.\Z"
        )
        self.assertEqual(len(self.ask(self.libai, "history")["messages"]), 3)
        self.heeded("room", "keep", ROOM, "--days", "30", "--messages", "1")
        rules = self.moderation()["rules"]
        self.assertEqual(rules, {"keep_days": 30, "keep_messages": 1})
        shown = self.run_it("room", "show", ROOM)
        self.assertIn(["keep", "30 days"], shown)
        self.assertIn(["keep", "1 messages"], shown)
        self.server.clock.pump([1] * 20)
        self.server.clock.pump([0.01] * 100)
        self.heeded("room", "keep", ROOM, "--days", "0", "--messages", "0")
        self.assertEqual(self.moderation()["rules"], {})
        self.assertIn(["keep", "all days"], self.run_it("room", "show", ROOM))

    def test_who_is_there_stays_and_who_wrote_or_read_may_come_back(self) -> None:
        self.ask(self.wangwei, "read", seq=1)
        silent = self.server.enter(ROOM, "默默")
        self.heeded("room", "lock", ROOM)
        silent.frames()
        self.assertIsNone(silent.close)
        for peer in (self.wangwei, self.dufu):
            peer.cut()
            self.assertEqual(self.server.enter_as(peer, ROOM).joined["role"], "member")
        self.order("mute", self.dufu, seconds=9)
        silent.frames()
        self.assertIsNone(silent.close)

    def test_who_is_removed_from_a_locked_room_is_out_of_it(self) -> None:
        self.heeded("room", "lock", ROOM)
        self.assertEqual(self.run_it("user", "kick", ROOM, "杜甫"), [["Done."]])
        self.notice()
        self.dufu.frames()
        self.assertEqual(self.dufu.close, (4003, "removed by a moderator"))
        self.assertEqual(self.server.enter_as(self.dufu, ROOM).joined["why"], "locked")

    def test_nor_does_a_lock_in_the_same_second_let_it_in(self) -> None:
        for words in (("room", "lock", ROOM), ("user", "kick", ROOM, "杜甫")):
            self.assertEqual(self.run_it(*words), [["Done."]])
        self.notice()
        self.assertEqual(self.server.enter_as(self.dufu, ROOM).joined["why"], "locked")

    def test_a_room_that_wakes_meanwhile_is_locked_too(self) -> None:
        for peer in self.peers:
            peer.cut()
        new = self.server.connect(nick="新人")
        new.events()
        self.server.hold_reads = True
        new.send(type="join", room=ROOM, ref="r")
        self.server.clock.advance(0)
        for _ in range(3):
            job, waiting = self.server.held.popleft()
            maybeDeferred(job).chainDeferred(waiting)
            self.server.settle()
        self.assertEqual(self.run_it("room", "lock", ROOM), [["Done."]])
        self.server.hold_reads = False
        self.server.release()
        self.notice()
        self.notice()
        other = self.server.connect(nick="又一个")
        other.events()
        self.assertEqual(self.ask(other, "join")["why"], "locked")

    def test_a_password_is_read_from_standard_input(self) -> None:
        self.patch(sys, "stdin", StringIO("芝麻\n"))
        self.heeded("room", "password", ROOM, "on")
        new = self.server.connect(nick="新人")
        new.events()
        self.assertEqual(self.ask(new, "join", password="芝麻")["type"], "joined")
        self.heeded("room", "password", ROOM, "off")
        self.assertEqual(self.server.enter(ROOM, "又一个").joined["type"], "joined")
        self.patch(sys, "stdin", StringIO("\n"))
        self.assertEqual(self.sentence("room", "password", ROOM, "on"), "A password is not empty.")

    def test_lists(self) -> None:
        [[at, seq, name, title]] = self.run_it("room", "list")
        self.assertRegex(at, r"\A\d{4}-\d\d-\d\d \d\d:\d\d\Z")
        self.assertEqual((seq, name, title), ("1", ROOM, ""))
        self.order("mute", self.dufu, seconds=60, reason="吵\n闹")
        lines = self.run_it("room", "show", ROOM)
        self.assertIn(["owner", self.user_of(self.libai), "李白"], lines)
        self.assertIn("吵\\n闹", [cell for line in lines for cell in line])

    def test_a_private_room_is_none_of_the_public_ones(self) -> None:
        private = self.ask(self.libai, "create", room=None, title="诗社")["room"]
        direct = self.ask(self.libai, "direct", user=self.user_of(self.dufu))["room"]
        for words in (("lock",), ("unlock",), ("unlisted", "on"), ("password", "off")):
            sentence = self.sentence("room", words[0], private, *words[1:])
            self.assertEqual(sentence, "A private room is closed and in no list as it is.")
        self.heeded("room", "topic", private, "写诗")
        sentence = self.sentence("user", "role", direct, "王维", "member")
        self.assertEqual(sentence, "A room of two stays one.")

    def test_topic_list_and_archive(self) -> None:
        self.heeded("room", "topic", ROOM, "读诗")
        self.heeded("room", "unlisted", ROOM, "on")
        self.heeded("room", "archived", ROOM, "on")
        ruled = [event for event in self.dufu.events() if event["type"] == "ruled"]
        rules = {"topic": "读诗", "unlisted": True, "archived": True}
        self.assertEqual(ruled[-1]["rules"], rules)
        self.assertEqual(self.ask(self.dufu, "say", text="a")["why"], "archived")
        self.assertIn(["archived", "yes"], self.run_it("room", "show", ROOM))
        self.assertIn("at most 250", self.sentence("room", "topic", ROOM, "月" * 251))

    def test_a_room_that_is_deleted_is_left_by_all(self) -> None:
        self.assertIn("--yes", self.sentence("room", "delete", ROOM))
        self.assertIn("lobby", self.sentence("room", "delete", "lobby", "--yes"))
        self.dufu.events()
        self.heeded("room", "delete", ROOM, "--yes")
        *_, error, left = self.dufu.events()
        self.assertEqual((error["code"], left["type"]), ("no_such_room", "left"))
        self.assertIsNone(self.dufu.close)
        self.assertEqual(self.ask(self.dufu, "history", room=ROOM)["code"], "no_such_room")
        self.assertEqual(self.ask(self.dufu, "join", room=ROOM)["seq"], 0)
        self.assertIn("no room", self.sentence("room", "show", "无"))

    def test_of_a_room_that_is_none(self) -> None:
        self.assertEqual(self.sentence("room", "lock", "没有"), "There is no room '没有'.")


class UserTests(OperatorCase):
    def test_roles_and_mutes(self) -> None:
        self.heeded("user", "role", ROOM, "杜甫", "moderator")
        self.assertEqual(self.dufu.events()[-1]["role"], "moderator")
        self.heeded("user", "mute", ROOM, "杜甫", "--for", "10m", "--reason", "吵")
        self.assertEqual(self.ask(self.dufu, "say", text="x")["why"], "muted")
        self.heeded("user", "unmute", ROOM, self.user_of(self.dufu))
        self.assertEqual(self.ask(self.dufu, "say", text="x")["type"], "done")

    def test_out(self) -> None:
        self.heeded("user", "kick", ROOM, "杜甫")
        self.dufu.frames()
        self.assertEqual(self.dufu.close, (4003, "removed by a moderator"))

    def test_all_that_one_said(self) -> None:
        self.assertEqual(self.run_it("user", "purge", ROOM, "杜甫"), [["1 messages are deleted."]])
        self.notice()
        self.assertEqual(self.types(self.wangwei), ["deleted"])

    def test_lists(self) -> None:
        self.assertEqual(self.run_it("user", "list"), [[self.user_of(self.dufu), "杜甫"]])
        self.assertEqual(self.run_it("user", "list", "李白"), [])
        self.assertIn("ever wrote", self.sentence("user", "kick", ROOM, "李白"))

    def test_two_of_one_nick(self) -> None:
        self.dufu.cut()
        self.server.enter(ROOM, "杜甫").say("我也叫杜甫")
        self.assertIn("name an id", self.sentence("user", "kick", ROOM, "杜甫"))


class BanTests(OperatorCase):
    def test_from_a_room(self) -> None:
        self.heeded("ban", "add", "杜甫", "--room", ROOM, "--for", "1d")
        self.dufu.frames()
        self.assertEqual(self.dufu.close, (4003, "removed by a moderator"))
        [[act, user, nick, until, *_]] = self.run_it("ban", "list", "--room", ROOM)
        self.assertEqual((act, user, nick), ("ban", self.user_of(self.dufu), "杜甫"))
        self.assertRegex(until, r"\Auntil \d{4}-")
        self.heeded("ban", "remove", "杜甫", "--room", ROOM)
        self.assertEqual(self.server.enter_as(self.dufu, ROOM).joined["type"], "joined")

    def test_from_the_server_with_the_network(self) -> None:
        self.heeded("ban", "add", "杜甫", "--network", NETWORK)
        self.dufu.frames()
        self.assertEqual(self.dufu.close, (4003, "removed by a moderator"))
        self.assertEqual(self.server.enter_as(self.dufu, "别处").joined["why"], "banned")
        self.server.address = NETWORK
        self.assertEqual(self.server.enter("别处", "新人").joined["why"], "network")
        self.assertEqual(len(self.run_it("ban", "list")), 1)


class NeighbourTests(OperatorCase):
    def test_whoever_is_there_from_a_banned_network_stays(self) -> None:
        self.ask(self.wangwei, "read", seq=1)
        for words in (("--room", ROOM), ()):
            self.heeded("ban", "add", "杜甫", *words, "--network", self.server.address)
            self.wangwei.frames()
            self.assertIsNone(self.wangwei.close)
            if words:
                again = self.server.enter_as(self.wangwei, ROOM)
                self.assertEqual(again.joined["role"], "member")
        self.assertEqual(self.server.enter("别处", "新人").joined["why"], "network")
        self.dufu.frames()
        self.assertEqual(self.dufu.close, (4003, "removed by a moderator"))


class WordsTests(OperatorCase):
    def test_what_is_wrong_ends_with_a_sentence(self) -> None:
        self.patch(sys, "stderr", errors := StringIO())
        for words in (
            ("user", "mute", ROOM, "杜甫", "--for", "10"),
            ("user", "mute", ROOM, "杜甫", "--for", "0s"),
            ("user", "mute", ROOM, "杜甫", "--for", "4000d"),
            ("room", "slow", ROOM, "3601"),
            ("room", "keep", ROOM, "--days", "36501"),
            ("room", "keep", ROOM, "--days", "x"),
            ("room", "keep", ROOM, "--messages", "10000001"),
            ("room", "keep", ROOM, "--messages", "-1"),
            ("room", "lock", "a/b"),
            ("owner", "--url", "chat.example.org"),
            ("ban", "add", "杜甫", "--network", "10.0.0.0/8"),
            ("user", "kick", ROOM, "\udcff"),
        ):
            stopped = self.assertRaises(SystemExit, self.run_it, *words)
            self.assertEqual(stopped.code, 2)
        self.assertEqual(len(re.findall("error: argument", errors.getvalue())), 12)

    def test_a_reason_is_as_everywhere(self) -> None:
        for reason in ("x" * 201, "\udcff"):
            self.sentence("user", "kick", ROOM, "杜甫", "--reason", reason)
        self.heeded("user", "kick", ROOM, "杜甫", "--reason", "x" * 200)

    def test_without_data(self) -> None:
        self.assertRaises(SystemExit, command_line.main, ["room", "list", "--data", "nowhere"])


class CopyTests(OperatorCase):
    """What is copied and how is tested in tests/storage/test_copies.py; here is what is said."""

    def setUp(self) -> None:
        super().setUp()
        self.copy = str(Path(self.mktemp()).absolute())

    def test_a_backup_of_a_server_that_runs(self) -> None:
        [[line]] = self.run_it("backup", self.copy)
        size = Path(self.copy).stat().st_size
        data = self.server.settings.data.absolute()
        self.assertEqual(line, f"{self.copy} is a whole copy of {data}, {size:,} bytes.")
        self.assertIn("--force replaces it", self.sentence("backup", self.copy))
        self.run_it("backup", "--force", self.copy)

    def test_a_restore_is_for_when_it_does_not_run(self) -> None:
        self.run_it("backup", self.copy)
        self.assertIn("Another server is running", self.sentence("restore", self.copy))
        self.server.close()
        [[first], [second]] = self.run_it("restore", self.copy)
        self.assertTrue(first.endswith(f"has what {self.copy} has; start the server."))
        former = second.removeprefix("What was there before is kept as ").removesuffix(".")
        self.assertTrue(Path(former).exists())


class ExportTests(OperatorCase):
    def setUp(self) -> None:
        super().setUp()
        self.target = Path(self.mktemp()).absolute()

    def names(self) -> list[str]:
        return sorted(os.listdir(self.target))

    def lines(self, name: str) -> list[dict[str, Any]]:
        text = (self.target / name).read_text("utf-8")
        return [json.loads(line) for line in text.removesuffix("\n").split("\n")]

    def test_every_room_is_a_file_and_the_index_leads_to_them(self) -> None:
        for name in ("con", "CON", "index", "字" * 64):
            self.server.enter(name, "白居易").say("a")
        [[line]] = self.run_it("export", str(self.target))
        self.assertEqual(line, f"5 rooms, 5 messages: {self.target}")
        cut = "字" * 40
        expected = ["_con.html", "_CON-2.html", "index-2.html", "index.html", f"{cut}.html"]
        self.assertEqual(self.names(), sorted([*expected, f"{ROOM}.html"]))
        page = (self.target / "index.html").read_text("utf-8")
        linked = [unquote(each) for each in re.findall(r'href="\./([^"]+)"', page)]
        self.assertEqual(sorted([*linked, "index.html"]), self.names())
        self.assertEqual(stat.S_IMODE(self.target.stat().st_mode), 0o700)
        for name in self.names():
            self.assertEqual(stat.S_IMODE((self.target / name).stat().st_mode), 0o600)
        self.assertIn("床前明月光", (self.target / f"{ROOM}.html").read_text("utf-8"))

    def test_each_format_is_what_the_server_gives(self) -> None:
        self.dufu.send(type="react", room=ROOM, seq=1, emoji="👍")
        for format, ending, index in (("markdown", ".md", "* ["), ("jsonl", ".jsonl", '{"room"')):
            self.run_it("export", "--format", format, "--lang", "zh", str(self.target))
            self.assertTrue(
                (self.target / f"index{ending}")
                .read_text("utf-8")
                .split("\n")[-2]
                .startswith(index)
            )
            query = f"format={format}&lang=zh"
            path = f"/api/v1/rooms/{quote(ROOM)}/export?{query}"
            [answer] = read(self.server.request(request(path)))
            given = answer.body.decode().splitlines()
            found = (self.target / f"{ROOM}{ending}").read_text("utf-8").splitlines()
            differ = [pair for pair in zip(given, found, strict=True) if pair[0] != pair[1]]
            # When it was made, and in whose time.
            self.assertLessEqual(len(differ), 3 if format == "markdown" else 1, differ)
        header, message, footer = self.lines(f"{ROOM}.jsonl")
        self.assertEqual(header["epoch"], self.server.server.database.epoch)
        self.assertEqual(message["reactions"][0]["nicks"], ["杜甫"])
        self.assertEqual(footer["messages"], 1)
        self.assertEqual(
            self.lines("index.jsonl"),
            [{"room": ROOM, "file": f"{ROOM}.jsonl", "messages": 1}],
        )

    def test_one_room_is_a_file(self) -> None:
        [[line]] = self.run_it("export", "--room", ROOM, "--format", "jsonl", str(self.target))
        self.assertEqual(line, f"1 room, 1 message: {self.target}")
        self.assertEqual(json.loads(self.target.read_text("utf-8").split("\n")[-2])["type"], "end")

    def test_or_goes_into_a_folder_that_is_there_or_is_meant(self) -> None:
        self.run_it("export", "--room", ROOM, f"{self.target}/")
        self.assertEqual(self.names(), ["index.html", f"{ROOM}.html"])
        self.run_it("export", "--room", ROOM, "--force", str(self.target))
        self.assertEqual(self.names(), ["index.html", f"{ROOM}.html"])

    def test_several_rooms(self) -> None:
        for name in ("甲", "乙"):
            self.server.enter(name, "白居易").say("a")
        self.run_it("export", "--room", "甲", "--room", ROOM, str(self.target))
        self.assertEqual(self.names(), sorted(["index.html", f"{ROOM}.html", "甲.html"]))

    def test_rooms_that_are_not_public_are_called_by_their_titles(self) -> None:
        private = self.made("create", title="诗/社", topic="诗")
        self.made("direct", user=self.user_of(self.wangwei))
        self.dufu.send(type="join", room=private)
        self.dufu.send(type="say", room=private, text="只有我们看得到")
        self.run_it("export", "--format", "jsonl", f"{self.target}/")
        [pair] = {*self.names()} - {"index.jsonl", f"{ROOM}.jsonl", "诗_社.jsonl"}
        self.assertIn(pair, ("杜甫 · 王维.jsonl", "王维 · 杜甫.jsonl"))
        header, message, footer = self.lines("诗_社.jsonl")
        self.assertEqual(
            (header["room"], header["title"], header["topic"]), (private, "诗/社", "诗")
        )
        self.assertEqual((message["text"], footer["messages"]), ("只有我们看得到", 1))
        alone = self.target / "alone.jsonl"
        self.run_it("export", "--room", private, "--format", "jsonl", str(alone))
        self.assertIn("只有我们看得到", alone.read_text("utf-8"))

    def made(self, type: str, **fields: Any) -> str:
        self.dufu.send(type=type, ref="r", **fields)
        [made] = [event for event in self.dufu.events() if event.get("ref") == "r"]
        self.assertEqual(made["type"], "created", made)
        room: str = made["room"]
        return room

    def test_what_is_deleted_or_kept_no_longer_is_in_none(self) -> None:
        self.dufu.say("疑是地上霜")
        self.assertEqual(self.ask(self.libai, "rule", keep_messages=1)["type"], "done")
        self.server.server.database.journal.let_go(self.server.now, 0)
        other = self.server.enter("别处", "白居易")
        other.say("没有了")
        self.assertEqual(self.ask(other, "destroy", room="别处")["type"], "done")
        self.run_it("export", "--format", "jsonl", str(self.target))
        self.assertEqual(self.names(), ["index.jsonl", f"{ROOM}.jsonl"])
        texts = [each["text"] for each in self.lines(f"{ROOM}.jsonl")[1:-1]]
        self.assertEqual(texts, ["疑是地上霜"])

    def test_nothing_is_replaced_unless_that_is_wished(self) -> None:
        self.run_it("export", str(self.target))
        mine = self.target / "index.html"
        mine.write_text("mine")
        (self.target / f"{ROOM}.html").unlink()
        found = self.sentence("export", str(self.target))
        self.assertEqual(found, f"{mine} is there already; --force replaces it.")
        self.assertEqual(self.names(), ["index.html"])
        self.run_it("export", "--force", str(self.target))
        self.assertNotEqual(mine.read_text("utf-8"), "mine")
        found = self.sentence("export", "--room", ROOM, str(mine))
        self.assertIn("is there already", found)

    def test_no_such_room_no_such_place(self) -> None:
        self.assertEqual(
            self.sentence("export", "--room", "nobody", str(self.target)),
            "There is no room 'nobody'.",
        )
        self.assertFalse(self.target.exists())
        self.target.write_text("")
        self.assertIn("cannot be used", self.sentence("export", str(self.target)))

    def test_what_breaks_off_never_looks_whole(self) -> None:
        def fail(writer: object) -> bytes:
            raise OSError(28, "No space left on device")

        self.patch(Html, "end", fail)
        found = self.sentence("export", str(self.target))
        self.assertIn(f"{ROOM}.html cannot be used: No space left on device", found)
        self.assertEqual(self.names(), [])

    def test_a_room_is_read_at_one_moment(self) -> None:
        begin = JsonLines.begin

        def talk(writer: JsonLines) -> bytes:
            self.dufu.say("后来的")
            return begin(writer)

        self.patch(JsonLines, "begin", talk)
        self.run_it("export", "--format", "jsonl", str(self.target))
        header, _, footer = self.lines(f"{ROOM}.jsonl")
        self.assertEqual((header["seq"], footer["messages"]), (1, 1))

    def test_in_the_language_of_the_operator(self) -> None:
        for value, words in (("zh_CN.UTF-8", "一共 1 条消息"), ("de_DE", "This is the end")):
            self.patch(os, "environ", {"LANG": value})
            self.run_it("export", "--force", str(self.target))
            self.assertIn(words, (self.target / f"{ROOM}.html").read_text("utf-8"))


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


class ProgressTests(SynchronousTestCase):
    def test_a_bar_is_drawn_over_itself_and_taken_away(self) -> None:
        times = iter((1.0, 1.05, 2.0))
        self.patch(progress.time, "monotonic", lambda: next(times))
        out = Terminal()
        with progress.Progress.shown(out, "messages") as told:
            told(0, 4000)
            told(10, 4000)
            told(2000, 4000)
        bars = out.getvalue().split("\r")
        self.assertEqual(bars[1], f"[{'.' * 30}] 0 %, 0 of 4,000 messages")
        self.assertEqual(bars[2], f"[{'#' * 15}{'.' * 15}] 50 %, 2,000 of 4,000 messages")
        self.assertEqual(bars[3:], [" " * len(bars[2]), ""])

    def test_of_nothing(self) -> None:
        out = Terminal()
        with progress.Progress.shown(out, "pages") as told:
            told(0, 0)
        self.assertIn("0 %, 0 of 0 pages", out.getvalue())

    def test_where_nobody_looks_nothing_is_written(self) -> None:
        out = StringIO()
        with progress.Progress.shown(out, "pages") as told:
            told(1, 2)
        self.assertEqual(out.getvalue(), "")
