"""The chat over plain HTTP: guests, reading, and posting."""

import json
from typing import Any
from urllib.parse import quote

from twisted.logger import capturedLogs

from chatroom.storage.schema import StorageError
from tests.memory import Peer
from tests.transports.answers import read, request
from tests.transports.asking import ApiCase, bearer, messages, parsed

GUESTS, ROOMS = "/api/v1/guests", "/api/v1/rooms"
EVIL = b"Origin: https://evil.example"
LIBAI = "AAAAAAAAAAAAAAAA"


class GuestTests(ApiCase):
    def enter(self, *lines: bytes, **fields: Any) -> dict[str, str]:
        answer = self.ask(GUESTS, *lines, method="POST", body=fields)
        self.assertEqual(answer.status, 201, answer.body)
        found: dict[str, str] = parsed(answer)
        return found

    def test_a_new_guest_and_the_token_that_proves_it(self) -> None:
        guest = self.enter(nick="李白")
        self.assertEqual(guest["nick"], "李白")
        self.assertEqual(guest["token"], self.server.tokens_of(guest["user"]))
        self.assertNotEqual(self.enter()["user"], guest["user"])

    def test_without_a_nick_and_without_a_body_it_is_a_guest(self) -> None:
        for body in (None, b"", {}, {"nick": None}, {"colour": "red"}):
            answer = self.ask(GUESTS, method="POST", body=body)
            self.assertRegex(parsed(answer)["nick"], r"\Aguest-\d{4}\Z")

    def test_a_nick_is_as_everywhere(self) -> None:
        self.assertEqual(self.enter(nick="  李  白 ")["nick"], "李 白")
        for nick, status, code in (
            ("a" * 33, 413, "too_long"),
            ("", 400, "bad_field"),
            ("a\n", 400, "bad_field"),
            (1, 400, "bad_field"),
        ):
            answer = self.ask(GUESTS, method="POST", body={"nick": nick})
            self.assert_refused(answer, status, code)
        self.assertEqual(self.enter(nick="a" * 32)["nick"], "a" * 32)

    def test_a_taken_nick_becomes_the_next_free_form(self) -> None:
        self.server.enter("lobby", "李白")
        self.assertEqual(self.enter(nick="李白")["nick"], "李白-2")
        self.assertEqual(self.enter(nick="李白")["nick"], "李白-3")
        self.assertEqual(self.server.enter("lobby", "李白").welcome["nick"], "李白-4")

    def test_who_has_a_token_stays_who_it_is(self) -> None:
        guest = self.enter(nick="李白")
        for proof in (bearer(guest["token"]), b"Cookie: chatroom=" + guest["token"].encode()):
            self.assertEqual(self.enter(proof), guest)
        self.assertEqual(self.enter(bearer(guest["token"]), nick="太白"), guest | {"nick": "太白"})
        self.assertEqual(self.enter(nick="李白")["nick"], "李白")

    def test_the_rooms_that_one_is_in_hear_of_another_nick(self) -> None:
        libai, dufu = self.server.enter("大厅", "李白"), self.server.enter("大厅", "杜甫")
        libai.events()
        self.enter(bearer(libai.welcome["token"]), nick="太白")
        for peer in (libai, dufu):
            [renamed] = peer.events()
            self.assertEqual((renamed["type"], renamed["nick"]), ("renamed", "太白"))

    def test_a_token_that_does_not_verify_makes_a_new_guest(self) -> None:
        guest = self.enter(bearer(f"{LIBAI}.{'A' * 43}"), nick="李白")
        self.assertNotEqual(guest["user"], LIBAI)

    def test_a_nick_is_kept_for_a_minute_and_remembered(self) -> None:
        proof = bearer(self.enter(nick="李白")["token"])
        self.server.clock.advance(59)
        self.assertEqual(self.enter(nick="李白")["nick"], "李白-2")
        self.server.clock.advance(1)
        peer = self.server.enter("lobby", "李白")
        self.assertEqual(peer.welcome["nick"], "李白")
        peer.cut()
        self.assertEqual(self.enter(proof)["nick"], "李白")

    def test_every_request_that_shows_the_token_keeps_the_nick(self) -> None:
        guest = self.enter(nick="李白")
        for _ in range(4):
            self.server.clock.advance(59)
            self.get(ROOMS, bearer(guest["token"]))
        self.assertEqual(self.enter(nick="李白")["nick"], "李白-2")

    def test_an_address_makes_at_most_100_guests_in_10_s(self) -> None:
        for _ in range(100):
            token = self.enter()["token"]
        for _ in range(150):
            answer = self.ask(GUESTS, method="POST")
            self.assert_refused(answer, 429, "too_fast")
        self.assertEqual(answer.header("retry-after"), "10")
        self.enter(bearer(token))
        self.server.address = "192.0.2.8"
        self.enter()
        self.server.address = "192.0.2.7"
        self.server.clock.advance(10)
        self.enter()

    def test_without_a_rate_as_many_as_one_likes(self) -> None:
        self.start(rate=0)
        token = self.enter()["token"]
        for _ in range(101):
            self.enter()
            self.get(ROOMS, bearer(token))


