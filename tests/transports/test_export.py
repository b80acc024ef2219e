"""A room as a file over HTTP: whole or visibly not, for whoever may read it, at their own pace."""

import json
import re
from typing import Any
from urllib.parse import quote, unquote

from twisted.internet.defer import Deferred

from chatroom.core import exporting
from chatroom.storage.schema import StorageError
from chatroom.transports import stalled
from tests.memory import Peer, Wire
from tests.transports.answers import Answer, read, request
from tests.transports.asking import ApiCase, bearer, parsed

ROOM = "大厅"
LONG = "长" * 4000


def export(query: str = "", room: str = ROOM) -> str:
    return f"/api/v1/rooms/{quote(room, safe='')}/export{'?' if query else ''}{query}"


class ExportCase(ApiCase):
    def start(self, **options: Any) -> None:
        super().start(**{"rate": 0} | options)
        self.owner = self.server.enter(ROOM, "李白")
        self.reads = 0
        log = self.server.server.database.log
        page = log.page

        def counted(*asked: Any) -> Any:
            self.reads += 1
            return page(*asked)

        self.patch(log, "page", counted)

    def talk(self, count: int = 3, text: str = "床前明月光") -> None:
        for _ in range(count):
            self.owner.say(text)

    def order(self, type: str, **fields: Any) -> None:
        self.owner.send(type=type, room=ROOM, ref="r", **fields)
        [answer] = [event for event in self.owner.events() if event.get("ref") == "r"]
        self.assertNotEqual(answer["type"], "error", answer)

    def token(self, peer: Peer) -> bytes:
        return bearer(peer.welcome["token"])

    def lines(self, answer: Answer) -> list[dict[str, Any]]:
        self.assertEqual(answer.status, 200, answer.body)
        return [json.loads(line) for line in answer.body.decode().split("\n")[:-1]]

    def begin(
        self, *lines: bytes, query: str = "format=jsonl", version: bytes = b"HTTP/1.1"
    ) -> Wire:
        """Ask, and take nothing yet."""
        wire = self.server.wire()
        wire.reads_on = False
        wire.receive(request(export(query), *lines, version=version))
        self.server.settle()
        return wire

    def drink(self, wire: Wire, most: int | None = None) -> None:
        """Take all there is, or so many bytes, until nothing more comes."""
        wire.take(most)
        self.server.settle()
        while most is None and wire.dataBuffer and not wire.lost:
            wire.take()
            self.server.settle()

    def assert_broken_off(self, wire: Wire) -> None:
        self.server.settle()
        self.assertTrue(wire.lost)
        self.assertNotIn(b"\r\n0\r\n\r\n", wire.taken + bytes(wire.dataBuffer))
        self.assertNotIn(b'"type":"end"', wire.taken + bytes(wire.dataBuffer))
        # Nothing of it is left.
        self.assertEqual(self.lines(self.ask(export("format=jsonl")))[-1]["type"], "end")
        self.assertEqual(self.server.server._core.exporting._running.total(), 0)


