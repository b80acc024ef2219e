"""One transaction: what is numbered, what is a repetition, what is refused."""

from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatroom.core.events import Said
from chatroom.core.interfaces import Place
from chatroom.core.work import Receipt

from .storing import DU_FU, LI_BAI, MORNING, StorageTestCase, draft


class NumberTests(StorageTestCase):
    """The database gives the number."""

    def test_the_event_is_the_draft_with_its_number(self) -> None:
        [receipt] = self.write(draft("举头望明月", id="m1", at=MORNING + 5))
        said = Said(room="lobby", seq=1, id="m1", text="举头望明月", at=MORNING + 5, **LI_BAI)
        self.assertEqual(receipt, Receipt(said, again=False))
        self.assertEqual(self.successResultOf(self.database.log.after("lobby", 0, 10)), [said])

    def test_interleaved_rooms_have_no_holes(self) -> None:
        receipts = self.write(*(draft(str(n), room=f"room{(n + 2) % 3}") for n in range(10)))
        self.assertEqual([r.event.seq for r in receipts], [1, 1, 1, 2, 2, 2, 3, 3, 3, 4])
        self.write(draft("10", room="room1"))
        # In the order of their names, in which two servers never wait for each other.
        rooms = self.rows("SELECT name FROM rooms ORDER BY id")
        self.assertEqual(rooms, [("room0",), ("room1",), ("room2",)])
        self.assertEqual(self.texts("room2"), ["0", "3", "6", "9"])
        self.assertEqual(self.texts("room1"), ["2", "5", "8", "10"])

    def test_a_room_is_made_with_its_first_event(self) -> None:
        self.write(draft(room="山", at=MORNING + 1), draft(room="山", at=MORNING + 2))
        self.write(draft(room="山", at=MORNING + 3))
        self.assertEqual(
            self.rows("SELECT name, seq, oldest, created_at FROM rooms"),
            [("山", 3, 1, MORNING + 1)],
        )

    def test_a_user_is_written_with_the_first_event_and_renamed_later(self) -> None:
        self.write(draft(at=1), draft(at=2, nick="太白"), draft(at=3, **DU_FU))
        users = "SELECT id, nick, first_at FROM users ORDER BY first_at"
        self.assertEqual(self.rows(users), [("u-libai", "太白", 1), ("u-dufu", "杜甫", 3)])
        self.write(draft(at=4, nick="青莲居士"))
        self.assertEqual(self.rows(users)[0], ("u-libai", "青莲居士", 1))

    def test_a_batch_is_a_handful_of_statements(self) -> None:
        statements: list[str] = []
        journal = self.journal(lambda connection: connection.set_trace_callback(statements.append))
        self.write(draft(), journal=journal)
        statements.clear()
        self.write(
            *(draft(room=f"room{n % 2}", id=str(n % 90)) for n in range(100)), journal=journal
        )
        # Which ids were answered before; whether anybody is muted or banned, or a room is gone; and
        # which is the next place of this second.
        reads = [each for each in statements if each.split()[0] in ("SELECT", "WITH")]
        self.assertEqual(len(reads), 3)
        self.assertEqual(sum("RETURNING" in statement for statement in statements), 2)
        self.assertEqual(statements.count("COMMIT"), 1)
        self.successResultOf(journal.close())


