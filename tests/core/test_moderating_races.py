"""Orders that are stored while something else is under way: nobody slips in, nothing is undone."""

import random
import sqlite3
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from twisted.internet.defer import maybeDeferred

from chatroom.core.events import Rules
from chatroom.core.permissions import Role
from chatroom.storage import writer
from tests.core.test_moderating import NETWORK, ROOM, KeepingCase
from tests.memory import SECRET, Peer
from tests.transports.answers import read, request
from tests.transports.asking import bearer


class RaceCase(KeepingCase):
    def outsider(self, nick: str = "外人") -> Peer:
        """Somebody who is in no room."""
        peer = self.server.connect(nick=nick)
        [peer.welcome] = peer.events()
        return peer

    def back(self, peer: Peer) -> Peer:
        """The same user, in no room."""
        headers = {"Authorization": "Bearer " + peer.welcome["token"]}
        again = self.server.connect(headers=headers)
        [again.welcome] = again.events()
        return again

    def host(self) -> Peer:
        host = self.outsider("主人")
        self.assertEqual(self.ask(host, "own", secret=SECRET)["type"], "hosting")
        return host

    def release(self) -> None:
        self.server.hold_reads = self.server.hold_writes = self.server.hold_hashes = False
        self.server.release()
        self.server.settle()

    def answer(self, peer: Peer) -> dict[str, Any]:
        [found] = [event for event in peer.events() if event.get("ref") == "r"]
        return found

    def texts(self, peer: Peer) -> list[str]:
        return [event["text"] for event in peer.events() if event["type"] == "said"]


class SlowDiskTests(RaceCase):
    def test_two_rules_at_once_both_hold(self) -> None:
        self.order("appoint", self.dufu, role="moderator")
        self.server.hold_writes = True
        self.libai.send(type="rule", room=ROOM, locked=True)
        self.dufu.send(type="rule", room=ROOM, slow=5)
        self.release()
        self.assertEqual(self.moderation()["rules"], {"locked": True, "slow": 5})

    def test_what_waits_behind_a_mute_is_not_stored(self) -> None:
        self.server.hold_writes = True
        self.libai.send(type="mute", room=ROOM, user=self.user_of(self.dufu), seconds=60)
        for text in ("一", "二"):
            self.dufu.send(type="say", room=ROOM, text=text, ref="r")
        self.release()
        answers = [each for each in self.dufu.events() if each.get("ref") == "r"]
        self.assertEqual([each["why"] for each in answers], ["muted", "muted"])
        self.assertEqual(self.texts(self.wangwei), [])

    def test_nor_what_waits_for_the_next_batch(self) -> None:
        self.server.hold_writes = True
        self.libai.send(type="mute", room=ROOM, user=self.user_of(self.dufu), seconds=60)
        self.server.settle()
        # The batch with the mute is being written.
        self.dufu.send(type="say", room=ROOM, text="一", ref="r")
        self.wangwei.send(type="say", room=ROOM, text="二")
        self.release()
        self.assertEqual(self.answer(self.dufu)["why"], "muted")
        self.assertEqual(self.texts(self.libai), ["二"])

    def test_nor_what_waits_behind_a_ban_from_the_server(self) -> None:
        self.libai.say("x")
        host = self.host()
        self.hush()
        self.server.hold_writes = True
        host.send(type="ban", user=self.user_of(self.dufu))
        self.dufu.send(type="say", room=ROOM, text="一", ref="r")
        self.release()
        self.assertEqual(self.texts(self.wangwei), [])

    def test_who_is_removed_while_it_is_locked_is_not_known(self) -> None:
        self.order("appoint", self.wangwei, role="moderator")
        self.server.hold_writes = True
        self.wangwei.send(type="kick", room=ROOM, user=self.user_of(self.dufu))
        self.libai.send(type="rule", room=ROOM, locked=True)
        self.release()
        self.assertEqual(self.server.enter_as(self.dufu, ROOM).joined["why"], "locked")

    def test_who_is_let_in_by_a_password_while_it_is_locked(self) -> None:
        self.order("rule", password="a")
        new = self.outsider()
        self.server.hold_hashes = True
        new.send(type="join", room=ROOM, password="a", ref="r")
        self.order("rule", locked=True)
        self.release()
        self.assertEqual(self.answer(new)["why"], "locked")

    def test_or_while_its_network_is_banned(self) -> None:
        self.order("rule", password="a")
        self.server.address = NETWORK
        troll, new = self.outsider("坏人"), self.outsider("坏人二")
        self.server.hold_hashes = True
        new.send(type="join", room=ROOM, password="a", ref="r")
        self.order("ban", troll, network=True)
        self.release()
        self.assertEqual(self.answer(new)["why"], "network")

    def test_a_class_enters_at_once_by_the_right_password(self) -> None:
        self.order("rule", password="a")
        pupils = [self.outsider(f"学生 {number}") for number in range(70)]
        self.server.hold_hashes = True
        for pupil in pupils:
            pupil.send(type="join", room=ROOM, password="a", ref="r")
        self.release()
        for pupil in pupils:
            self.assertEqual(self.answer(pupil)["type"], "joined")

    def test_but_not_more_than_so_many_at_a_time(self) -> None:
        self.order("rule", password="a")
        pupils = [self.outsider(f"学生 {number}") for number in range(101)]
        self.server.hold_hashes = True
        for pupil in pupils:
            pupil.send(type="join", room=ROOM, password="a", ref="r")
        self.release()
        answers = [self.answer(pupil) for pupil in pupils]
        self.assertEqual([each["type"] for each in answers[:100]], ["joined"] * 100)
        self.assertEqual((answers[100]["code"], answers[100]["retry_after"]), ("too_fast", 1))

    def test_a_ban_of_which_nobody_knows_whether_it_is_stored(self) -> None:
        with self.uncertain():
            error = self.ask(self.libai, "ban", user=self.user_of(self.dufu))
        self.assertEqual(error["code"], "unavailable")
        for _ in range(3):
            self.server.clock.advance(1)
            self.server.settle()
        self.dufu.frames()
        self.assertEqual(self.dufu.close, (4003, "removed by a moderator"))

    def test_or_an_owner(self) -> None:
        with self.uncertain():
            self.assertEqual(self.ask(self.dufu, "own", secret=SECRET)["code"], "unavailable")
        for _ in range(3):
            self.server.clock.advance(1)
            self.server.settle()
        self.assertEqual(self.ask(self.dufu, "own", secret=SECRET)["type"], "hosting")

    def uncertain(self) -> Any:
        """Store, and say that it failed."""
        real = writer.store

        def fails(*arguments: Any) -> None:
            real(*arguments)
            raise sqlite3.OperationalError("disk I/O error")

        test = self

        class Uncertain:
            def __enter__(self) -> None:
                test.patch(writer, "store", fails)

            def __exit__(self, *reason: object) -> None:
                test.patch(writer, "store", real)

        return Uncertain()


