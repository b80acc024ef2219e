"""Requests that are held open until a room has something new."""

import gc
import math
from typing import Any

from twisted.logger import capturedLogs

from chatroom.storage.schema import StorageError
from tests.memory import Wire
from tests.transports.answers import Answer, read, request
from tests.transports.asking import ApiCase, bearer, messages, parsed

FIRST = messages("大厅", "after=0&wait=25")


class HeldCase(ApiCase):
    """A server with somebody who can say something."""

    def start(self, **options: Any) -> None:
        super().start(**options)
        self.token = self.guest("李白")["token"]
        self.reads = 0
        log = self.server.server.database.log
        page = log.page

        def counted(*asked: Any) -> Any:
            self.reads += 1
            return page(*asked)

        self.patch(log, "page", counted)

    @property
    def held(self) -> Any:
        return self.server.server._api._held

    @property
    def count(self) -> int:
        """How many connections and held requests the server counts."""
        return self.server.server.door.capacity.count

    def texts(self, answer: Answer) -> list[str]:
        self.assertEqual(answer.status, 200, answer.body)
        return [each["text"] for each in parsed(answer)["messages"]]

    def postponed(self) -> list[Any]:
        """Say something, and give those who were to be answered at the end of the turn."""
        found: list[Any] = []
        self.patch(self.held.turn, "wants", found.append)
        self.say(self.token, "大厅", "a")
        return found

    def assert_nothing_left(self) -> None:
        self.assertEqual(self.count, 0)
        self.assertEqual(self.held._waiting, {})
        self.assertEqual(self.held.timeline._expecting.rooms(), set())


class WaitingTests(HeldCase):
    def test_what_is_there_is_answered_at_once(self) -> None:
        self.say(self.token, "大厅", "a")
        self.assertEqual(self.texts(self.ask(FIRST)), ["a"])
        self.assertEqual(self.reads, 1)
        self.assert_nothing_left()

    def test_what_is_said_is_answered_when_it_is(self) -> None:
        wire = self.hold(FIRST)
        self.assertEqual(self.count, 1)
        self.say(self.token, "大厅", "a")
        self.assertEqual(self.texts(self.answered(wire, FIRST)), ["a"])
        self.assert_nothing_left()

    def test_also_what_a_client_in_the_room_says(self) -> None:
        peer = self.server.enter("大厅", "杜甫")
        wire = self.hold(FIRST)
        peer.say("a")
        self.assertEqual(self.texts(self.answered(wire, FIRST)), ["a"])

    def test_what_is_said_elsewhere_or_before_is_no_news(self) -> None:
        path = messages("大厅", "after=1&wait=25")
        wire = self.hold(path)
        self.say(self.token, "二", "a")
        self.say(self.token, "大厅", "a")
        self.assertEqual(wire.taken, b"")
        self.say(self.token, "大厅", "b")
        self.assertEqual(self.texts(self.answered(wire, path)), ["b"])

    def test_when_the_time_is_over_the_page_is_empty(self) -> None:
        for seconds in (1, 60):
            path = messages("大厅", f"after=0&wait={seconds}")
            wire = self.hold(path)
            self.server.clock.advance(seconds - 0.1)
            self.server.settle()
            self.assertEqual(wire.taken, b"")
            self.server.clock.advance(0.1)
            page = parsed(self.answered(wire, path))
            self.assertEqual((page["messages"], page["as_of"]), ([], 0))
            self.assertEqual(wire.lost, False)
            self.assert_nothing_left()

    def test_each_has_its_own_time(self) -> None:
        paths = [messages("大厅", f"after=0&wait={seconds}") for seconds in (5, 10)]
        first, second = map(self.hold, paths)
        self.server.clock.advance(5)
        self.assertEqual(self.texts(self.answered(first, paths[0])), [])
        self.assertEqual(second.taken, b"")
        self.server.clock.advance(5)
        self.assertEqual(self.texts(self.answered(second, paths[1])), [])
        self.assertEqual(self.reads, 1)

    def test_the_name_of_a_room_is_as_everywhere(self) -> None:
        path = messages(" 大厅 ", "after=0&wait=25")
        wires = [self.hold(path), self.hold(FIRST)]
        self.say(self.token, "大厅", "a")
        for wire in wires:
            self.assertEqual(self.texts(self.answered(wire, path)), ["a"])
        self.assertEqual(self.reads, 2)
        self.assert_refused(self.ask(messages("a/b", "after=0&wait=25")), 400, "bad_field")

    def test_head_waits_too(self) -> None:
        wire = self.server.wire()
        wire.receive(request(FIRST, method=b"HEAD"))
        self.server.settle()
        self.say(self.token, "大厅", "a")
        self.assertEqual(read(wire.taken, bodies=False)[0].status, 200)