class RepetitionTests(StorageTestCase):
    """The same id of the same user in the same room never makes a second message."""

    def test_in_a_later_batch(self) -> None:
        [first] = self.write(draft("一", id="m1"))
        [second, other] = self.write(draft("二", id="m1", at=MORNING + 9), draft("三"))
        self.assertTrue(second.again)
        self.assertEqual(second.event, Said(**fields(first.event) | {"again": True}))
        self.assertEqual(self.texts(), ["一", "三"])
        self.assertEqual(other.event.seq, 2)

    def test_in_the_same_batch(self) -> None:
        receipts = self.write(draft("一", id="m1"), draft("二"), draft("三", id="m1"))
        self.assertEqual([r.again for r in receipts], [False, False, True])
        self.assertEqual([r.event.again for r in receipts], [False, False, True])
        self.assertEqual([r.event.text for r in receipts], ["一", "二", "一"])
        self.assertEqual(self.texts(), ["一", "二"])

    def test_after_a_restart(self) -> None:
        self.write(draft("一", id="m1"))
        self.close(self.database)
        self.database = self.open()
        [receipt] = self.write(draft("二", id="m1"))
        self.assertTrue(receipt.again)
        self.assertEqual(self.texts(), ["一"])

    def test_another_user_or_room_may_use_the_id(self) -> None:
        for _ in range(2):
            self.write(draft(id="m1"), draft(id="m1", **DU_FU), draft(id="m1", room="山"))
        self.assertEqual(len(self.texts("lobby")), 2)
        self.assertEqual(len(self.texts("山")), 1)

    def test_without_an_id_nothing_is_a_repetition(self) -> None:
        self.write(draft(), draft())
        self.write(draft())
        self.assertEqual(len(self.texts()), 3)


class ReplyTests(StorageTestCase):
    """A reply names a message that is stored in its room."""

    def test_to_a_stored_message(self) -> None:
        self.write(draft("一"))
        [receipt] = self.write(draft("二", reply_to=1))
        self.assertEqual(receipt.event.reply_to, 1)

    def test_to_no_message_is_refused_to_that_draft_alone(self) -> None:
        self.write(draft("一"))
        self.write(draft("山一", room="山"), draft("山二", room="山"))
        outcomes = self.write(
            draft("二"), draft("x", reply_to=7), draft("y", reply_to=2), draft("三", reply_to=1)
        )
        self.assertEqual(outcomes[1:3], ["no_such_message"] * 2)
        self.assertEqual(self.texts(), ["一", "二", "三"])

    def test_a_refused_id_is_still_free(self) -> None:
        outcomes = self.write(draft("x", id="m1", reply_to=7), draft("一", id="m1"))
        self.assertEqual(outcomes[0], "no_such_message")
        self.assertFalse(outcomes[1].again)

    def test_a_refused_first_message_makes_no_room(self) -> None:
        self.write(draft(room="山", reply_to=1))
        self.assertIsNone(self.successResultOf(self.database.log.state("山")))


@dataclass
class Once:
    """What should be stored, kept the plain way."""

    texts: dict[str, list[str]]
    ids: dict[tuple[str, str, str], int]


class AnySequenceTests(StorageTestCase):
    """Whatever is written, in whatever batches."""

    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(
            st.lists(
                st.tuples(
                    st.sampled_from(["lobby", "山", "水"]),
                    st.sampled_from([LI_BAI, DU_FU]),
                    st.sampled_from([None, "a", "b", "c", "d"]),
                ),
                max_size=12,
            ),
            max_size=6,
        )
    )
    def test_numbers_have_no_holes_and_ids_are_there_once(self, batches) -> None:
        self.folder = Path(self.mktemp())
        self.database = self.open()
        plain = Once({}, {})
        text = 0
        try:
            for batch in batches:
                drafts = []
                for room, user, id in batch:
                    text += 1
                    drafts.append(draft(str(text), room=room, id=id, **user))
                for stored, receipt in zip(drafts, self.write(*drafts), strict=True):
                    key = (stored.room, stored.user, stored.id)
                    again = key in plain.ids
                    room = plain.texts.setdefault(stored.room, [])
                    if not again:
                        room.append(stored.text)
                        if stored.id is not None:
                            plain.ids[key] = len(room)
                    self.assertEqual(receipt.again, again)
                    self.assertEqual(receipt.event.seq, plain.ids[key] if again else len(room))
            for room, texts in plain.texts.items():
                self.assertEqual(self.texts(room), texts)
                page = self.successResultOf(self.database.log.page(room, Place(), 200))
                self.assertEqual([message.text for message in page.messages], texts)
        finally:
            self.close(self.database)


def fields(event: Said) -> dict[str, object]:
    return {name: getattr(event, name) for name in event.__struct_fields__}