class RoomListTests(ApiCase):
    def rooms(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get(ROOMS)["rooms"]
        return found

    def test_the_last_active_first_and_those_without_a_message_last(self) -> None:
        self.assertEqual(self.rooms(), [])
        token = self.guest()["token"]
        for room in ("一", "二", "一", "三"):
            self.server.now += 1
            self.say(token, room, "a")
        self.server.enter("二", "李白")
        self.server.enter("新", "杜甫")
        now = self.server.now
        self.assertEqual(
            self.rooms(),
            [
                {"name": "三", "topic": "", "count": 0, "seq": 1, "at": now},
                {"name": "一", "topic": "", "count": 0, "seq": 2, "at": now - 1},
                {"name": "二", "topic": "", "count": 1, "seq": 1, "at": now - 2},
                {"name": "新", "topic": "", "count": 1, "seq": 0, "at": None},
            ],
        )

    def test_there_are_at_most_200(self) -> None:
        self.start(rate=0)
        token = self.guest()["token"]
        for number in range(200):
            self.server.now += 1
            self.say(token, f"r{number}", "a")
        self.assertEqual(len(self.rooms()), 200)
        self.say(token, "新", "a")
        self.server.enter("静", "李白")
        names = {room["name"] for room in self.rooms()}
        self.assertEqual((len(names), "新" in names, "静" in names), (200, True, False))


class ReadingTests(ApiCase):
    def setUp(self) -> None:
        super().setUp()
        self.token = self.guest("李白")["token"]
        for number in range(1, 6):
            self.say(self.token, "大厅", f"第{number}句")

    def page(self, query: str = "") -> dict[str, Any]:
        found: dict[str, Any] = self.get(messages("大厅", query))
        return found

    def test_it_is_the_event_that_history_answers(self) -> None:
        peer = self.server.connect()
        peer.events()
        for query, asked in (
            ("", {}),
            ("before=3", {"before": 3}),
            ("after=3&limit=1", {"after": 3, "limit": 1}),
            ("before=1", {"before": 1}),
            ("around=3&limit=2", {"around": 3, "limit": 2}),
            (f"at={self.server.now}&limit=2", {"at": self.server.now, "limit": 2}),
            (f"at={self.server.now + 1}", {"at": self.server.now + 1}),
            ("wait=0&after=5", {"after": 5}),
            ("colour=red", {}),
        ):
            peer.send(type="history", room="大厅", **asked)
            self.assertEqual([self.page(query)], peer.events(), query)
        self.assertEqual([each["seq"] for each in self.page("before=3")["messages"]], [1, 2])

    def test_head_has_no_body(self) -> None:
        whole = self.ask(messages("大厅")).header("content-length")
        answer = self.ask(messages("大厅"), method="HEAD")
        self.assertEqual((answer.status, answer.header("content-length")), (200, whole))

    def test_what_is_out_of_range(self) -> None:
        for query in (
            "before=1&after=1",
            "around=1&after=1",
            "around=1&at=1",
            "around=x",
            "around=-1",
            f"at={2**53}",
            "at=2026-11-01",
            "around=1&wait=1",
            "after=1&around=1&wait=1",
            "limit=0",
            "limit=201",
            "limit=x",
            "limit=",
            "limit=1.5",
            "before=-1",
            f"after={2**53}",
            f"after={'9' * 20}",
            "after=%EF%BC%91",
            "wait=1",
            "wait=0",
            "after=1&wait=61",
            "after=1&wait=-1",
            "after=1&wait=x",
            "after=1&wait=1.5",
            "after=1&before=1&wait=1",
            "after=x&wait=1",
            "after=%ff",
            "before=%ED%A0%80",
            "limit=1%ff",
            "after=%ff&wait=1",
        ):
            self.assert_refused(self.ask(messages("大厅", query)), 400, "bad_field")
        self.assertEqual(self.page("limit=200")["newest"], 5)
        self.assertEqual(self.page(f"after={2**53 - 1}")["messages"], [])

    def test_a_name_that_no_room_has(self) -> None:
        for room, status, code in (
            ("nobody", 404, "no_such_room"),
            ("a/b", 400, "bad_field"),
            ("..", 400, "bad_field"),
            ("@1", 400, "bad_field"),
            ("\0", 400, "bad_field"),
            ("a" * 65, 413, "too_long"),
        ):
            self.assert_refused(self.ask(messages(room)), status, code)
        self.assert_refused(self.ask("/api/v1/rooms/%FF/messages"), 400, "bad_field")

    def test_a_room_with_somebody_in_it_and_no_message_is_there(self) -> None:
        self.server.enter("新", "杜甫")
        self.assertEqual(self.get(messages("新"))["messages"], [])

    def test_a_user_may_ask_100_times_in_10_s(self) -> None:
        path, proof = messages("大厅"), bearer(self.guest()["token"])
        for _ in range(100):
            self.get(path, proof)
        for _ in range(150):
            answer = self.ask(path, proof)
            self.assert_refused(answer, 429, "too_fast")
        self.assertEqual(answer.header("retry-after"), "10")
        self.get(path)
        self.server.clock.advance(10)
        self.get(path, proof)

    def test_storage_is_away(self) -> None:
        def away(job: object) -> None:
            raise StorageError("The disk is gone.")

        log = self.server.server.database.log
        self.patch(log, "_run", away)
        with capturedLogs():
            answer = self.ask(messages("大厅"))
        self.assert_refused(answer, 503, "unavailable")
        self.assertEqual(answer.header("retry-after"), "1")


class PostingTests(ApiCase):
    def setUp(self) -> None:
        super().setUp()
        self.guest_ = self.guest("李白")
        self.token = self.guest_["token"]

    def texts(self, room: str = "大厅") -> list[str]:
        return [each["text"] for each in self.get(messages(room))["messages"]]

    def test_it_is_stored_and_the_room_hears_it(self) -> None:
        dufu = self.server.enter("大厅", "杜甫")
        answer = self.say(self.token, "大厅", "床前明月光", id="m1")
        self.assertEqual(answer.status, 201)
        said = {
            "type": "said",
            "room": "大厅",
            "seq": 1,
            "id": "m1",
            "user": self.guest_["user"],
            "nick": "李白",
            "text": "床前明月光",
            "at": self.server.now,
        }
        self.assertEqual(parsed(answer), said)
        self.assertEqual(dufu.events(), [said])

    def test_it_makes_nobody_present(self) -> None:
        self.say(self.token, "大厅", "a")
        self.assertEqual(self.server.enter("大厅", "杜甫").joined["count"], 1)

    def test_the_same_id_again_is_the_same_message(self) -> None:
        first = parsed(self.say(self.token, "大厅", "a", id="m1"))
        answer = self.say(self.token, "大厅", "b", id="m1")
        self.assertEqual(answer.status, 200)
        self.assertEqual(parsed(answer), first)
        self.assertEqual(self.say(self.token, "二", "b", id="m1").status, 201)
        self.assertEqual(self.texts(), ["a"])

    def test_a_reply(self) -> None:
        self.say(self.token, "大厅", "a")
        self.assertEqual(parsed(self.say(self.token, "大厅", "b", reply_to=1))["reply_to"], 1)
        answer = self.say(self.token, "大厅", "b", reply_to=9, id="m1")
        self.assertEqual(self.assert_refused(answer, 404, "no_such_message")["id"], "m1")

    def test_without_a_valid_token_it_is_401(self) -> None:
        wrong = f"{LIBAI}.{'A' * 43}"
        for lines in ((), (bearer(wrong),), (b"Cookie: chatroom=x",), (b"Authorization: Basic a",)):
            answer = self.ask(messages("大厅"), *lines, method="POST", body={"text": "a"})
            self.assert_refused(answer, 401, "forbidden")
            self.assertEqual(answer.header("www-authenticate"), "Bearer")
        self.assert_refused(self.ask(messages("大厅")), 404, "no_such_room")

    def test_the_page_s_cookie_is_a_token_too(self) -> None:
        cookie = b"Cookie: chatroom=" + self.token.encode()
        answer = self.ask(messages("大厅"), cookie, method="POST", body={"text": "a"})
        self.assertEqual(parsed(answer)["user"], self.guest_["user"])

    def test_a_foreign_page_cannot_use_the_cookie(self) -> None:
        """Cross-site request forgery: neither read nor written."""
        cookie = b"Cookie: chatroom=" + self.token.encode()
        for method in ("GET", "POST"):
            answer = self.ask(messages("大厅"), cookie, EVIL, method=method, body={"text": "a"})
            self.assert_refused(answer, 403, "forbidden")
        self.assert_refused(self.ask(messages("大厅")), 404, "no_such_room")

    def test_a_text_is_as_everywhere(self) -> None:
        self.start(max_text=10)
        token = self.guest()["token"]
        self.assertEqual(self.say(token, "大厅", "月" * 10).status, 201)
        for text, status, code in (
            ("月" * 11, 413, "too_long"),
            ("", 400, "bad_field"),
            (" \n", 400, "bad_field"),
        ):
            error = self.assert_refused(self.say(token, "大厅", text, id="m1"), status, code)
            self.assertEqual(error["id"], "m1")

    def test_the_room_is_that_of_the_path(self) -> None:
        body = {"text": "a", "room": "二", "type": "nick", "ref": "r", "colour": "red"}
        answer = self.ask(messages("大厅"), bearer(self.token), method="POST", body=body)
        self.assertEqual(parsed(answer)["room"], "大厅")
        for room, status in (("a/b", 400), ("a" * 65, 413)):
            self.assertEqual(self.say(self.token, room, "a").status, status)

    def test_a_body_is_one_strict_json_object(self) -> None:
        for body, code in (
            (b"", "bad_field"),
            (b"text=a", "bad_json"),
            (b"[]", "bad_json"),
            (b'{"text":"a"', "bad_json"),
            (b'{"text":"\xff"}', "bad_json"),
            (b'\xef\xbb\xbf{"text":"a"}', "bad_json"),
            (b'{"text":"a","x":NaN}', "bad_json"),
            (b'{"text":"\\ud800"}', "bad_json"),
            (b'{"text":"a","x":"\\u0000"}', "bad_json"),
            (b'{"text":"a","x":' + b"[" * 8 + b"]" * 8 + b"}", "bad_json"),
            (b'{"text":1}', "bad_field"),
            (b'{"text":"a","id":""}', "bad_field"),
            (b'{"text":"a","reply_to":-1}', "bad_field"),
            (b'{"text":"a","ref":1}', "bad_field"),
        ):
            answer = self.ask(messages("大厅"), bearer(self.token), method="POST", body=body)
            self.assert_refused(answer, 400, code)
        whole = b'{"text":"a","x":' + b"[" * 7 + b"]" * 7 + b"}"
        answer = self.ask(messages("大厅"), bearer(self.token), method="POST", body=whole)
        self.assertEqual(answer.status, 201)
        self.assertEqual(self.texts(), ["a"])

    def padded(self, size: int) -> bytes:
        return b'{"text":"a"' + b" " * (size - 12) + b"}"

    def test_a_body_is_as_large_as_a_frame_may_be(self) -> None:
        for limit in (100, 65536, 100_000):
            self.start(max_frame=limit)
            proof = bearer(self.guest()["token"])
            for size, status in ((limit, 201), (limit + 1, 413)):
                body = self.padded(size)
                answer = self.ask(messages("大厅"), proof, method="POST", body=body)
                self.assertEqual(answer.status, status, size)
            self.assert_refused(answer, 413, "too_long")

    def test_a_body_cut_off_in_the_middle_is_nothing_and_the_retry_is_one_message(self) -> None:
        body = b'{"text":"a","id":"m1"}'
        whole = self.written(messages("大厅"), bearer(self.token), method="POST", body=body)
        for cut in (len(whole) - 1, len(whole) - len(body), len(whole) - 10):
            wire = self.server.wire()
            wire.receive(whole[:cut])
            wire.lose(ConnectionError())
            self.server.settle()
            self.assert_refused(self.ask(messages("大厅")), 404, "no_such_room")
        for status in (201, 200):
            [answer] = read(self.server.request(whole))
            self.assertEqual(answer.status, status)
        self.assertEqual(self.texts(), ["a"])

    def test_whose_client_is_gone_while_it_is_stored_is_stored(self) -> None:
        wire = self.server.wire()
        body = {"text": "a", "id": "m1"}
        wire.receive(self.written(messages("大厅"), bearer(self.token), method="POST", body=body))
        wire.lose(ConnectionError())
        self.server.settle()
        self.assertEqual(self.say(self.token, "大厅", "a", id="m1").status, 200)

    def test_what_comes_too_large_behind_a_request_is_refused_after_its_answer(self) -> None:
        wire = self.server.wire()
        held = request(messages("大厅", "after=0&wait=9"))
        wire.receive(held + request(GUESTS, b"Content-Length: 99999", method=b"POST"))
        self.server.clock.advance(9)
        self.server.settle()
        self.assertEqual([answer.status for answer in read(wire.taken)], [200, 413])
        self.assertTrue(wire.lost)

    def test_two_bodies_in_one_request_are_two_requests(self) -> None:
        one = self.written(messages("大厅"), bearer(self.token), method="POST", body={"text": "a"})
        answers = read(self.server.request(one * 2))
        self.assertEqual([answer.status for answer in answers], [201, 201])
        self.assertEqual([parsed(answer)["seq"] for answer in answers], [1, 2])


class RateTests(ApiCase):
    """The bucket of a user, over whichever way its messages come."""

    def setUp(self) -> None:
        self.start(rate=4)
        self.token = self.guest("李白")["token"]

    def peer(self) -> Peer:
        peer = self.server.connect(headers={"Authorization": f"Bearer {self.token}"}, room="大厅")
        peer.events()
        return peer

    def test_it_is_shared_with_the_user_s_connections(self) -> None:
        peer = self.peer()
        for _ in range(2):
            peer.say("a")
            self.assertEqual(self.say(self.token, "大厅", "a").status, 201)
        answer = self.say(self.token, "大厅", "a", id="m1")
        error = self.assert_refused(answer, 429, "too_fast")
        self.assertEqual((error["retry_after"], error["id"]), (2.5, "m1"))
        self.assertEqual(answer.header("retry-after"), "3")
        peer.events()
        peer.say("a")
        self.assertEqual(peer.events()[0]["code"], "too_fast")
        self.server.clock.advance(2.5)
        self.assertEqual(self.say(self.token, "大厅", "a").status, 201)

    def test_a_repetition_costs_nothing_even_with_no_token_left(self) -> None:
        for _ in range(3):
            self.assertIn(self.say(self.token, "大厅", "a", id="m1").status, (200, 201))
        for number in range(3):
            self.assertEqual(self.say(self.token, "大厅", "a", id=f"n{number}").status, 201)
        self.assertEqual(self.say(self.token, "大厅", "a", id="m1").status, 200)
        self.assertEqual(self.say(self.token, "大厅", "a", id="m2").status, 429)

    def test_what_is_refused_costs_nothing(self) -> None:
        for _ in range(9):
            self.assertEqual(self.say(self.token, "大厅", "").status, 400)
            self.assertEqual(self.say(self.token, "大厅", "a", reply_to=9).status, 404)
        self.assertEqual(self.say(self.token, "大厅", "a").status, 201)


class NickTests(ApiCase):
    """Under which nick a message is stored."""

    def said_by(self, token: str) -> str:
        nick: str = parsed(self.say(token, "大厅", "a"))["nick"]
        return nick

    def test_that_of_the_user_s_connection(self) -> None:
        peer = self.server.enter("大厅", "李白")
        self.assertEqual(self.said_by(peer.welcome["token"]), "李白")

    def test_long_afterwards_that_of_before(self) -> None:
        token = self.guest("李白")["token"]
        for _ in range(3):
            self.assertEqual(self.said_by(token), "李白")
            self.server.clock.advance(300)

    def test_after_a_restart_that_of_the_last_message(self) -> None:
        token = self.guest("李白")["token"]
        self.said_by(token)
        self.server.close()
        self.start(data=self.server.settings.data)
        self.assertEqual(self.said_by(token), "李白")

    def test_somebody_else_s_by_now_becomes_the_next_free_form(self) -> None:
        token = self.guest("李白")["token"]
        self.server.clock.advance(60)
        self.server.enter("大厅", "李白")
        self.assertEqual(self.said_by(token), "李白-2")

    def test_who_never_had_one_is_a_guest(self) -> None:
        self.assertRegex(self.said_by(self.server.tokens_of(LIBAI)), r"\Aguest-\d{4}\Z")


class UnavailableTests(ApiCase):
    def test_the_answer_and_the_token_come_back(self) -> None:
        self.start(rate=1)
        token = self.guest()["token"]
        journal = self.server.server.database.journal

        def away(job: object) -> None:
            raise StorageError("The disk is gone.")

        run, journal._run = journal._run, away
        with capturedLogs():
            for _ in range(3):
                answer = self.say(token, "大厅", "a", id="m1")
                self.assertEqual(self.assert_refused(answer, 503, "unavailable")["id"], "m1")
                self.assertEqual(answer.header("retry-after"), "1")
            journal._run = run
            self.assertEqual(self.say(token, "大厅", "a", id="m1").status, 201)


class OwnErrorTests(ApiCase):
    def test_it_is_in_the_log_and_tells_nothing(self) -> None:
        def fails(*arguments: object, **named: object) -> None:
            raise ZeroDivisionError("secret")

        self.patch(self.server.server._api._messages._rooms, "page", fails)
        data = self.server.request(request(messages("大厅")))
        [answer] = read(data)
        self.assertEqual(answer.status, 500)
        self.assertEqual(json.loads(answer.body)["code"], "unavailable")
        self.assertNotIn(b"secret", data)
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 1)