class FileTests(ExportCase):
    def test_all_that_was_said(self) -> None:
        self.talk(250)
        self.owner.send(type="edit", room=ROOM, seq=2, text="疑是地上霜")
        self.owner.send(type="delete", room=ROOM, seq=3)
        self.owner.send(type="react", room=ROOM, seq=1, emoji="👍")
        answer = self.ask(export("format=jsonl"))
        header, *messages, footer = self.lines(answer)
        self.assertEqual(
            header,
            {
                "type": "export",
                "format": 1,
                "room": ROOM,
                "exported_at": self.server.now,
                "epoch": self.server.server.database.epoch,
                "seq": 253,
            },
        )
        history = parsed(self.ask(f"/api/v1/rooms/{quote(ROOM)}/messages?after=0&limit=200"))
        self.assertEqual(messages[:200], history["messages"])
        self.assertEqual([each["seq"] for each in messages], list(range(1, 251)))
        self.assertEqual((messages[1]["text"], messages[2]["text"]), ("疑是地上霜", ""))
        self.assertEqual(footer, {"type": "end", "messages": 250})
        self.assertEqual(self.reads, 5 + 1)

    def test_each_format_in_each_language(self) -> None:
        self.talk()
        for format, kind, zh, en in (
            ("html", "text/html; charset=utf-8", "一共 3 条消息", "This is the end"),
            ("markdown", "text/markdown; charset=utf-8", "一共 3 条消息", "This is the end"),
        ):
            for query, line, words in (
                ("", b"Accept-Language: zh-TW,en;q=0.5", zh),
                ("", b"Accept-Language: de, zh", en),
                ("&lang=zh", b"Accept-Language: en", zh),
                ("&lang=en", b"Accept-Language: zh", en),
            ):
                answer = self.ask(export(f"format={format}{query}"), line)
                self.assertEqual(answer.header("content-type"), kind)
                self.assertIn(words, answer.body.decode())
        self.assertIn(b"<!doctype html>", self.ask(export()).body)

    def test_times_are_those_of_the_reader(self) -> None:
        self.talk(1)
        for zone, shown in (
            ("Asia/Shanghai", "2023-11-15T06:13:20+08:00"),
            ("", "2023-11-14T22:13:20+00:00"),
            ("../../etc/passwd", "2023-11-14T22:13:20+00:00"),
            ("Nowhere/Land", "2023-11-14T22:13:20+00:00"),
            ("%ff", "2023-11-14T22:13:20+00:00"),
            ("%00", "2023-11-14T22:13:20+00:00"),
            ("America", "2023-11-14T22:13:20+00:00"),
        ):
            answer = self.ask(export("zone=" + zone))
            self.assertIn(shown, answer.body.decode())

    def test_its_name_and_that_it_is_kept_nowhere(self) -> None:
        self.talk(1)
        answer = self.ask(export("zone=Asia/Shanghai"))
        disposition = str(answer.header("content-disposition"))
        self.assertTrue(disposition.startswith('attachment; filename="__ 2023-11-15.html";'))
        name = re.findall(r"filename\*=UTF-8''([!#$&+.^_`|~\w%-]+)$", disposition)[0]
        self.assertEqual(unquote(name), "大厅 2023-11-15.html")
        self.assertEqual(answer.header("cache-control"), "no-store")
        self.assertIn("sandbox", str(answer.header("content-security-policy")))
        self.assertIsNone(answer.header("content-length"))
        other = self.server.enter('a";b%41', "杜甫")
        other.say("x")
        disposition = str(self.ask(export(room='a";b%41')).header("content-disposition"))
        self.assertIn('filename="a__b_41 2023-11-14.html";', disposition)

    def test_of_a_room_where_nothing_was_said_yet(self) -> None:
        header, footer = self.lines(self.ask(export("format=jsonl")))
        self.assertEqual((header["seq"], footer["messages"]), (0, 0))
        self.assertEqual(self.reads, 0)

    def test_head_tells_whether_one_may(self) -> None:
        self.talk()
        answer = self.ask(export("format=markdown"), method="HEAD")
        self.assertEqual((answer.status, answer.body), (200, b""))
        self.assertIn(".md", str(answer.header("content-disposition")))
        self.assertEqual(self.ask(export(room="nobody"), method="HEAD").status, 404)
        self.assertEqual(self.reads, 0)
        self.assertEqual(self.server.server._core.exporting._running.total(), 0)

    def test_the_connection_goes_on_afterwards(self) -> None:
        self.talk()
        first, second = read(self.server.request(request(export()) + request("/api/v1/rooms")))
        self.assertEqual((first.status, second.status), (200, 200))

    def test_what_is_said_meanwhile_is_not_in_it(self) -> None:
        self.talk(150, LONG)
        wire = self.begin()
        self.talk(5)
        self.drink(wire)
        [answer] = read(wire.taken)
        _, *messages, footer = self.lines(answer)
        self.assertEqual((len(messages), footer["messages"]), (150, 150))

    def test_for_those_who_know_no_chunks_it_ends_with_the_connection(self) -> None:
        self.talk()
        wire = self.begin(version=b"HTTP/1.0")
        self.drink(wire)
        self.assertTrue(wire.lost)
        head, _, body = wire.taken.partition(b"\r\n\r\n")
        self.assertNotIn(b"chunked", head)
        self.assertTrue(body.endswith(b'{"type":"end","messages":3}\n'), body[-50:])