class SlowReadTests(RaceCase):
    """The log answers late, and what was ordered here holds all the same."""

    def test_who_was_removed_from_a_locked_room(self) -> None:
        self.order("rule", locked=True)
        self.dufu.send(type="join", room="别处")
        self.dufu.events()
        self.server.hold_reads = True
        self.order("kick", self.dufu)
        self.dufu.send(type="join", room=ROOM, ref="r")
        self.assertEqual(self.answer(self.dufu)["why"], "locked")
        self.release()

    def test_who_was_banned_says_nothing_more(self) -> None:
        self.server.hold_reads = True
        self.order("ban", self.dufu)
        self.wangwei.events()
        self.dufu.send(type="say", room=ROOM, text="还在")
        self.assertEqual(self.texts(self.wangwei), [])
        self.release()

    def test_a_guest_does_not_slip_into_a_room_that_is_locked(self) -> None:
        new = self.outsider()
        self.server.hold_reads = True
        self.order("rule", locked=True)
        new.send(type="join", room=ROOM, ref="r")
        self.assertEqual(self.answer(new)["why"], "locked")
        self.release()

    def test_a_room_that_wakes_while_somebody_is_let_in(self) -> None:
        self.order("rule", password="a")
        self.libai.say("x")
        for peer in self.peers:
            peer.cut()
        new, owner = self.outsider(), self.back(self.libai)
        self.server.hold_reads = True
        owner.send(type="join", room=ROOM)
        for _ in range(2):
            job, waiting = self.server.held.popleft()
            maybeDeferred(job).chainDeferred(waiting)
            self.server.settle()
        job, waiting = self.server.held.popleft()
        before = job()
        self.server.hold_reads = False
        new.send(type="join", room=ROOM, password="a", ref="r")
        waiting.callback(before)
        self.server.settle()
        self.assertEqual(self.answer(new)["type"], "joined")

    def test_who_writes_first_makes_a_room_and_not_who_waits_for_it(self) -> None:
        waiting = self.outsider("先进")
        self.server.hold_reads = True
        waiting.send(type="join", room="新房")
        user = self.user_of(self.wangwei)
        waiting.send(type="appoint", room="新房", user=user, role="owner", ref="r")
        job, read_now = self.server.held.popleft()
        nothing = job()
        self.server.hold_reads = False
        token = self.wangwei.welcome["token"]
        body = b'{"text":"hi"}'
        lines = [bearer(token), b"Content-Length: %d" % len(body)]
        path = f"/api/v1/rooms/{quote('新房')}/messages"
        [posted] = read(self.server.request(request(path, *lines, method=b"POST") + body))
        self.assertEqual(posted.status, 201)
        read_now.callback(nothing)
        self.release()
        self.assertEqual(self.answer(waiting)["why"], "role")
        self.assertEqual(self.server.enter_as(self.wangwei, "新房").joined["role"], "owner")

    def test_who_is_closed_enters_no_room_that_wakes(self) -> None:
        keeper = self.server.enter("睡", "守夜")
        keeper.say("x")
        keeper.cut()
        self.server.hold_reads = True
        self.dufu.send(type="join", room="睡")
        self.libai.send(type="kick", room=ROOM, user=self.user_of(self.dufu))
        self.dufu.frames()
        self.assertEqual(self.dufu.close, (4003, "removed by a moderator"))
        self.release()
        self.assertEqual(self.ask(self.libai, "members", room="睡")["count"], 0)