class LogTests(ApiCase):
    def test_messages_are_logged_when_the_operator_says_so_and_tokens_never(self) -> None:
        self.start(log_messages=True)
        token = self.guest("李白")["token"]
        with capturedLogs() as logged:
            for _ in range(2):
                self.say(token, "大厅", "床前\n明月光", id="m1")
        [line] = [entry for entry in logged if "text" in entry]
        self.assertEqual(
            (line["nick"], line["room"], line["text"]), ("李白", "大厅", "床前\n明月光")
        )
        self.assertNotIn(token, str(logged))


class NothingTests(ApiCase):
    def test_every_other_path_is_404_in_json_whatever_the_method(self) -> None:
        for path in (
            "/api",
            "/api/",
            "/api/v1",
            "/api/v1/",
            "/api/v2/rooms",
            "/api/v1/search/a",
            "/api/v1/guests/",
            "/api/v1/rooms/",
            "/api/v1/rooms/a/",
            "/api/v1/rooms/a/messages/1/x",
            "/api/x/v1/guests",
        ):
            for method in ("GET", "POST", "PUT", "DELETE"):
                answer = self.ask(path, method=method)
                self.assert_refused(answer, 404, "unknown_type")
                self.assertEqual(answer.header("content-type"), "application/json")

    def test_another_method_is_405(self) -> None:
        for path, allowed in (
            (GUESTS, "POST, OPTIONS"),
            (ROOMS, "GET, POST, HEAD, OPTIONS"),
            (messages("a"), "GET, POST, HEAD, OPTIONS"),
        ):
            for method in ("PUT", "DELETE", "PATCH", "TRACE"):
                answer = self.ask(path, method=method)
                self.assert_refused(answer, 405, "unknown_type")
                self.assertEqual(answer.header("allow"), allowed)
        self.assertEqual(self.ask(GUESTS).status, 405)
        self.assertEqual(self.ask(GUESTS, method="HEAD").status, 405)

    def test_control_characters_and_foreign_pages_are_refused_everywhere(self) -> None:
        for path in (GUESTS, ROOMS, messages("a"), "/api", "/api/v1/openapi.json"):
            for method in ("GET", "POST", "PUT"):
                self.assertEqual(self.ask(path, b"X: a\x0bb", method=method).status, 400)
                self.assertEqual(self.ask(path, EVIL, method=method).status, 403)