class PermissionTests(ExportCase):
    def test_who_may_not_read_gets_nothing(self) -> None:
        self.talk()
        other = self.server.enter("别处", "杜甫")
        self.order("rule", locked=True)
        for lines in ([self.token(other)], []):
            error = self.assert_refused(self.ask(export(), *lines), 403, "forbidden")
            self.assertEqual(error["why"], "locked")
        self.assertEqual(self.ask(export(), self.token(self.owner)).status, 200)

    def test_no_room_no_format_no_language(self) -> None:
        self.assert_refused(self.ask(export(room="nobody")), 404, "no_such_room")
        self.assert_refused(self.ask(export(room="a" * 65)), 413, "too_long")
        self.assert_refused(self.ask(export("format=doc")), 400, "bad_field")
        self.assert_refused(self.ask(export("lang=de")), 400, "bad_field")

    def test_who_is_removed_meanwhile_gets_no_more(self) -> None:
        self.talk(100, LONG)
        other = self.server.enter(ROOM, "杜甫")
        wire = self.begin(self.token(other))
        self.drink(wire, 1000)
        self.order("ban", user=other.welcome["user"])
        reads = self.reads
        wire.take()
        self.assertLessEqual(self.reads, reads + 1)
        self.assert_broken_off(wire)

    def test_nor_does_who_has_no_token_when_the_room_closes(self) -> None:
        self.talk(100, LONG)
        wire = self.begin()
        self.order("rule", locked=True)
        wire.take()
        self.server.settle()
        self.assertTrue(wire.lost)
        self.assertNotIn(b'"type":"end"', wire.taken)


class PrivateTests(ExportCase):
    """Whoever is not in a room that is not public learns nothing of it."""

    def start(self, **options: Any) -> None:
        super().start(**options)
        self.owner.send(type="create", title="诗社", topic="诗", ref="r")
        [made] = [event for event in self.owner.events() if event.get("ref") == "r"]
        self.room = made["room"]
        self.owner.send(type="join", room=self.room)
        self.owner.send(type="say", room=self.room, text="床前明月光")
        self.owner.events()

    def test_a_member_gets_it_under_its_title(self) -> None:
        answer = self.ask(export("format=jsonl", self.room), self.token(self.owner))
        header, message, _ = self.lines(answer)
        self.assertEqual(
            (header["room"], header["title"], header["topic"]), (self.room, "诗社", "诗")
        )
        self.assertEqual(message["text"], "床前明月光")
        self.assertIn(quote("诗社"), str(answer.header("content-disposition")))

    def test_others_cannot_tell_it_from_one_that_is_not_there(self) -> None:
        other = self.server.enter(ROOM, "杜甫")
        for lines in ([self.token(other)], []):
            for method in ("GET", "HEAD"):
                found = self.ask(export(room=self.room), *lines, method=method)
                nothing = self.ask(export(room="@" + "A" * 22), *lines, method=method)
                self.assertEqual(found, nothing)
                self.assertEqual(found.status, 404)

    def test_one_that_is_deleted_meanwhile_is_broken_off(self) -> None:
        wire = self.deleted_meanwhile()
        wire.take()
        self.server.settle()
        self.assertTrue(wire.lost)
        self.assertNotIn(b'"type":"end"', wire.taken)

    def test_also_when_there_is_another_of_its_name(self) -> None:
        wire = self.deleted_meanwhile()
        other = self.server.enter(ROOM, "杜甫")
        for _ in range(150):
            other.say("新的")
        wire.take()
        self.server.settle()
        self.assertTrue(wire.lost)
        self.assertNotIn("新的".encode(), wire.taken)

    def deleted_meanwhile(self) -> Wire:
        self.talk(100, LONG)
        wire = self.begin()
        self.order("destroy")
        return wire


