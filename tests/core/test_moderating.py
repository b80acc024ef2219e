"""Keeping order: what is ordered holds at once, for whom it is meant and for nobody else."""

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from chatroom.core import passwords
from tests.memory import MemoryServer, Peer

ROOM = "三年二班"
NETWORK = "203.0.113.9"


class KeepingCase(SynchronousTestCase):
    """A room that 李白 has made, with 杜甫 and 王维 in it."""

    options: dict[str, Any] = {"rate": 0}

    def setUp(self) -> None:
        # Nobody is to guess these.
        self.patch(passwords, "COST", {"n": 2, "r": 1, "p": 1})
        self.server = MemoryServer(self, **self.options)
        self.libai = self.server.enter(ROOM, "李白")
        self.dufu = self.server.enter(ROOM, "杜甫")
        self.wangwei = self.server.enter(ROOM, "王维")
        self.peers = [self.libai, self.dufu, self.wangwei]
        self.hush()

    def hush(self) -> None:
        for peer in self.peers:
            peer.events()

    def ask(self, peer: Peer, type: str, **fields: Any) -> dict[str, Any]:
        """Send a command in the room; give the answer to it."""
        peer.send(type=type, ref="r", **{"room": ROOM} | fields)
        return next(event for event in peer.events() if event.get("ref") == "r")

    def order(self, type: str, whom: Peer | None = None, by: Peer | None = None, **f: Any) -> None:
        """Order something, as the room's owner unless told otherwise."""
        fields = {} if whom is None else {"user": self.user_of(whom)}
        self.hush()
        answer = self.ask(by or self.libai, type, **fields, **f)
        self.assertEqual(answer["type"], "done", answer)

    def user_of(self, peer: Peer) -> str:
        user: str = peer.welcome["user"]
        return user

    def refusal(self, peer: Peer, type: str, **fields: Any) -> tuple[str, str | None]:
        self.hush()
        answer = self.ask(peer, type, **fields)
        self.assertEqual(answer["type"], "error", answer)
        self.others_hear_nothing(peer)
        return answer["code"], answer.get("why")

    def others_hear_nothing(self, but: Peer) -> None:
        for peer in self.peers:
            if peer is not but:
                self.assertEqual(peer.events(), [])

    def types(self, peer: Peer) -> list[str]:
        return [event["type"] for event in peer.events()]

    def moderation(self) -> dict[str, Any]:
        return self.ask(self.libai, "moderation")

    def deeds(self) -> list[dict[str, Any]]:
        deeds: list[dict[str, Any]] = self.ask(self.libai, "audit")["deeds"]
        return deeds


class OwnerTests(KeepingCase):
    def test_who_makes_a_room_owns_it(self) -> None:
        self.assertEqual(self.libai.joined["role"], "owner")
        self.assertNotIn("role", self.dufu.joined)

    def test_and_still_does_when_somebody_else_spoke_first(self) -> None:
        self.dufu.say("我先说")
        self.order("mute", self.dufu, seconds=60)
        self.assertEqual(
            [(each["nick"], each["role"]) for each in self.moderation()["roles"]],
            [("李白", "owner")],
        )

    def test_and_when_all_had_left(self) -> None:
        self.dufu.say("我先说")
        for peer in self.peers:
            peer.cut()
        again = self.server.enter_as(self.libai, ROOM)
        self.assertEqual(again.joined["role"], "owner")
        self.assertNotIn("role", self.server.enter_as(self.dufu, ROOM).joined)

    def test_a_room_in_which_nothing_was_said_is_nobodys_when_all_have_left(self) -> None:
        for peer in self.peers:
            peer.cut()
        self.assertEqual(self.server.enter_as(self.dufu, ROOM).joined["role"], "owner")

    def test_who_makes_it_by_a_rule(self) -> None:
        self.order("rule", locked=True)
        for peer in self.peers:
            peer.cut()
        again = self.server.enter_as(self.libai, ROOM)
        self.assertEqual((again.joined["role"], again.joined["rules"]), ("owner", {"locked": True}))

    def test_the_lobby_is_nobodys(self) -> None:
        self.assertNotIn("role", self.server.enter("lobby", "陶渊明").joined)


