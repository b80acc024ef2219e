"""The log of a room over plain HTTP: read by pages, and waited for."""

import math
from typing import Any
from urllib.parse import quote

from twisted.logger import capturedLogs

from chatroom.storage.schema import StorageError
from tests.memory import Wire
from tests.transports.answers import Answer
from tests.transports.asking import ApiCase, bearer, events, messages, parsed

FIRST = events("大厅", "since=0&wait=25")


class EventsCase(ApiCase):
    """A server with somebody who can say something."""

    def start(self, **options: Any) -> None:
        super().start(**options)
        self.token = self.guest("李白")["token"]
        self.epoch = self.server.server.database.epoch
        self.reads = 0
        log = self.server.server.database.log
        for name in ("state", "after"):
            self.patch(log, name, self._counted(getattr(log, name)))

    def _counted(self, read: Any) -> Any:
        def counting(*asked: Any) -> Any:
            self.reads += 1
            return read(*asked)

        return counting

    def change(self, method: str, of: str, body: Any = None) -> None:
        answer = self.ask(messages("大厅") + of, bearer(self.token), method=method, body=body)
        self.assertEqual(answer.status, 200, answer.body)

    def talk(self) -> None:
        """All kinds of events there are."""
        for text in ("床前明月", "a"):
            self.say(self.token, "大厅", text)
        self.change("PATCH", "/1", {"text": "床前明月光"})
        for method in ("PUT", "DELETE"):
            self.change(method, "/1/reactions/" + quote("👍"))
        self.change("DELETE", "/2")

    def page(self, query: str = "", room: str = "大厅") -> dict[str, Any]:
        found: dict[str, Any] = self.get(events(room, query))
        return found

    def seqs(self, answer: Answer) -> list[int]:
        self.assertEqual(answer.status, 200, answer.body)
        return [each["seq"] for each in parsed(answer)["events"]]


class ReadingTests(EventsCase):
    def test_exactly_what_was_missed_as_a_join_has_it(self) -> None:
        self.talk()
        kinds = ["said", "said", "edited", "reacted", "unreacted", "deleted"]
        for awake in (False, True):
            if awake:
                self.server.enter("大厅", "杜甫")
            for since in range(7):
                page = self.page(f"since={since}&epoch={self.epoch}")
                peer = self.server.connect(room="大厅", since=since, epoch=self.epoch)
                _, joined, *missed = peer.events()
                self.assertEqual(page["events"], missed)
                for field in ("epoch", "seq", "oldest", "recovered"):
                    self.assertEqual(page[field], joined[field], field)
                self.assertEqual((page["type"], page["room"]), ("events", "大厅"))
                self.assertEqual(page["more"], False)
                self.assertEqual([event["type"] for event in missed], kinds[since:])
                peer.cut()

    def test_a_deleted_text_is_nowhere(self) -> None:
        self.talk()
        said = self.page("since=0")["events"][1]
        self.assertEqual((said["text"], said["deleted"]), ("", True))

    def test_without_a_position_it_is_told_where_the_log_stands(self) -> None:
        self.talk()
        for query in ("", f"epoch={self.epoch}", "wait=0&since=6&epoch=" + self.epoch):
            page = self.page(query)
            self.assertEqual((page["seq"], page["oldest"], page["epoch"]), (6, 1, self.epoch))
            self.assertEqual((page["events"], page["more"]), ([], False))
            self.assertEqual("recovered" in page, "since" in query)

    def test_never_a_guess(self) -> None:
        self.talk()
        for query in (
            "since=5",
            "since=5&epoch=other",
            "since=5&epoch=",
            "since=5&epoch=%ff",
            f"since=7&epoch={self.epoch}",
            "since=0&epoch=other",
        ):
            page = self.page(query)
            self.assertEqual((page["recovered"], page["events"]), (False, []), query)
            self.assertEqual((page["seq"], page["more"]), (6, False))

    def test_limits_at_and_past(self) -> None:
        self.start(rate=0)
        for _ in range(201):
            self.say(self.token, "大厅", "a")
        for query, most in (("", 100), ("&limit=1", 1), ("&limit=200", 200)):
            page = self.page("since=0" + query)
            self.assertEqual([event["seq"] for event in page["events"]], list(range(1, most + 1)))
            self.assertEqual((page["more"], page["seq"]), (True, 201))
        rest = self.page(f"since=101&epoch={self.epoch}")
        self.assertEqual((len(rest["events"]), rest["more"]), (100, False))

    def test_what_is_out_of_range(self) -> None:
        for query in (
            "since=x",
            "since=-1",
            "since=",
            "since=1.5",
            f"since={2**53}",
            "since=%ff",
            "since=0&limit=0",
            "since=0&limit=201",
            "since=0&limit=x",
            "wait=1",
            "wait=0",
            "since=0&wait=61",
            "since=0&wait=x",
            "since=x&wait=1",
            "after=0&wait=1",
        ):
            self.assert_refused(self.ask(events("大厅", query)), 400, "bad_field")

    def test_a_name_that_no_room_has(self) -> None:
        for query in ("", "since=0", "since=5&epoch=x"):
            self.assert_refused(self.ask(events("nobody", query)), 404, "no_such_room")
        for query in ("", "since=0&wait=25"):
            self.assert_refused(self.ask(events("a/b", query)), 400, "bad_field")
            self.assert_refused(self.ask(events("a" * 65, query)), 413, "too_long")

    def test_a_room_with_somebody_in_it_and_nothing_said_is_there(self) -> None:
        self.server.enter("新", "杜甫")
        for query in ("", "since=0"):
            page = self.page(query, "新")
            self.assertEqual((page["seq"], page["oldest"], page["events"]), (0, 1, []))

    def test_a_room_that_is_awake_costs_no_read(self) -> None:
        self.server.enter("大厅", "杜甫")
        self.talk()
        self.reads = 0
        for query in ("", "since=0", f"since=6&epoch={self.epoch}"):
            self.page(query)
        self.assertEqual(self.reads, 0)

    def test_storage_is_away(self) -> None:
        def away(job: object) -> None:
            raise StorageError("The disk is gone.")

        self.patch(self.server.server.database.log, "_run", away)
        with capturedLogs():
            answer = self.ask(events("大厅"))
        self.assert_refused(answer, 503, "unavailable")
        self.assertEqual(answer.header("retry-after"), "1")