class HoleTests(HeldCase):
    """What is stored while the log is read is neither lost nor waited for in vain."""

    def test_stored_after_the_read_began(self) -> None:
        self.know_orders()
        self.server.hold_reads = True
        wire = self.hold(FIRST)
        job, waiting = self.server.held.popleft()
        empty = job()
        self.server.hold_reads = False
        self.say(self.token, "大厅", "a")
        waiting.callback(empty)
        self.assertEqual(self.texts(self.answered(wire, FIRST)), ["a"])
        self.assertEqual(self.reads, 2)

    def test_whether_it_was_stored_is_unknown(self) -> None:
        """A commit that failed and was made all the same, in a room that sleeps."""
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
        self.assertEqual(self.texts(self.answered(wire, FIRST)), ["a"])

    def fail_to_commit(self) -> None:
        raise StorageError("The disk is gone.")


class SharingTests(HeldCase):
    def test_200_in_a_room_share_one_read_and_one_encoding(self) -> None:
        wires = [self.hold(FIRST) for _ in range(200)]
        self.assertEqual((self.reads, self.count), (1, 200))
        self.say(self.token, "大厅", "a")
        answers = [self.answered(wire, FIRST) for wire in wires]
        self.assertEqual({answer.body for answer in answers}, {answers[0].body})
        self.assertEqual(self.texts(answers[0]), ["a"])
        self.assertEqual(self.reads, 2)
        self.assert_nothing_left()

    def test_those_who_ask_for_something_else_are_not_mixed_up(self) -> None:
        for text in "ab":
            self.say(self.token, "大厅", text)
        paths = [messages("大厅", f"after={after}&wait=25") for after in (2, 3)]
        first, second = map(self.hold, paths)
        self.say(self.token, "大厅", "c")
        self.assertEqual(self.texts(self.answered(first, paths[0])), ["c"])
        self.assertEqual(second.taken, b"")
        self.say(self.token, "大厅", "d")
        self.assertEqual(self.texts(self.answered(second, paths[1])), ["d"])

    def test_what_is_no_news_to_one_is_not_read_for_it(self) -> None:
        """Else each of many who name numbers to come would cost a read for each message."""
        paths = [messages("大厅", f"after={after}&wait=25") for after in (1, 2, 2**53 - 1)]
        first, second, never = map(self.hold, paths)
        for text in "ab":
            self.say(self.token, "大厅", text)
        self.assertEqual(self.texts(self.answered(first, paths[0])), ["b"])
        self.assertEqual(self.reads, 4)
        self.say(self.token, "大厅", "c")
        self.assertEqual(self.texts(self.answered(second, paths[1])), ["c"])
        self.assertEqual(self.reads, 5)
        never.lose(ConnectionError())
        self.assert_nothing_left()

    def test_many_are_answered_in_slices(self) -> None:
        """A flush stops at its deadline, and goes on where it was."""
        wires = [self.hold(FIRST) for _ in range(2)]
        [waiting] = self.postponed()
        now = self.server.clock.seconds()
        self.assertFalse(waiting.flush(now))
        self.assertEqual([wire.taken for wire in wires], [b"", b""])
        self.assertTrue(waiting.flush(now + 1))
        for wire in wires:
            self.assertEqual(self.texts(self.answered(wire, FIRST)), ["a"])


class PipelineTests(HeldCase):
    def test_what_comes_behind_a_held_request_waits_for_its_answer(self) -> None:
        wire = self.server.wire()
        say = self.written(messages("二"), bearer(self.token), method="POST", body={"text": "b"})
        wire.receive(request(FIRST) + say)
        self.server.settle()
        self.assertEqual(wire.taken, b"")
        self.say(self.token, "大厅", "a")
        self.server.settle()
        first, second = read(wire.taken)
        self.assertEqual(self.texts(first), ["a"])
        self.assertEqual((second.status, parsed(second)["text"]), (201, "b"))


class GoneTests(HeldCase):
    def test_a_client_that_vanishes_frees_everything(self) -> None:
        wires = [self.hold(FIRST) for _ in range(2)]
        calls = len(self.server.clock.getDelayedCalls())
        wires[0].lose(ConnectionError())
        self.assertEqual(self.count, 1)
        wires[1].lose(ConnectionError())
        self.assert_nothing_left()
        self.assertEqual(len(self.server.clock.getDelayedCalls()), calls - 2)
        gc.collect()
        self.say(self.token, "大厅", "a")
        self.assertEqual([wire.taken for wire in wires], [b"", b""])

    def test_also_while_the_log_is_read(self) -> None:
        self.server.hold_reads = True
        self.hold(FIRST).lose(ConnectionError())
        self.assert_nothing_left()
        self.server.hold_reads = False
        self.server.release()
        gc.collect()

    def test_also_while_others_are_answered(self) -> None:
        first, second = (self.hold(FIRST) for _ in range(2))
        [waiting] = self.postponed()
        first.lose(ConnectionError())
        self.assertTrue(waiting.flush(math.inf))
        self.assertEqual(self.texts(self.answered(second, FIRST)), ["a"])
        self.assert_nothing_left()

    def test_when_they_cannot_be_answered_nobody_waits_for_ever(self) -> None:
        wire = self.hold(FIRST)
        [waiting] = self.postponed()
        waiting.fail()
        self.assert_refused(self.answered(wire, FIRST), 503, "unavailable")
        self.assert_nothing_left()


