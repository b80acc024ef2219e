"""What moderators order, as it is stored: once, noted, and never edited."""

import sqlite3
from typing import Any

from chatroom.core.events import Deed, Moderated, Person, Rules
from chatroom.core.orders import SERVER
from chatroom.core.permissions import Role
from chatroom.core.work import Changes, Claim, Kind, Ordered, Power, Ruling, Verdict
from chatroom.storage.files import DATABASE, open_writer
from chatroom.storage.known import A_DAY, A_MOMENT, LATELY
from chatroom.storage.owner_links import is_owned, offer

from .storing import DU_FU, LI_BAI, MORNING, StorageTestCase, change, draft

WHOM = Person("u-dufu", "杜甫")
SECRET = b"\1" * 32


class VerdictCase(StorageTestCase):
    def order(self, ruling: Ruling, room: str = "lobby", **fields: Any) -> Ordered:
        verdict = Verdict(ruling, **{"room": room, "at": MORNING} | LI_BAI | fields)
        ordered = self.database.journal.order(verdict)
        self.clock.advance(0)
        outcome: Ordered = self.outcome(ordered)
        return outcome

    def orders(self, room: str = "lobby") -> Any:
        return self.successResultOf(self.database.log.orders(room))

    def deeds(self, room: str = "lobby") -> list[Deed]:
        return self.successResultOf(self.database.log.deeds(room, None, 200))


class OrderTests(VerdictCase):
    def test_a_room_comes_to_be_with_the_first_and_is_its_makers(self) -> None:
        maker = Person("u-libai", "李白")
        ordered = self.order(Ruling.RULE, "山", changes=Changes(slow=9), maker=maker)
        self.assertEqual((ordered.done is not None, ordered.event.seq), (True, 1))
        self.assertEqual(self.orders("山").role("u-libai"), Role.OWNER)
        self.order(Ruling.RULE, "山", changes=Changes(slow=0), maker=WHOM)
        self.assertEqual(self.orders("山").role("u-dufu"), Role.GUEST)

    def test_with_the_first_message_likewise(self) -> None:
        self.write(draft("一", maker=WHOM), draft("二", maker=Person("u", "n")))
        self.assertEqual(self.orders().roles, {"u-dufu": Role.OWNER})
        self.write(draft("三", maker=Person("u", "n")))
        self.assertEqual(self.orders().roles, {"u-dufu": Role.OWNER})

    def test_who_writes_first_while_another_makes_it_does_not_own_it_too(self) -> None:
        making = Verdict(Ruling.CREATE, "山", at=MORNING, **LI_BAI, rules=Rules(), maker=WHOM)
        said = self.database.journal.write(draft("一", "山", maker=Person("u-libai", "李白")))
        made = self.database.journal.order(making)
        self.clock.advance(0)
        self.assertEqual((self.outcome(said).event.seq, self.outcome(made).event.seq), (1, 2))
        self.assertEqual(self.orders("山").roles, {"u-dufu": Role.OWNER})

    def test_the_log_tells_the_same_after_a_restart(self) -> None:
        ordered = self.order(Ruling.BAN, whom=WHOM, until=MORNING + 9, reason="吵", networks=["a"])
        expected = Moderated(
            room="lobby",
            seq=1,
            act="ban",
            whom=WHOM,
            at=MORNING,
            until=MORNING + 9,
            reason="吵",
            **LI_BAI,
        )
        self.assertEqual(ordered.event, expected)
        self.close(self.database)
        self.database = self.open()
        self.assertEqual(self.successResultOf(self.database.log.after("lobby", 0, 9)), [expected])
        self.assertEqual(self.orders().bans["u-dufu"].networks, ("a",))

    def test_what_is_so_already_is_neither_told_nor_noted(self) -> None:
        for _ in range(2):
            self.order(Ruling.APPOINT, whom=WHOM, role=Role.MODERATOR)
            self.order(Ruling.RULE, changes=Changes(locked=True))
            self.order(Ruling.UNMUTE, whom=WHOM)
        self.assertEqual([deed.act for deed in self.deeds()], ["rule", "appoint"])
        self.assertEqual(len(self.published), 2)

    def test_a_mute_that_is_over_is_nothing_to_lift(self) -> None:
        self.order(Ruling.MUTE, whom=WHOM, until=MORNING + 9)
        self.assertIsNone(self.order(Ruling.UNMUTE, whom=WHOM, at=MORNING + 9).done)
        self.order(Ruling.MUTE, whom=WHOM, until=MORNING + 9)
        self.assertIsNotNone(self.order(Ruling.UNMUTE, whom=WHOM, at=MORNING + 8).done)

    def test_in_one_batch_with_what_it_is_about(self) -> None:
        journal = self.database.journal
        said = journal.write(draft("一", **DU_FU))
        muted = journal.order(
            Verdict(Ruling.MUTE, "lobby", at=MORNING, whom=WHOM, until=MORNING + 9, **LI_BAI)
        )
        self.clock.advance(0)
        self.assertEqual(self.outcome(said).event.seq, 1)
        self.assertEqual(self.outcome(muted).event.seq, 2)

    def test_the_operator_is_no_user(self) -> None:
        self.order(Ruling.KICK, whom=WHOM, user="", nick="")
        self.assertEqual(self.rows("SELECT id FROM users"), [])