class HeldTests(EventsCase):
    @property
    def held(self) -> Any:
        return self.server.server._api._held_events

    def assert_nothing_left(self) -> None:
        self.assertEqual(self.server.server.door.capacity.count, 0)
        self.assertEqual(self.held._waiting, {})
        self.assertEqual(self.held.timeline._expecting.rooms(), set())

    def test_what_is_there_is_answered_at_once(self) -> None:
        self.say(self.token, "大厅", "a")
        self.assertEqual(self.seqs(self.ask(FIRST)), [1])
        self.assert_nothing_left()

    def test_each_change_is_answered_when_it_is_made(self) -> None:
        self.say(self.token, "大厅", "a")
        changes: list[tuple[Any, ...]] = [
            ("PATCH", "/1", {"text": "b"}),
            ("PUT", "/1/reactions/" + quote("👍")),
            ("DELETE", "/1"),
        ]
        for since, change in enumerate(changes, 1):
            path = events("大厅", f"since={since}&epoch={self.epoch}&wait=25")
            wire = self.hold(path)
            self.change(*change)
            self.assertEqual(self.seqs(self.answered(wire, path)), [since + 1])
        self.assert_nothing_left()

    def test_a_room_that_is_awake_answers_from_memory(self) -> None:
        peer = self.server.enter("大厅", "杜甫")
        self.reads = 0
        wire = self.hold(FIRST)
        peer.say("a")
        self.assertEqual(self.seqs(self.answered(wire, FIRST)), [1])
        self.assertEqual(self.reads, 0)

    def test_a_position_that_cannot_be_recovered_is_told_at_once(self) -> None:
        self.say(self.token, "大厅", "a")
        for query in ("since=1", "since=0&epoch=other", f"since=2&epoch={self.epoch}"):
            page = self.page(query + "&wait=60")
            self.assertEqual((page["recovered"], page["events"], page["seq"]), (False, [], 1))
        page = self.page("since=7&wait=60", "nobody")
        self.assertEqual((page["recovered"], page["seq"], page["oldest"]), (False, 0, 1))
        self.assert_nothing_left()

    def test_when_the_time_is_over_the_page_is_empty(self) -> None:
        for seconds in (1, 60):
            path = events("nobody", f"since=0&wait={seconds}")
            wire = self.hold(path)
            self.server.clock.advance(seconds - 0.1)
            self.server.settle()
            self.assertEqual(wire.taken, b"")
            self.server.clock.advance(0.1)
            page = parsed(self.answered(wire, path))
            self.assertEqual((page["events"], page["seq"], page["oldest"]), ([], 0, 1))
            self.assertEqual((page["recovered"], page["epoch"]), (True, self.epoch))
            self.assert_nothing_left()

    def test_those_who_ask_for_the_same_share_one_read_and_one_encoding(self) -> None:
        paths = [FIRST, events(" 大厅 ", "since=0&wait=30&limit=100")] * 50
        wires = [self.hold(path) for path in paths]
        self.assertEqual((self.reads, self.server.server.door.capacity.count), (1, 100))
        self.say(self.token, "大厅", "a")
        answers = [self.answered(wire, FIRST) for wire in wires]
        self.assertEqual({answer.body for answer in answers}, {answers[0].body})
        self.assertEqual(self.seqs(answers[0]), [1])
        # Where the log stands, and what it has.
        self.assertEqual(self.reads, 3)
        self.assert_nothing_left()

    def test_those_who_ask_otherwise_are_not_mixed_up(self) -> None:
        paths = [
            FIRST,
            messages("大厅", "after=0&wait=25"),
            events("大厅", "since=0&limit=1&wait=25"),
        ]
        wires = [self.hold(path) for path in paths]
        self.say(self.token, "大厅", "a")
        kinds = [
            parsed(self.answered(wire, path))["type"]
            for wire, path in zip(wires, paths, strict=True)
        ]
        self.assertEqual(kinds, ["events", "history", "events"])

    def test_many_are_answered_in_slices(self) -> None:
        wires = [self.hold(FIRST) for _ in range(2)]
        found: list[Any] = []
        self.patch(self.held.turn, "wants", found.append)
        self.say(self.token, "大厅", "a")
        [waiting] = found
        self.assertFalse(waiting.flush(self.server.clock.seconds()))
        self.assertEqual([wire.taken for wire in wires], [b"", b""])
        self.assertTrue(waiting.flush(math.inf))
        for wire in wires:
            self.assertEqual(self.seqs(self.answered(wire, FIRST)), [1])

    def test_what_is_stored_while_the_log_is_read_is_not_missed(self) -> None:
        self.know_orders()
        self.server.hold_reads = True
        wire = self.hold(FIRST)
        job, waiting = self.server.held.popleft()
        state = job()
        self.server.hold_reads = False
        self.say(self.token, "大厅", "a")
        waiting.callback(state)
        self.assertEqual(self.seqs(self.answered(wire, FIRST)), [1])

    def test_whether_it_was_stored_is_unknown_and_the_room_is_awake(self) -> None:
        """A commit that failed and was made all the same."""
        self.server.enter("大厅", "杜甫")
        wire = self.hold(FIRST)
        journal = self.server.server.database.journal
        run = journal._run

        def stored_all_the_same(job: Any) -> Any:
            return run(job).addCallback(lambda _: self.fail_to_commit())

        journal._run = stored_all_the_same
        with capturedLogs():
            answer = self.say(self.token, "大厅", "a")
        journal._run = run
        self.assert_refused(answer, 503, "unavailable")
        self.assertEqual(self.seqs(self.answered(wire, FIRST)), [1])

    def fail_to_commit(self) -> None:
        raise StorageError("The disk is gone.")

    def test_a_client_that_vanishes_frees_everything(self) -> None:
        wires = [self.hold(FIRST) for _ in range(2)]
        calls = len(self.server.clock.getDelayedCalls())
        wires[0].lose(ConnectionError())
        self.assertEqual(self.server.server.door.capacity.count, 1)
        wires[1].lose(ConnectionError())
        self.assert_nothing_left()
        self.assertEqual(len(self.server.clock.getDelayedCalls()), calls - 2)
        self.say(self.token, "大厅", "a")
        self.assertEqual([wire.taken for wire in wires], [b"", b""])

    def test_also_while_the_log_is_read(self) -> None:
        self.server.hold_reads = True
        self.hold(FIRST).lose(ConnectionError())
        self.assert_nothing_left()
        self.server.hold_reads = False
        self.server.release()

    def test_it_is_a_connection_while_it_is_held(self) -> None:
        for option, status, code in (
            ("max_connections", 503, "unavailable"),
            ("max_per_address", 429, "too_many"),
        ):
            self.start(**{option: 2})
            wire = self.hold(FIRST)
            self.hold(messages("大厅", "after=0&wait=25"))
            answer = self.ask(FIRST)
            self.assert_refused(answer, status, code)
            self.assertEqual(answer.header("retry-after"), "10")
            self.assertEqual(self.ask(events("大厅")).status, 404)
            wire.lose(ConnectionError())
            self.hold(FIRST)

    def test_when_the_news_cannot_be_read_all_are_told(self) -> None:
        self.know_orders()
        wires = [self.hold(FIRST) for _ in range(2)]

        def away(job: object) -> None:
            raise StorageError("The disk is gone.")

        self.patch(self.server.server.database.log, "_run", away)
        with capturedLogs():
            self.say(self.token, "大厅", "a")
            for wire in wires:
                self.assert_refused(self.answered(wire, FIRST), 503, "unavailable")
        self.assert_nothing_left()

    def test_a_stop_answers_all_at_once(self) -> None:
        paths = [FIRST, FIRST, events("二", "since=0&wait=60"), messages("大厅", "after=0&wait=25")]
        wires: list[Wire] = [self.hold(path) for path in paths]
        self.server.close()
        for wire, path in zip(wires, paths, strict=True):
            answer = self.answered(wire, path)
            self.assert_refused(answer, 503, "unavailable")
            self.assertEqual(answer.header("retry-after"), "10")
            self.assertTrue(wire.lost)
        self.assertEqual(self.server.clock.getDelayedCalls(), [])