class MuteTests(KeepingCase):
    def test_for_a_time(self) -> None:
        self.dufu.say("先前的")
        seq = self.dufu.events()[-1]["seq"]
        self.order("mute", self.dufu, seconds=60, reason="刷屏")
        [event] = self.wangwei.events()[-1:]
        self.assertEqual(
            event,
            {
                "type": "moderated",
                "room": ROOM,
                "seq": seq + 1,
                "act": "mute",
                "whom": {"user": self.user_of(self.dufu), "nick": "杜甫"},
                "user": self.user_of(self.libai),
                "nick": "李白",
                "at": self.server.now,
                "until": self.server.now + 60_000,
                "reason": "刷屏",
            },
        )
        self.hush()
        for command in (
            {"type": "say", "text": "x"},
            {"type": "edit", "seq": seq, "text": "x"},
            {"type": "react", "seq": seq, "emoji": "👍"},
            {"type": "typing"},
        ):
            self.assertEqual(self.refusal(self.dufu, **command), ("forbidden", "muted"), command)
        error = self.ask(self.dufu, "say", text="x")
        self.assertEqual(error["until"], self.server.now + 60_000)
        self.assertIn("刷屏", error["message"])
        self.assertEqual(self.ask(self.dufu, "delete", seq=seq)["type"], "done")
        self.server.now += 60_000
        self.assertEqual(self.ask(self.dufu, "say", text="x")["type"], "done")

    def test_on_every_connection_and_for_the_others_nothing_changes(self) -> None:
        self.order("mute", self.dufu, seconds=60)
        phone = self.server.enter_as(self.dufu, ROOM)
        self.assertEqual(phone.joined["muted"], self.server.now + 60_000)
        self.assertEqual(self.ask(phone, "say", text="x")["why"], "muted")
        self.assertEqual(self.ask(self.wangwei, "say", text="x")["type"], "done")
        other = self.server.enter_as(self.dufu, "别处")
        other.send(type="say", text="x", ref="r")
        self.assertEqual(other.events()[-1]["type"], "done")

    def test_and_undone(self) -> None:
        self.order("mute", self.dufu, seconds=60)
        self.order("unmute", self.dufu)
        self.assertEqual(self.ask(self.dufu, "say", text="x")["type"], "done")
        self.hush()
        self.order("unmute", self.dufu)
        self.others_hear_nothing(self.libai)
        self.assertEqual([deed["act"] for deed in self.deeds()], ["unmute", "mute"])


class KickTests(KeepingCase):
    def test_every_connection_of_that_user_is_closed(self) -> None:
        phone = self.server.enter_as(self.dufu, ROOM)
        self.order("kick", self.dufu, reason="吵")
        for peer in (self.dufu, phone):
            events = peer.events()
            self.assertEqual([event["type"] for event in events], ["moderated", "left"])
            self.assertEqual((events[0]["act"], events[0]["reason"]), ("kick", "吵"))
            self.assertEqual(peer.close, (4003, "removed by a moderator"))
        self.assertEqual(self.types(self.wangwei), ["moderated", "left"])
        self.assertIsNone(self.wangwei.close)

    def test_who_is_in_another_room_goes_on_there(self) -> None:
        self.dufu.send(type="join", room="别处")
        self.order("kick", self.dufu)
        self.dufu.events()
        self.assertIsNone(self.dufu.close)
        self.dufu.say("还在", room="别处")
        self.assertEqual(self.types(self.dufu), ["said"])
        self.assertEqual(self.ask(self.dufu, "say", text="x")["code"], "not_joined")

    def test_one_may_come_back_unless_it_is_locked(self) -> None:
        self.order("kick", self.dufu)
        back = self.server.enter_as(self.dufu, ROOM)
        self.assertEqual(back.joined["room"], ROOM)
        self.dufu = back
        self.order("rule", locked=True)
        self.order("kick", self.dufu)
        self.assertEqual(self.server.enter_as(self.dufu, ROOM).joined["why"], "locked")


