"""Polling: what an answer carries, what a request may bring, and what waiting costs."""

from typing import Any

from tests.conformance.test_engine import EchoPort
from tests.memory import MemoryServer
from tests.socketio_peer import SEPARATOR, Poller, answered
from tests.transports.answers import Answer
from tests.transports.lobby import LARGE, LobbyCase, names, pile_up

A_WRITE = 64 * 1024


class PollingCase(LobbyCase):
    """A poller in the lobby, who has heard all there was."""

    def start(self, **options: object) -> None:
        super().start(**options)
        self.poller = self.entered_poller()

    def entered_poller(self, server: MemoryServer | None = None) -> Poller:
        poller = Poller(server or self.server)
        poller.enter(nick="李白")
        self.du.events()
        return poller

    def carrier(self, poller: Poller) -> Any:
        """The server's side of a poller."""
        return self.server.server.engine.sessions[poller.sid].carrier

    def say(self, count: int, text: str = "床前明月光") -> None:
        """Let 杜甫 say as much in one turn."""
        for _ in range(count):
            self.du.post(type="say", text=text)
        self.server.settle()
        self.du.events()

    def answers(self) -> list[Answer]:
        """Poll until nothing is left."""
        found = []
        while (answer := self.poller.poll()) is not None:
            self.assertEqual(answer.status, 200)
            found.append(answer)
        return found

    def assert_over(self, poller: Poller) -> None:
        """The session of a poller is no more, and 杜甫 goes on."""
        poller.parked, poller.down = False, self.server.wire()
        self.assertEqual(poller.poll().status, 400)
        self.assert_du_goes_on()


def packets(answer: Answer) -> list[str]:
    """Give the packets of an answer."""
    return answer.body.decode().split(SEPARATOR)


def seqs(heard: list[list[Any]]) -> list[int]:
    """Give the numbers of messages."""
    return [each[2]["seq"] for each in heard if each[0] == "chat message"]


class AnswerTests(PollingCase):
    """What an answer carries."""

    def start(self, **options: object) -> None:
        super().start(rate=0, **options)

    def test_all_of_a_turn(self) -> None:
        self.assertIsNone(self.poller.poll())
        self.say(3)
        self.assertEqual(len(packets(self.poller.poll())), 3)
        self.assertIsNone(self.poller.poll())

    def test_sixteen_packets_and_the_rest_with_the_next_at_once(self) -> None:
        for count, sizes in ((15, [15]), (16, [16]), (17, [16, 1]), (40, [16, 16, 8])):
            self.answers()
            self.say(count)
            answers = [packets(answer) for answer in self.answers()]
            said = [[p for p in each if "chat message" in p] for each in answers]
            self.assertEqual([len(each) for each in said if each], sizes)
            self.assertLessEqual(max(len(each) for each in answers), 16)

    def test_64_kib_and_not_a_byte_more(self) -> None:
        port = EchoPort(self)
        for more in (0, 1):
            poller = Poller(port, path="/engine.io/")
            half = A_WRITE // 2
            poller.post(b"4" + b"a" * (half - 1))
            poller.post(b"4" + b"b" * (half - 2 + more))
            sizes = [len(poller.poll().body)]
            if more:
                sizes.append(len(poller.poll().body))
            self.assertEqual(sizes, [half, half] if more else [A_WRITE])
            self.assertIsNone(poller.poll())

    def test_a_larger_packet_goes_alone(self) -> None:
        self.say(30, "长" * 4000)
        self.answers()
        self.poller.emit("ping")
        self.poller.emit("history", {"room": "lobby"})
        self.poller.emit("ping")
        answers = self.answers()
        [page] = [answer for answer in answers if len(answer.body) > A_WRITE]
        self.assertEqual(len(packets(page)), 1)
        kinds = [packet[4:8] for answer in answers for packet in packets(answer)]
        self.assertEqual([kind for kind in kinds if kind != "pres"], ["pong", "hist", "pong"])

    def test_a_thousand_messages_waited(self) -> None:
        self.say(1000)
        answers = self.answers()
        self.assertLessEqual(max(len(packets(each)) for each in answers), 16)
        self.assertLessEqual(max(len(each.body) for each in answers), A_WRITE)
        self.assertLess(len(answers), 2 * 1000 / 16)
        found = [packet for answer in answers for packet in packets(answer)]
        said = [packet for packet in found if packet.startswith('42["chat message"')]
        self.assertEqual(len(said), 1000)
        self.poller.take = lambda: said  # type: ignore[method-assign]
        self.assertEqual(seqs(self.poller.heard()), list(range(1, 1001)))

    def test_nothing_new_is_no_answer(self) -> None:
        for _ in range(3):
            self.say(100)
            self.answers()
            self.server.clock.pump([0.1] * 50)
            self.assertIsNone(self.poller.poll())

    def test_no_store_and_no_cookie(self) -> None:
        self.say(1)
        for answer in (self.poller.poll(), self.poller.give("6")):
            self.assertEqual(answer.header("cache-control"), "no-store")
            self.assertNotIn("set-cookie", answer.headers)