class ServerBanTests(RaceCase):
    def test_who_is_banned_from_the_server_keeps_no_order_either(self) -> None:
        self.libai.say("x")
        host = self.host()
        self.hush()
        user = self.user_of(self.libai)
        self.assertEqual(self.ask(host, "ban", user=user, room=None)["type"], "done")
        back = self.back(self.libai)
        for command in (
            {"type": "kick", "user": self.user_of(self.dufu)},
            {"type": "appoint", "user": self.user_of(self.dufu), "role": "owner"},
            {"type": "rule", "locked": True},
            {"type": "purge", "user": self.user_of(self.dufu)},
            {"type": "moderation"},
            {"type": "audit"},
            {"type": "versions", "seq": 1},
        ):
            self.assertEqual(self.ask(back, **command)["why"], "banned", command)

    def test_nor_is_it_known_when_a_room_is_locked(self) -> None:
        self.dufu.say("骂人")
        self.ask(self.host(), "ban", user=self.user_of(self.dufu), room=None, seconds=60)
        self.order("rule", locked=True)
        self.server.now += 61_000
        self.assertEqual(self.server.enter_as(self.dufu, ROOM).joined["why"], "locked")


class DeviceTests(RaceCase):
    def as_other(self, peer: Peer) -> Peer:
        """Another user on the device that a user is known by."""
        headers = {"Authorization": "Bearer " + peer.welcome["token"]}
        other = self.server.connect(headers=headers)
        token = self.server.tokens_of("ZZZZZZZZZZZZZZZZ")
        other.send(type="hello", token=token, nick="化名")
        [_, other.welcome] = other.events()
        return other

    def test_the_device_of_who_is_banned_under_its_own_token(self) -> None:
        self.order("ban", self.dufu)
        self.assertEqual(self.ask(self.as_other(self.dufu), "join")["why"], "banned")

    def test_whose_device_it_is_is_no_neighbour(self) -> None:
        other = self.as_other(self.dufu)
        self.ask(other, "join")
        self.order("ban", self.dufu, network=True)
        other.frames()
        self.assertEqual(other.close, (4003, "removed by a moderator"))

    def test_an_owner_is_not_put_out_by_its_device(self) -> None:
        self.order("appoint", self.dufu, role="moderator")
        lent = self.as_other(self.libai)
        self.ask(lent, "join")
        self.order("ban", by=self.dufu, user=self.user_of(lent))
        self.libai.frames()
        self.assertIsNone(self.libai.close)

    def test_a_ban_that_is_renewed_is_still_about_it(self) -> None:
        other = self.as_other(self.dufu)
        self.ask(other, "join")
        self.order("ban", other, seconds=60)
        # Lately is long ago, as after a new start.
        self.server.server._callers._sightings._by_user.clear()
        self.order("ban", other)
        self.assertEqual(self.server.enter_as(self.dufu, ROOM).joined["why"], "banned")