class BanTests(KeepingCase):
    def test_out_and_kept_out_until_it_is_undone(self) -> None:
        self.order("ban", self.dufu, reason="捣乱")
        self.dufu.frames()
        self.assertEqual(self.dufu.close, (4003, "removed by a moderator"))
        error = self.server.enter_as(self.dufu, ROOM).joined
        self.assertEqual((error["code"], error["why"]), ("forbidden", "banned"))
        self.assertIn("捣乱", error["message"])
        self.assertNotIn("until", error)
        self.order("unban", self.dufu)
        back = self.server.enter_as(self.dufu, ROOM).joined
        self.assertEqual(back["type"], "joined", back)

    def test_nor_how_much_there_is_to_read(self) -> None:
        self.libai.say("一")
        for peer in (self.dufu, self.wangwei):
            self.assertEqual(self.ask(peer, "read", seq=1)["type"], "done")
        self.order("ban", self.dufu, seconds=60)
        self.order("kick", self.wangwei)
        self.libai.say("二")
        for peer, expected in ((self.dufu, []), (self.wangwei, [ROOM])):
            rooms = self.ask(self.server.enter_as(peer, "别处"), "unread")["rooms"]
            self.assertEqual([each["room"] for each in rooms], expected)
        self.order("rule", locked=True)
        elsewhere = self.server.enter_as(self.wangwei, "别处")
        self.assertEqual(self.ask(elsewhere, "unread")["rooms"], [])
        self.assertEqual(self.ask(elsewhere, "read", seq=2)["why"], "locked")

    def test_for_a_time(self) -> None:
        self.order("ban", self.dufu, seconds=60)
        error = self.server.enter_as(self.dufu, ROOM).joined
        self.assertEqual(error["until"], self.server.now + 60_000)
        self.server.now += 60_000
        self.assertEqual(self.server.enter_as(self.dufu, ROOM).joined["type"], "joined")

    def test_they_read_nothing_either(self) -> None:
        self.order("ban", self.dufu)
        elsewhere = self.server.enter_as(self.dufu, "别处")
        for command in ({"type": "history"}, {"type": "members"}):
            self.assertEqual(self.ask(elsewhere, **command)["why"], "banned")

    def test_a_new_guest_is_let_in_unless_the_network_is_banned(self) -> None:
        self.server.address = NETWORK
        troll = self.server.enter(ROOM, "坏人")
        self.order("ban", troll)
        again = self.server.enter(ROOM, "坏人")
        self.order("ban", again, network=True)
        back = self.server.enter(ROOM, "坏人")
        self.assertEqual(back.joined["why"], "network")
        self.server.address = "192.0.2.7"
        self.assertEqual(self.server.enter(ROOM, "好人").joined["type"], "joined")

    def test_whoever_else_is_there_from_that_network_is_not_touched(self) -> None:
        self.order("ban", self.dufu, network=True)
        self.assertIsNone(self.wangwei.close)
        self.wangwei.cut()
        self.assertEqual(self.server.enter_as(self.wangwei, ROOM).joined["role"], "member")
        self.assertEqual(self.server.enter(ROOM, "新人").joined["why"], "network")

    def test_the_network_of_one_who_has_just_left_is_known(self) -> None:
        self.server.address = NETWORK
        troll = self.server.enter(ROOM, "坏人")
        troll.cut()
        self.order("ban", troll, network=True)
        self.assertEqual(self.server.enter(ROOM, "坏人").joined["why"], "network")

    def test_and_of_one_who_was_never_here_nothing(self) -> None:
        self.assertEqual(self.refusal(self.libai, "ban", user="nobody"), ("bad_field", None))

    def test_the_device_stays_out_under_another_token(self) -> None:
        device = {"Authorization": "Bearer " + self.dufu.welcome["token"]}
        other = self.server.connect(headers=device)
        token = self.server.tokens_of("ZZZZZZZZZZZZZZZZ")
        other.send(type="hello", token=token, nick="化名")
        other.send(type="join", room=ROOM)
        other.events()
        self.hush()
        self.ask(self.libai, "ban", user="ZZZZZZZZZZZZZZZZ")
        other.frames()
        self.assertEqual(other.close, (4003, "removed by a moderator"))
        self.assertEqual(self.server.enter_as(self.dufu, ROOM).joined["why"], "banned")