class NobodyPollsTests(PollingCase):
    """What a session costs that nobody polls."""

    def start(self, **options: object) -> None:
        super().start(rate=0, **options)

    def waiting(self) -> tuple[int, int, int]:
        """What is kept for it: packets, bytes, and what its outbox has queued."""
        session = self.server.server.engine.sessions[self.poller.sid]
        outbox = session.listener._delivery._outbox
        return session.carrier._backlog.packets, session.carrier.unsent, len(outbox._queue)

    def test_a_constant(self) -> None:
        self.say(100)
        held = self.waiting()
        self.say(2000)
        self.assertEqual(self.waiting(), held)
        self.assertLessEqual(held[0], 32)
        self.assertLess(held[1], 2 * A_WRITE)

    def test_a_constant_of_long_messages_too(self) -> None:
        for _ in range(10):
            self.say(10, "长" * 4000)
        held = self.waiting()
        for _ in range(50):
            self.say(10, "长" * 4000)
        self.assertEqual(self.waiting(), held)
        self.assertLess(held[1], 2 * A_WRITE)

    def test_it_is_gone_when_its_time_is_over(self) -> None:
        self.say(5)
        self.wait(44)
        self.assertIn(self.poller.sid, self.server.server.engine.sessions)
        self.wait(1)
        self.assertEqual(self.server.server.engine.sessions, {})
        self.assert_over(self.poller)

    def test_thirty_seconds_full_is_too_far_behind(self) -> None:
        self.say(100)
        self.wait(29)
        self.poller.give("6")
        self.assertFalse(self.server.server.engine.sessions[self.poller.sid].closed)
        self.wait(2)
        self.assertEqual(self.du.events(), [])
        found = self.poller.heard()
        self.assertEqual(found[-1][1]["code"], 4008)
        self.assertEqual(names(found).count("DISCONNECT"), 0)
        self.assert_over(self.poller)


