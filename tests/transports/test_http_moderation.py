"""Keeping order over plain HTTP: what is ordered holds for requests, held ones too."""

from typing import Any
from urllib.parse import quote

from tests.memory import SECRET
from tests.transports.answers import Answer
from tests.transports.asking import ApiCase, bearer, messages, parsed

ROOM = "三年二班"
ROOMS = f"/api/v1/rooms/{quote(ROOM)}"


class KeepingCase(ApiCase):
    """A room that 李白 has made, and 杜甫."""

    def setUp(self) -> None:
        self.start(rate=0)
        self.libai = self.guest("李白")
        self.say(self.libai["token"], ROOM, "床前明月光")
        self.dufu = self.guest("杜甫")

    def order(self, method: str, path: str, body: Any = None, by: str | None = None) -> Answer:
        proof = bearer(self.libai["token"] if by is None else by)
        return self.ask(f"{ROOMS}/{path}", proof, method=method, body=body)

    def why(self, answer: Answer) -> str:
        why: str = self.assert_refused(answer, 403, "forbidden")["why"]
        return why


class BanTests(KeepingCase):
    def test_a_request_that_is_held_is_answered_at_once(self) -> None:
        proof = bearer(self.dufu["token"])
        epoch = self.server.server.database.epoch
        for path in (
            messages(ROOM, "after=1&wait=60"),
            f"{ROOMS}/events?since=3&epoch={epoch}&wait=60",
        ):
            held, others = self.hold(path, proof), self.hold(path)
            self.order("PUT", f"bans/{self.dufu['user']}", {"seconds": 60})
            self.assertEqual(self.why(self.answered(held, path)), "banned")
            self.assertFalse(others.lost)
            self.order("DELETE", f"bans/{self.dufu['user']}")

    def test_and_none_is_let_in_after_it(self) -> None:
        self.order("PUT", f"bans/{self.dufu['user']}", {})
        proof = bearer(self.dufu["token"])
        for path in (messages(ROOM), f"{ROOMS}/events", f"{ROOMS}/membership"):
            self.assertEqual(self.why(self.ask(path, proof)), "banned")
        self.assertEqual(self.why(self.say(self.dufu["token"], ROOM, "x")), "banned")

    def test_from_the_whole_server(self) -> None:
        self.ask(
            "/api/v1/owner", bearer(self.libai["token"]), method="POST", body={"secret": SECRET}
        )
        path = messages("别处", "after=0&wait=60")
        held = self.hold(path, bearer(self.dufu["token"]))
        self.ask(
            f"/api/v1/bans/{self.dufu['user']}",
            bearer(self.libai["token"]),
            method="PUT",
            body={"room": ROOM},
        )
        self.assertEqual(self.why(self.answered(held, path)), "banned")
        self.assertEqual(self.why(self.say(self.dufu["token"], "别处", "x")), "banned")

    def test_who_polls_is_kept_out_by_its_network(self) -> None:
        self.server.address = "203.0.113.9"
        troll = self.guest("坏人")
        self.say(troll["token"], ROOM, "哈哈")
        self.order("PUT", f"bans/{troll['user']}", {"network": True})
        self.assertEqual(self.why(self.say(self.guest("坏人")["token"], ROOM, "x")), "network")
        # Without a token as well.
        self.assertEqual(self.why(self.ask(messages(ROOM))), "network")
        self.server.address = "192.0.2.7"
        self.assertEqual(self.say(self.dufu["token"], ROOM, "x").status, 201)


class MuteTests(KeepingCase):
    def test_until_it_is_over(self) -> None:
        event = parsed(self.order("PUT", f"mutes/{self.dufu['user']}", {"seconds": 60}))
        self.assertEqual((event["type"], event["act"]), ("moderated", "mute"))
        self.assertEqual(self.why(self.say(self.dufu["token"], ROOM, "x")), "muted")
        membership = self.order("GET", "membership", by=self.dufu["token"])
        self.assertEqual(parsed(membership)["muted"], self.server.now + 60_000)
        self.server.now += 60_000
        self.assertEqual(self.say(self.dufu["token"], ROOM, "x").status, 201)