class RuleTests(KeepingCase):
    def test_a_locked_room_takes_nobody_new_and_everybody_back(self) -> None:
        self.order("rule", locked=True)
        self.assertEqual(self.wangwei.events()[-1]["rules"], {"locked": True})
        self.assertEqual(self.server.enter(ROOM, "新人").joined["why"], "locked")
        self.dufu.cut()
        self.assertEqual(self.server.enter_as(self.dufu, ROOM).joined["role"], "member")
        stranger = self.server.enter("别处", "新人")
        self.assertEqual(self.ask(stranger, "history")["why"], "locked")
        self.order("rule", locked=False)
        self.assertEqual(self.server.enter(ROOM, "新人").joined["type"], "joined")

    def test_who_spoke_lately_is_known_and_who_was_removed_is_not(self) -> None:
        away = self.server.enter(ROOM, "白居易")
        away.say("先走一步")
        away.cut()
        troll = self.server.enter(ROOM, "坏人")
        troll.say("哈哈")
        self.order("kick", troll)
        self.order("rule", locked=True)
        self.assertEqual(self.server.enter_as(away, ROOM).joined["type"], "joined")
        self.assertEqual(self.server.enter_as(troll, ROOM).joined["why"], "locked")

    def test_a_password_makes_members(self) -> None:
        self.order("rule", password="芝麻开门")
        self.assertEqual(self.dufu.events()[-1]["rules"], {"password": True})
        new = self.server.connect(nick="新人")
        [new.welcome] = new.events()
        for password in (None, "不对"):
            fields = {} if password is None else {"password": password}
            self.assertEqual(self.ask(new, "join", **fields)["why"], "password")
        self.assertEqual(self.ask(new, "join", password="芝麻开门")["role"], "member")
        new.cut()
        self.assertEqual(self.server.enter_as(new, ROOM).joined["type"], "joined")
        self.order("rule", password="")
        self.assertEqual(self.server.enter(ROOM, "又一个").joined["type"], "joined")

    def test_wrong_passwords_are_tried_so_often(self) -> None:
        self.order("rule", password="a")
        new = self.server.connect(nick="新人")
        new.events()
        # To set one counts as well.
        for _ in range(59):
            self.assertEqual(self.ask(new, "join", password="b")["why"], "password")
        error = self.ask(new, "join", password="a")
        self.assertEqual((error["code"], error["retry_after"]), ("too_fast", 60))
        self.server.clock.advance(60)
        self.assertEqual(self.ask(new, "join", password="a")["type"], "joined")

    def test_announcements(self) -> None:
        self.libai.say("通知")
        seq = self.libai.events()[-1]["seq"]
        self.order("rule", announcements=True)
        self.hush()
        self.assertEqual(self.refusal(self.dufu, "say", text="x"), ("forbidden", "announcements"))
        self.assertEqual(self.ask(self.dufu, "react", seq=seq, emoji="👍")["type"], "done")
        self.order("appoint", self.dufu, role="moderator")
        self.assertEqual(self.ask(self.dufu, "say", text="x")["type"], "done")

    def test_slow_mode(self) -> None:
        self.order("rule", slow=30)
        self.assertEqual(self.ask(self.dufu, "say", text="a", id="i")["type"], "done")
        self.server.clock.advance(10)
        error = self.ask(self.dufu, "say", text="b")
        self.assertEqual((error["code"], error["retry_after"]), ("too_fast", 20))
        self.assertEqual(self.ask(self.dufu, "say", text="a", id="i")["type"], "done")
        self.assertEqual(self.ask(self.wangwei, "say", text="c")["type"], "done")
        for text in "de":
            self.assertEqual(self.ask(self.libai, "say", text=text)["type"], "done")
        self.server.clock.advance(20)
        self.assertEqual(self.ask(self.dufu, "say", text="f")["type"], "done")

    def test_what_is_left_out_stays_and_nothing_new_is_nothing(self) -> None:
        self.order("rule", slow=30)
        self.order("rule", locked=True)
        self.assertEqual(self.dufu.events()[-1]["rules"], {"locked": True, "slow": 30})
        self.hush()
        self.order("rule", slow=30)
        self.others_hear_nothing(self.libai)