class BringingTests(PollingCase):
    """What a request may bring."""

    def test_a_thousand_packets_and_not_one_more(self) -> None:
        self.assertEqual(self.poller.give(*["6"] * 1000).body, b"ok")
        self.assertEqual(self.poller.give(*["6"] * 1001).status, 400)
        self.assert_over(self.poller)

    def filled(self, size: int) -> bytes:
        packet = b'42["ping",{"' + b"a" * 60_000 + b'":1}]'
        body = SEPARATOR.encode().join([packet] * 16)
        return body + SEPARATOR.encode() + b"6" * (size - len(body) - 1)

    def test_a_million_bytes_and_not_one_more(self) -> None:
        self.assertEqual(self.poller.opened["maxPayload"], 1_000_000)
        self.assertEqual(self.poller.post(self.filled(1_000_000)).body, b"ok")
        self.assertEqual(names(self.poller.heard()).count("pong"), 16)
        head = self.poller.request(b"POST").replace(
            b"\r\n\r\n", b"\r\nContent-Length: 1000001\r\n\r\n"
        )
        self.poller.up.receive(head)
        [answer] = answered(self.poller.up)
        self.assertEqual(answer.status, 413)

    def test_also_in_chunks_whose_sum_nobody_has_said(self) -> None:
        head = self.poller.request(b"POST").replace(
            b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        chunk = b"10000\r\n" + b"6" * 65536 + b"\r\n"
        self.poller.up.receive(head)
        for _ in range(15):
            self.poller.up.receive(chunk)
        self.assertEqual(self.poller.up.taken, b"")
        self.poller.up.receive(chunk)
        [answer] = answered(self.poller.up)
        self.assertEqual(answer.status, 413)
        self.poller.up = self.server.wire()
        self.poller.emit("ping")
        self.assertEqual(names(self.poller.heard()), ["pong"])

    def test_one_message_keeps_the_limit_of_a_frame(self) -> None:
        self.start(max_frame=1000)

        def message(size: int) -> str:
            return '42["ping",{"a":"' + "a" * (size - 19) + '"}]'

        self.assertEqual(len(message(1001)) - 1, 1000)
        self.poller.give(message(1001))
        self.assertEqual(names(self.poller.heard()), ["pong"])
        self.assertEqual(self.poller.give(message(1002)).status, 400)
        self.assert_over(self.poller)

    def test_the_next_waits_until_the_commands_do_not_pile_up(self) -> None:
        pile_up(self.poller)
        self.assertIsNone(self.poller.give(*LARGE))
        self.server.hold_reads = False
        self.server.release()
        [answer] = answered(self.poller.up)
        self.assertEqual(answer.body, b"ok")
        self.assertEqual(names(self.poller.heard())[:94], ["history"] * 70 + ["pong"] * 24)

    def test_what_is_no_message_does_not_wait(self) -> None:
        pile_up(self.poller)
        self.assertEqual(self.poller.give("3", *["6"] * 999).body, b"ok")

    def test_what_is_wrong_with_one_that_waited_is_told_then(self) -> None:
        pile_up(self.poller)
        self.assertIsNone(self.poller.give(*LARGE[:5], "42{}"))
        self.server.hold_reads = False
        self.server.release()
        [answer] = answered(self.poller.up)
        self.assertEqual(answer.status, 400)
        self.assert_over(self.poller)

    def test_one_who_only_brings_is_not_held(self) -> None:
        for _ in range(90):
            self.assertEqual(self.poller.give('42["ping"]').body, b"ok")
        self.assertEqual(names(self.poller.heard()).count("pong"), 90)

    def test_what_ends_the_session_is_no_bad_request(self) -> None:
        """The official client takes 400 for a lost line, and hears no last words after it."""
        self.assertEqual(self.poller.give(*['42["ping"]'] * 300).body, b"ok")
        self.assertEqual(names(self.poller.heard())[-2:], ["closing", "DISCONNECT"])

    def test_what_comes_after_the_end_is_told_so(self) -> None:
        """What was held is not called heard when the session is closed."""
        pile_up(self.poller)
        self.assertIsNone(self.poller.give(*LARGE))
        self.carrier(self.poller).session.close(1001, "")
        self.server.settle()
        self.poller.take()
        [answer] = answered(self.poller.up)
        self.assertEqual(answer.status, 400)

    def test_it_is_heard_for_no_longer_than_a_slice_of_a_turn(self) -> None:
        """Others have their turn in between; the answer comes when all is heard."""
        seconds = self.server.clock.seconds
        spent = iter(range(1000))
        self.server.clock.seconds = lambda: seconds() + next(spent) * 0.004
        self.addCleanup(setattr, self.server.clock, "seconds", seconds)
        pings = SEPARATOR.join(['42["ping"]'] * 20).encode()
        self.poller.up.receive(self.poller.request(b"POST", pings))
        self.assertEqual(self.poller.up.taken, b"")
        self.server.clock.seconds = seconds
        self.server.clock.advance(1)
        self.server.settle()
        self.assertEqual(answered(self.poller.up)[0].body, b"ok")
        self.assertEqual(names(self.poller.heard()).count("pong"), 20)

    def test_one_who_takes_and_brings_by_turns_is_never_stuck(self) -> None:
        """Full of answers as it is, what it brings is answered before it takes them."""
        self.start(rate=0)
        self.assertEqual(self.poller.give(*['42["chat message","a"]'] * 1000).body, b"ok")
        self.server.settle()
        self.assertEqual(self.poller.give("3").body, b"ok")
        self.assertEqual(names(self.poller.heard()).count("chat message"), 1000)

    def test_a_second_one_while_one_waits_ends_the_session(self) -> None:
        pile_up(self.poller)
        self.assertIsNone(self.poller.give(*LARGE))
        other = self.server.request(self.poller.request(b"POST", b"6"))
        self.assertIn(b" 400 ", other.partition(b"\r\n")[0])
        self.assertEqual(answered(self.poller.up)[0].status, 400)
        self.server.hold_reads = False
        self.server.release()
        self.assert_over(self.poller)

    def test_one_that_is_given_up_does_not(self) -> None:
        pile_up(self.poller)
        self.assertIsNone(self.poller.give(*LARGE))
        self.poller.up.lose(ConnectionError())
        self.poller.up = self.server.wire()
        self.server.hold_reads = False
        self.server.release()
        self.poller.emit("ping", ack=1)
        self.assertIn(1, names(self.poller.heard()))

    def test_byte_by_byte(self) -> None:
        for byte in self.poller.request(b"POST", '42["chat message","床前"]'.encode()):
            self.poller.up.receive(bytes([byte]))
        self.server.settle()
        self.assertEqual(answered(self.poller.up)[0].body, b"ok")
        self.assertEqual(self.poller.heard()[0][1], "床前")

    def test_behind_one_another_on_one_connection_they_are_answered_in_order(self) -> None:
        said = '42["chat message","床前"]'.encode()
        requests = [self.poller.request(b"POST", said), self.poller.request()] * 3
        self.say(1)
        self.poller.poll()
        self.poller.down.receive(b"".join(requests))
        self.server.settle()
        answers = answered(self.poller.down)
        self.assertEqual([each.body == b"ok" for each in answers], [True, False] * 3)
        self.assertEqual(
            [packets(each)[0][:16] for each in answers[1::2]], ['42["chat message'] * 3
        )