class ClosedTests(KeepingCase):
    def test_a_password(self) -> None:
        self.order("PATCH", "rules", {"password": "芝麻"})
        proof = bearer(self.dufu["token"])
        self.assertEqual(self.why(self.ask(messages(ROOM), proof)), "password")
        self.assertEqual(self.why(self.ask(messages(ROOM))), "password")
        wrong = self.order("PUT", "membership", {"password": "不对"}, by=self.dufu["token"])
        self.assertEqual(self.why(wrong), "password")
        right = self.order("PUT", "membership", {"password": "芝麻"}, by=self.dufu["token"])
        self.assertEqual(right.status, 204)
        self.assertEqual(len(self.get(messages(ROOM), proof)["messages"]), 1)
        membership = parsed(self.order("GET", "membership", by=self.dufu["token"]))
        self.assertEqual(membership, {"role": "member", "rules": {"password": True}})

    def test_who_waits_goes_on_when_it_is_locked_if_it_is_known(self) -> None:
        self.say(self.dufu["token"], ROOM, "我在")
        self.order("PATCH", "rules", {"locked": True})
        self.assertEqual(len(self.get(messages(ROOM), bearer(self.dufu["token"]))["messages"]), 2)
        self.assertEqual(
            self.why(self.ask(messages(ROOM), bearer(self.guest()["token"]))), "locked"
        )


class RetentionTests(KeepingCase):
    def test_what_would_go_and_that_it_is_ruled_so(self) -> None:
        for number in range(3):
            self.say(self.dufu["token"], ROOM, str(number))
        told = parsed(self.order("GET", "retention?keep_messages=1"))
        self.assertEqual((told["keep_messages"], told["messages"]), (1, told["up_to"] and 3))
        ruled = parsed(self.order("PATCH", "rules", {"keep_messages": 1, "keep_days": 7}))
        self.assertEqual(ruled["rules"], {"keep_days": 7, "keep_messages": 1})
        told = parsed(self.order("GET", "retention"))
        self.assertEqual((told["keep_days"], told["keep_messages"]), (7, 1))

    def test_what_is_out_of_range(self) -> None:
        for query in ("keep_days=36501", "keep_messages=x", "keep_days=-1", "keep_days="):
            self.assertEqual(self.order("GET", f"retention?{query}").status, 400, query)
        for body in ({"keep_days": 36501}, {"keep_messages": 10_000_001}):
            self.assertEqual(self.order("PATCH", "rules", body).status, 400, body)

    def test_only_for_owners(self) -> None:
        answer = self.order("GET", "retention", by=self.dufu["token"])
        self.assertEqual((answer.status, self.why(answer)), (403, "role"))
        self.assertEqual(self.ask(f"/api/v1/rooms/{quote(ROOM)}/retention").status, 401)


class TellingTests(KeepingCase):
    def test_what_was_done(self) -> None:
        self.order("PUT", f"mutes/{self.dufu['user']}", {"seconds": 60, "reason": "吵"})
        self.order("PATCH", "rules", {"slow": 10})
        self.order("DELETE", f"members/{self.dufu['user']}?reason={quote('还吵')}")
        audit = parsed(self.order("GET", "audit?limit=2"))
        self.assertEqual([deed["act"] for deed in audit["deeds"]], ["kick", "rule"])
        self.assertEqual(audit["deeds"][0]["reason"], "还吵")
        self.assertTrue(audit["more"])
        rest = parsed(self.order("GET", f"audit?before={audit['deeds'][-1]['n']}"))
        self.assertEqual([deed["act"] for deed in rest["deeds"]], ["mute"])
        self.assertFalse(rest["more"])

    def test_a_room_that_is_not_there_looks_as_one_that_is(self) -> None:
        """A stranger learns from no refusal whether there is a room, a user or a message."""
        refusals = set()
        for room in (ROOM, "没有的"):
            for user in (self.libai["user"], "nobody"):
                for method, path in (
                    ("PUT", f"mutes/{user}"),
                    ("DELETE", f"members/{user}"),
                    ("GET", "audit"),
                    ("GET", "messages/1/versions"),
                ):
                    answer = self.ask(
                        f"/api/v1/rooms/{quote(room)}/{path}",
                        bearer(self.dufu["token"]),
                        method=method,
                        body={"seconds": 9} if method == "PUT" else None,
                    )
                    refusals.add((method, path.partition("/")[0], answer.status, answer.body))
        self.assertEqual(len(refusals), 4, refusals)