class PaceTests(ExportCase):
    def test_who_takes_nothing_costs_a_page(self) -> None:
        self.talk(150, LONG)
        wire = self.begin()
        self.assertLessEqual(self.reads, 2)
        self.assertLess(len(wire.dataBuffer), 400_000)
        waiting = self.reads
        self.server.clock.advance(10)
        self.assertEqual(self.reads, waiting)
        self.drink(wire)
        [answer] = read(wire.taken)
        self.assertEqual(self.lines(answer)[-1], {"type": "end", "messages": 150})

    def test_over_tls_which_tells_once(self) -> None:
        self.talk(150, LONG)
        wire = self.server.wire()
        wire.reads_on, wire.tells_once = False, True
        # The first answer has filled the transport before the second begins.
        wire.receive(request(export("format=jsonl")) + request(export("format=jsonl")))
        self.server.settle()
        self.drink(wire)
        self.assertEqual([len(self.lines(each)) for each in read(wire.taken)], [152, 152])

    def test_who_takes_a_little_now_and_then_is_left_alone(self) -> None:
        self.talk(100, LONG)
        wire = self.begin()
        for _ in range(20):
            self.server.clock.pump([1] * int(stalled.PATIENCE - 2))
            wire.take(1000)
        self.assertFalse(wire.lost)
        self.drink(wire)
        [answer] = read(wire.taken)
        self.assertEqual(self.lines(answer)[-1]["type"], "end")

    def test_who_takes_nothing_for_long_is_cut_off(self) -> None:
        self.talk(100, LONG)
        wire = self.begin()
        self.server.clock.pump([1] * int(stalled.PATIENCE - 1))
        self.assertFalse(wire.lost)
        self.server.clock.pump([1] * 2)
        self.assert_broken_off(wire)

    def test_who_goes_away_ends_it(self) -> None:
        self.talk(100, LONG)
        wire = self.begin()
        reads = self.reads
        wire.lose(ConnectionError())
        self.server.settle()
        self.assertEqual(self.reads, reads)
        self.assert_broken_off(wire)
        self.assertFalse(self.server.server._stalled._watched)

    def test_who_goes_away_while_a_page_is_read_too(self) -> None:
        self.talk(100, LONG)
        self.server.hold_reads = True
        wire = self.begin()
        wire.lose(ConnectionError())
        self.server.hold_reads = False
        self.server.release()
        self.assert_broken_off(wire)

    def test_one_user_has_two_at_once(self) -> None:
        self.talk(100, LONG)
        proof = self.token(self.owner)
        wires = [self.begin(proof) for _ in range(exporting.MOST_A_USER)]
        answer = self.ask(export(), proof)
        self.assertEqual(self.assert_refused(answer, 429, "too_fast")["retry_after"], 5.0)
        self.assertEqual(answer.header("retry-after"), "5")
        # Others may, also those without a token.
        self.assertEqual(self.ask(export()).status, 200)
        self.drink(wires[0])
        self.assertEqual(self.ask(export(), proof).status, 200)

    def test_without_a_token_it_is_the_network_that_counts(self) -> None:
        self.talk(100, LONG)
        for _ in range(exporting.MOST_A_USER):
            self.begin()
        self.assert_refused(self.ask(export()), 429, "too_fast")

    def test_all_together_have_so_many(self) -> None:
        self.talk(100, LONG)
        wires = []
        for number in range(exporting.MOST):
            token = self.guest(f"g{number}")["token"]
            wires.append(self.begin(bearer(token)))
        answer = self.ask(export())
        self.assert_refused(answer, 503, "unavailable")
        self.assertEqual(answer.header("retry-after"), "5")
        wires[3].lose(ConnectionError())
        self.server.settle()
        self.assertEqual(self.ask(export()).status, 200)

    def test_one_page_is_read_at_a_time(self) -> None:
        self.talk()
        log = self.server.server.database.log
        page, waiting = log.page, []

        def wait(*asked: Any) -> Any:
            reading: Deferred[Any] = Deferred()
            waiting.append(lambda: page(*asked).chainDeferred(reading))
            return reading

        self.patch(log, "page", wait)
        proof = self.token(self.owner)
        wires = [self.begin(proof), self.begin(proof), self.begin()]
        for _ in wires:
            self.assertEqual(len(waiting), 1)
            waiting.pop()()
            self.server.settle()
        for wire in wires:
            self.drink(wire)
            self.assertEqual(len(self.lines(read(wire.taken)[0])), 5)


class FailureTests(ExportCase):
    def test_storage_that_goes_away_breaks_it_off(self) -> None:
        self.talk(100, LONG)
        wire = self.begin()

        def fail(job: Any) -> Any:
            raise StorageError("the disk is gone")

        log = self.server.server.database.log
        with_disk = log._reader.read
        log._reader.read = fail
        wire.take()
        self.server.settle()
        log._reader.read = with_disk
        self.assert_broken_off(wire)

    def test_a_fault_of_our_own_too_and_it_is_in_the_log(self) -> None:
        self.talk(100, LONG)
        wire = self.begin()

        async def fail(self: Any) -> Any:
            raise ZeroDivisionError

        self.patch(exporting.Export, "page", fail)
        wire.take()
        self.server.settle()
        self.assertTrue(wire.lost)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)

    def test_when_the_server_stops(self) -> None:
        self.talk(100, LONG)
        wire = self.begin()
        self.server.close()
        self.assertTrue(wire.lost)
        self.assertNotIn(b'"type":"end"', wire.taken)