class CapacityTests(HeldCase):
    def assert_full(self, status: int, code: str) -> None:
        answer = self.ask(FIRST)
        self.assert_refused(answer, status, code)
        self.assertEqual(answer.header("retry-after"), "10")

    def test_a_held_request_is_a_connection_in_all(self) -> None:
        self.start(max_connections=2)
        self.server.connect()
        wire = self.hold(FIRST)
        self.assert_full(503, "unavailable")
        self.assertEqual(self.server.connect().status, 503)
        self.assertEqual(self.ask(messages("大厅")).status, 404)
        wire.lose(ConnectionError())
        self.hold(FIRST)

    def test_and_from_one_address(self) -> None:
        self.start(max_per_address=2)
        for _ in range(2):
            wire = self.hold(FIRST)
        self.assert_full(429, "too_many")
        self.server.address = "192.0.2.8"
        self.hold(FIRST)
        self.server.address = "192.0.2.7"
        self.say(self.token, "大厅", "a")
        self.answered(wire, FIRST)
        self.hold(messages("大厅", "after=1&wait=25"))


class UnavailableTests(HeldCase):
    def away(self) -> Any:
        log = self.server.server.database.log
        run = log._run

        def fails(job: object) -> None:
            raise StorageError("The disk is gone.")

        log._run = fails
        return lambda: setattr(log, "_run", run)

    def test_when_the_news_cannot_be_read_all_are_told(self) -> None:
        self.know_orders()
        wires = [self.hold(FIRST) for _ in range(2)]
        with capturedLogs():
            back = self.away()
            self.say(self.token, "大厅", "a")
            for wire in wires:
                answer = self.answered(wire, FIRST)
                self.assert_refused(answer, 503, "unavailable")
                self.assertEqual(answer.header("retry-after"), "1")
            self.assert_nothing_left()
            back()
            self.assertEqual(self.texts(self.ask(FIRST)), ["a"])

    def test_at_once_when_nothing_can_be_read(self) -> None:
        with capturedLogs():
            self.away()
            self.assert_refused(self.ask(FIRST), 503, "unavailable")
        self.assert_nothing_left()

    def test_when_the_time_is_over_and_the_disk_has_not_answered(self) -> None:
        self.know_orders()
        self.server.hold_reads = True
        wire = self.hold(FIRST)
        self.server.clock.advance(25)
        self.assert_refused(self.answered(wire, FIRST), 503, "unavailable")
        self.assert_nothing_left()
        self.server.hold_reads = False
        self.server.release()

    def test_an_error_of_our_own_is_logged_and_told(self) -> None:
        wire = self.hold(FIRST)

        def fails(asked: object) -> None:
            raise ZeroDivisionError

        self.held.read = fails
        self.say(self.token, "大厅", "a")
        self.server.settle()
        self.assertEqual(read(wire.taken)[0].status, 500)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)
        self.assert_nothing_left()


class StopTests(HeldCase):
    def assert_told(self, wire: Wire) -> None:
        answer = self.answered(wire, FIRST)
        self.assert_refused(answer, 503, "unavailable")
        self.assertEqual(answer.header("retry-after"), "10")
        self.assertTrue(wire.lost)

    def test_a_stop_answers_all_at_once(self) -> None:
        wires = [self.hold(FIRST) for _ in range(3)]
        wires.append(self.hold(messages("二", "after=7&wait=60")))
        self.server.close()
        for wire in wires:
            self.assert_told(wire)
        self.assertEqual(self.server.clock.getDelayedCalls(), [])

    def test_also_those_whose_read_is_not_done(self) -> None:
        self.know_orders()
        self.server.hold_reads = True
        wire = self.hold(FIRST)
        self.server.close()
        self.assert_told(wire)
        self.server.release()

    def test_who_takes_nothing_does_not_hold_up_the_stop(self) -> None:
        wire = self.hold(FIRST)
        wire.reads_on = False
        self.server.close()
        self.assertTrue(wire.lost)