class BanTests(RaceCase):
    def test_an_old_one_of_a_network_does_not_end_a_newer(self) -> None:
        self.server.address = NETWORK
        self.order("ban", self.server.enter(ROOM, "坏一"), network=True, seconds=60)
        self.server.now += 61_000
        self.order("ban", self.server.enter(ROOM, "坏二"), network=True)
        self.assertEqual(self.server.enter(ROOM, "坏三").joined["why"], "network")

    def test_what_is_over_is_kept_nowhere(self) -> None:
        for number in range(20):
            troll = self.server.enter(ROOM, f"坏 {number}")
            self.order("mute", troll, seconds=1)
            self.server.now += 2000
        [(count,)] = self.rows("SELECT count(*) FROM sanctions")
        self.assertEqual(count, 1)

    def rows(self, query: str) -> list[Any]:
        connection = sqlite3.connect(self.server.settings.data / "chatroom.db")
        self.addCleanup(connection.close)
        return connection.execute(query).fetchall()

    def test_reading_makes_nobody_known(self) -> None:
        self.libai.say("x")
        self.order("rule", locked=True)
        self.assertEqual(self.ask(self.outsider(), "read", seq=1)["why"], "locked")

    def test_nobody_makes_rooms_of_which_nobody_is_the_owner(self) -> None:
        user = self.user_of(self.dufu)
        host = self.host()
        for command in (
            {"type": "appoint", "user": user, "role": "guest"},
            {"type": "unmute", "user": user},
            {"type": "rule", "locked": True},
            {"type": "mute", "user": user, "seconds": 9},
        ):
            for peer in (self.dufu, host):
                self.assertEqual(self.ask(peer, room="没有的", **command)["type"], "error", command)
        self.assertEqual(self.rows("SELECT count(*) FROM rooms WHERE name = '没有的'"), [(0,)])

    def test_a_member_that_is_made_a_guest_is_out_of_a_locked_room(self) -> None:
        self.order("rule", locked=True)
        self.order("appoint", self.dufu, role="guest")
        self.dufu.frames()
        self.assertEqual(self.dufu.close, (4003, "removed by a moderator"))

    def test_a_moderator_elsewhere_hears_what_it_did(self) -> None:
        host = self.host()
        host.send(type="mute", room=ROOM, user=self.user_of(self.dufu), seconds=60, ref="r")
        self.assertEqual(self.types(host), ["moderated", "done"])

    def test_a_password_that_is_not_there_is_not_taken_away(self) -> None:
        self.hush()
        self.order("rule", password="")
        self.others_hear_nothing(self.libai)

    def test_what_a_muted_user_said_before_is_told_again(self) -> None:
        self.dufu.say("a", id="i")
        self.order("mute", self.dufu, seconds=60)
        self.assertEqual(self.ask(self.dufu, "say", text="a", id="i")["type"], "done")
        self.assertEqual(self.ask(self.dufu, "say", text="b", id="j")["why"], "muted")


class MemoryTests(RaceCase):
    """What holds in memory is what is stored, whatever is ordered."""

    def test_after_orders_by_chance(self) -> None:
        chance = random.Random(7)
        others = [self.dufu, self.wangwei]
        others += [self.server.enter(ROOM, f"n{number}") for number in range(3)]

        def whom() -> str:
            return self.user_of(chance.choice(others))

        orders: list[Callable[[], dict[str, Any]]] = [
            lambda: {"type": "mute", "user": whom(), "seconds": 60},
            lambda: {"type": "unmute", "user": whom()},
            lambda: {"type": "ban", "user": whom(), "network": chance.random() < 0.5},
            lambda: {"type": "ban", "user": whom(), "seconds": 60},
            lambda: {"type": "unban", "user": whom()},
            lambda: {"type": "kick", "user": whom()},
            lambda: {
                "type": "appoint",
                "user": whom(),
                "role": chance.choice(["guest", "member", "moderator", "owner"]),
            },
            lambda: {"type": "rule", "locked": chance.random() < 0.5},
            lambda: {"type": "rule", "password": chance.choice(["", "a"])},
            lambda: {"type": "rule", "slow": chance.randrange(3)},
            lambda: {"type": "rule", "keep_days": chance.randrange(3)},
            lambda: {"type": "rule", "keep_messages": chance.randrange(3)},
        ]
        log = self.server.server.database.log
        self.server.hold_reads = True
        for _ in range(200):
            self.libai.send(room=ROOM, **chance.choice(orders)())
            self.libai.events()
            for peer in others:
                peer.frames()
            held = self.server.server._core.book._at_hand(ROOM)
            assert held is not None
            self.server.hold_reads = False
            stored = self.successResultOf(log.orders(ROOM))
            self.server.hold_reads = True
            for name in ("roles", "rules", "password", "mutes", "bans"):
                self.assertEqual(getattr(held, name), getattr(stored, name), name)
            self.assertEqual(held._networks, stored._networks)
        self.assertIsInstance(held.rules, Rules)
        self.assertIs(held.role(self.user_of(self.libai)), Role.OWNER)
        self.release()