class KnownTests(VerdictCase):
    def members(self) -> set[str]:
        return {user for user, role in self.orders().roles.items() if role is Role.MEMBER}

    def lock(self, **fields: Any) -> None:
        self.order(Ruling.RULE, changes=Changes(locked=False), **fields)
        self.order(Ruling.RULE, changes=Changes(locked=True), **fields)

    def test_who_wrote_or_read_lately_and_who_is_there(self) -> None:
        self.write(draft("一", **DU_FU))
        self.mark(1, user="u-wangwei")
        self.lock(known=[Person("u-menghaoran", "孟浩然")])
        self.assertEqual(
            self.members(),
            {"u-dufu", "u-wangwei", "u-menghaoran"},
        )

    def test_of_so_many_events(self) -> None:
        self.write(draft("一", **DU_FU))
        self.write(draft("二", user="u-wangwei", nick="王维"))
        for _ in range(5):
            self.write(*[draft("x") for _ in range((LATELY - 1) // 5)])
        self.write(*[draft("x") for _ in range(LATELY - 1 - (LATELY - 1) // 5 * 5)])
        # The order itself takes its number after it has looked.
        self.lock()
        self.assertEqual(self.members(), {"u-wangwei", "u-libai"})

    def test_but_not_the_banned_nor_who_was_removed_within_a_day(self) -> None:
        for number, user in enumerate(("banned", "kicked", "long ago", "back")):
            self.write(draft(str(number), user=user, nick=user))
        self.order(Ruling.BAN, whom=Person("banned", ""))
        before = MORNING - A_DAY + A_MOMENT
        for user, at in (("kicked", MORNING), ("long ago", before), ("back", MORNING)):
            self.order(Ruling.KICK, whom=Person(user, ""), at=at)
        self.lock(known=[Person("back", "")], at=MORNING + A_MOMENT)
        self.assertEqual(self.members(), {"long ago", "back", "u-libai"})

    def test_with_a_network_only_those_who_are_named(self) -> None:
        self.write(draft("一", **DU_FU))
        known = [Person("u-wangwei", "王维")]
        self.order(Ruling.BAN, whom=Person("troll", ""), networks=["a"], known=known)
        self.assertEqual(self.members(), {"u-wangwei"})


class AuditTests(VerdictCase):
    def test_nobody_edits_or_deletes_it(self) -> None:
        self.order(Ruling.KICK, whom=WHOM)
        connection = open_writer(self.folder / DATABASE)
        self.addCleanup(connection.close)
        for statement in ("UPDATE audit SET nick = 'x'", "DELETE FROM audit"):
            self.assertRaises(sqlite3.IntegrityError, connection.execute, statement)

    def test_what_is_anothers(self) -> None:
        self.write(draft("一", **DU_FU), draft("二", **DU_FU), draft("三"))
        self.change(
            change(Kind.DELETE, 1, by=Power.MODERATOR),
            change(Kind.DELETE, 2, by=Power.PURGE),
            change(Kind.DELETE, 3, by=Power.MODERATOR),
        )
        [deed] = self.deeds()
        self.assertEqual((deed.act, deed.whom, deed.of, deed.user), ("delete", WHOM, 1, "u-libai"))

    def test_each_room_its_own(self) -> None:
        self.order(Ruling.KICK, whom=WHOM)
        self.order(Ruling.KICK, "山", whom=WHOM)
        self.order(Ruling.BAN, SERVER, whom=WHOM)
        self.assertEqual(
            [len(self.deeds(room)) for room in ("lobby", "山", SERVER, "没有")], [1, 1, 1, 0]
        )


class OwnerLinkTests(VerdictCase):
    def claim(self, secret: bytes = SECRET, at: int = MORNING) -> bool:
        claiming = self.database.journal.claim(Claim(secret, "u-dufu", "杜甫", at))
        self.clock.advance(0)
        good: bool = self.outcome(claiming)
        return good

    def offer(self, secret: bytes, until: int | None, now: int = MORNING) -> None:
        connection = open_writer(self.folder / DATABASE)
        self.addCleanup(connection.close)
        offer(connection, secret, now, until)

    def test_that_of_the_start_is_good_until_the_next_start_and_once(self) -> None:
        self.assertFalse(is_owned(self.folder))
        self.close(self.database)
        for secret in (b"\2" * 32, SECRET):
            self.database = self.open(secret)
            if secret is not SECRET:
                self.close(self.database)
        self.assertFalse(self.claim(b"\2" * 32))
        self.assertTrue(self.claim())
        self.assertFalse(self.claim())
        self.assertTrue(is_owned(self.folder))
        self.assertIs(self.orders(SERVER).role("u-dufu"), Role.HOST)

    def test_once_owned_a_start_offers_none(self) -> None:
        self.offer(SECRET, None)
        self.claim()
        self.close(self.database)
        self.database = self.open(b"\2" * 32)
        self.assertFalse(self.claim(b"\2" * 32))

    def test_until_its_time(self) -> None:
        self.offer(SECRET, MORNING + 1)
        self.assertFalse(self.claim(at=MORNING + 1))
        self.assertTrue(self.claim(at=MORNING))

    def test_of_a_folder_without_data(self) -> None:
        self.assertFalse(is_owned(self.folder / "nowhere"))