class ChangeTests(ApiCase):
    """What becomes of messages by requests, as those on a WebSocket hear of it."""

    def test_all_in_the_room_hear_of_it(self) -> None:
        peer = self.server.enter("大厅", "杜甫")
        token = self.guest("李白")["token"]
        self.say(token, "大厅", "床前明月光")
        message = messages("大厅") + "/1"
        thumb = message + "/reactions/" + quote("👍")
        told = [
            parsed(self.ask(path, bearer(token), method=method, body=body))
            for path, method, body in (
                (message, "PATCH", {"text": "疑是地上霜"}),
                (thumb, "PUT", None),
                (thumb, "DELETE", None),
                (message, "DELETE", None),
            )
        ]
        self.assertEqual(peer.events()[-4:], told)
        kinds = ["edited", "reacted", "unreacted", "deleted"]
        self.assertEqual([event["type"] for event in told], kinds)

    def test_ones_connections_hear_up_to_where_one_has_read(self) -> None:
        peer = self.server.enter("大厅", "李白")
        peer.say("床前明月光")
        peer.events()
        proof = bearer(peer.welcome["token"])
        path = "/api/v1/rooms/" + quote("大厅") + "/read"
        for _ in range(2):
            answer = self.ask(path, proof, method="PUT", body={"seq": 1})
            self.assertEqual((answer.status, answer.body), (204, b""))
        self.assertEqual(peer.events(), [{"type": "read", "room": "大厅", "up_to": 1}])
        rooms = self.get("/api/v1/unread", proof)["rooms"]
        self.assertEqual(rooms, [{"room": "大厅", "read": 1, "unread": 0, "mentions": 0}])