class RoleTests(KeepingCase):
    def test_a_moderator_may_from_then_on_and_no_longer(self) -> None:
        self.assertEqual(
            self.refusal(self.dufu, "mute", user=self.user_of(self.wangwei), seconds=9),
            ("forbidden", "role"),
        )
        self.order("appoint", self.dufu, role="moderator")
        event = self.wangwei.events()[-1]
        self.assertEqual((event["type"], event["role"]), ("appointed", "moderator"))
        self.order("mute", self.wangwei, by=self.dufu, seconds=9)
        self.order("appoint", self.dufu, role="guest")
        self.assertEqual(
            self.refusal(self.dufu, "unmute", user=self.user_of(self.wangwei)),
            ("forbidden", "role"),
        )

    def test_one_may_step_back_but_not_up(self) -> None:
        self.order("appoint", self.dufu, role="moderator")
        self.assertEqual(
            self.refusal(self.dufu, "appoint", user=self.user_of(self.dufu), role="owner"),
            ("forbidden", "role"),
        )
        self.order("appoint", self.dufu, by=self.dufu, role="guest")


class LimitTests(KeepingCase):
    def test_a_reason(self) -> None:
        user = self.user_of(self.dufu)
        self.order("mute", self.dufu, seconds=9, reason="啊" * 200)
        self.assertEqual(
            self.refusal(self.libai, "mute", user=user, seconds=9, reason="啊" * 201),
            ("too_long", None),
        )

    def test_the_list_of_deeds(self) -> None:
        for slow in range(1, 202):
            self.order("rule", slow=slow)
        for limit in (1, 200):
            page = self.ask(self.libai, "audit", limit=limit)
            self.assertEqual((len(page["deeds"]), page["more"]), (limit, True))
        page = self.ask(self.libai, "audit", limit=200, before=page["deeds"][0]["n"])
        self.assertEqual((len(page["deeds"]), page["more"]), (200, False))


class DeletingTests(KeepingCase):
    def test_what_is_anothers(self) -> None:
        self.dufu.say("不该说的")
        seq = self.dufu.events()[-1]["seq"]
        self.assertEqual(self.refusal(self.wangwei, "delete", seq=seq)[0], "forbidden")
        self.order("delete", seq=seq)
        [deed] = self.deeds()
        self.assertEqual(
            (deed["act"], deed["whom"]["nick"], deed["of"], deed["nick"]),
            ("delete", "杜甫", seq, "李白"),
        )

    def test_all_by_one(self) -> None:
        for number in range(230):
            self.dufu.say(f"第 {number} 句")
            self.dufu.events()
        self.wangwei.say("我的留着")
        self.hush()
        self.order("purge", self.dufu)
        self.assertEqual(self.types(self.wangwei).count("deleted"), 230)
        page = self.ask(self.libai, "history", limit=200)
        self.assertEqual([each["text"] for each in page["messages"] if each["text"]], ["我的留着"])
        self.assertEqual([deed["act"] for deed in self.deeds()], ["purge"])

    def test_all_by_one_though_some_of_it_goes_meanwhile(self) -> None:
        for text in "一二三":
            self.dufu.say(text)
        seqs = [event["seq"] for event in self.dufu.events() if event["type"] == "said"]
        log = self.server.server.database.log
        said_by = log.said_by

        def and_what_is_gone(room: str, user: str, before: int, limit: int) -> Any:
            found = said_by(room, user, before, limit)
            return found.addCallback(lambda seqs: [9999, *seqs] if seqs else seqs)

        self.patch(log, "said_by", and_what_is_gone)
        self.order("purge", self.dufu)
        deleted = [event["of"] for event in self.wangwei.events() if event["type"] == "deleted"]
        self.assertEqual(deleted, seqs[::-1])

    def test_earlier_texts(self) -> None:
        self.dufu.say("一")
        seq = self.dufu.events()[-1]["seq"]
        self.dufu.send(type="edit", room=ROOM, seq=seq, text="二")
        self.hush()
        self.assertEqual(self.refusal(self.wangwei, "versions", seq=seq), ("forbidden", "role"))
        found = self.ask(self.libai, "versions", seq=seq)
        self.assertEqual([each["text"] for each in found["texts"]], ["一", "二"])
        self.order("delete", seq=seq)
        self.assertEqual(self.refusal(self.libai, "versions", seq=seq)[0], "no_such_message")
