"""What becomes of stored messages: each change once, and a deleted text nowhere any more."""

from contextlib import closing

from chatroom.core.events import (
    Deleted,
    Edited,
    LogEvent,
    Message,
    Reacted,
    Reaction,
    Said,
    Unreacted,
)
from chatroom.core.interfaces import Place
from chatroom.core.orders import Origin
from chatroom.core.work import Kind
from chatroom.storage.changes import MOST_EMOJI
from chatroom.storage.files import DATABASE, open_writer
from chatroom.storage.reactions import NAMED

from .storing import DU_FU, LI_BAI, MORNING, StorageTestCase, change, draft

SECRET = "举头望明月低头思故乡"


class ChangeTestCase(StorageTestCase):
    def log(self, room: str = "lobby") -> list[LogEvent]:
        return self.successResultOf(self.database.log.after(room, 0, 1000))

    def messages(self, room: str = "lobby") -> list[Message]:
        page = self.successResultOf(self.database.log.page(room, Place(), 200))
        assert page is not None
        return page.messages


class EditTests(ChangeTestCase):
    def test_the_new_text_is_what_history_has_and_the_log_has_both(self) -> None:
        self.write(draft("床前"))
        [edited] = self.change(change(Kind.EDIT, 1, text="床前明月光", at=MORNING + 9))
        self.assertEqual(
            edited,
            Edited(room="lobby", seq=2, of=1, text="床前明月光", user="u-libai", at=MORNING + 9),
        )
        self.assertEqual(self.published[-1], ("lobby", [edited]))
        [said, again] = self.log()
        self.assertEqual((said.text, again), ("床前", edited))
        [message] = self.messages()
        self.assertEqual((message.text, message.edited_at), ("床前明月光", MORNING + 9))

    def test_to_the_same_text_is_nothing(self) -> None:
        self.write(draft("床前"))
        self.assertEqual(self.change(change(Kind.EDIT, 1, text="床前")), [None])
        self.assertEqual(len(self.log()), 1)

    def test_of_two_in_one_batch_the_last_counts(self) -> None:
        self.write(draft("床前"))
        first, second = self.change(
            change(Kind.EDIT, 1, text="一"), change(Kind.EDIT, 1, text="二")
        )
        self.assertEqual((first.seq, second.seq), (2, 3))
        self.assertEqual(self.messages()[0].text, "二")

    def test_only_of_ones_own_and_of_what_is_there(self) -> None:
        self.write(draft("一"), draft("二", **DU_FU))
        self.change(change(Kind.DELETE, 1))
        self.assertEqual(
            self.change(
                change(Kind.EDIT, 2, text="x"),
                change(Kind.EDIT, 1, text="x"),
                change(Kind.EDIT, 9, text="x"),
                change(Kind.EDIT, 1, text="x", room="山"),
            ),
            ["forbidden", "no_such_message", "no_such_message", "no_such_message"],
        )
        self.assertEqual([message.text for message in self.messages()], ["", "二"])


class DeleteTests(ChangeTestCase):
    def test_a_tombstone_is_left(self) -> None:
        self.write(draft(SECRET, id="m1"))
        self.write(draft("后来", reply_to=1))
        [deleted] = self.change(change(Kind.DELETE, 1, at=MORNING + 9))
        self.assertEqual(
            deleted, Deleted(room="lobby", seq=3, of=1, user="u-libai", at=MORNING + 9)
        )
        gone, later = self.messages()
        self.assertEqual((gone.text, gone.deleted, gone.edited_at), ("", True, None))
        self.assertEqual((later.deleted, later.reply_to), (False, 1))
        said = self.log()[0]
        assert isinstance(said, Said)
        self.assertEqual((said.text, said.deleted), ("", True))

    def test_the_text_is_nowhere(self) -> None:
        self.write(draft(SECRET, id="m1"), draft("后来"))
        self.change(
            change(Kind.EDIT, 1, text=SECRET + "一"),
            # In the same batch, too.
            change(Kind.EDIT, 1, text=SECRET + "二"),
            change(Kind.DELETE, 1),
        )
        edits = [event.deleted for event in self.log() if isinstance(event, Edited)]
        self.assertEqual(edits, [True, True])
        self.assertNotIn(SECRET, repr(self.log()) + repr(self.messages()))
        [receipt] = self.write(draft("再说", id="m1"))
        self.assertEqual(
            (receipt.again, receipt.event.text, receipt.event.deleted), (True, "", True)
        )
        with closing(open_writer(self.folder / DATABASE)) as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.close(self.database)
        for file in self.folder.iterdir():
            self.assertNotIn(SECRET.encode(), file.read_bytes(), file.name)

    def test_what_is_deleted_stays_so(self) -> None:
        self.write(draft("一"))
        first, second = self.change(change(Kind.DELETE, 1), change(Kind.DELETE, 1))
        self.assertEqual((first.seq, second), (2, None))

    def test_only_of_ones_own_and_of_what_is_there(self) -> None:
        self.write(draft("一"))
        self.assertEqual(self.change(change(Kind.DELETE, 1, **DU_FU)), ["forbidden"])
        self.assertEqual(self.change(change(Kind.DELETE, 7)), ["no_such_message"])


class ReactionTests(ChangeTestCase):
    def test_each_user_once_by_each_emoji(self) -> None:
        self.write(draft("一"))
        outcomes = self.change(
            change(Kind.REACT, 1, text="👍"),
            change(Kind.REACT, 1, text="👍"),
            change(Kind.REACT, 1, text="👍", at=MORNING + 1, **DU_FU),
            change(Kind.REACT, 1, text="🎉", at=MORNING + 2, **DU_FU),
        )
        self.assertEqual(
            outcomes[0],
            Reacted(room="lobby", seq=2, of=1, emoji="👍", at=MORNING, **LI_BAI),
        )
        self.assertIsNone(outcomes[1])
        self.assertEqual(
            self.messages()[0].reactions,
            [
                Reaction("👍", ["u-libai", "u-dufu"], ["李白", "杜甫"], 2),
                Reaction("🎉", ["u-dufu"], ["杜甫"], 1),
            ],
        )

    def test_it_can_be_taken_back(self) -> None:
        self.write(draft("一"))
        self.change(change(Kind.REACT, 1, text="👍"))
        taken, again = self.change(
            change(Kind.UNREACT, 1, text="👍"), change(Kind.UNREACT, 1, text="👍")
        )
        self.assertEqual(
            (taken, again),
            (Unreacted(room="lobby", seq=3, of=1, emoji="👍", at=MORNING, **LI_BAI), None),
        )
        self.assertIsNone(self.messages()[0].reactions)

    def test_not_to_what_is_not_there(self) -> None:
        self.write(draft("一"))
        self.change(change(Kind.REACT, 1, text="👍"), change(Kind.DELETE, 1))
        self.assertIsNone(self.messages()[0].reactions)
        for kind in (Kind.REACT, Kind.UNREACT):
            self.assertEqual(
                self.change(change(kind, 1, text="👍"), change(kind, 9, text="👍")),
                ["no_such_message"] * 2,
            )

    def test_there_are_at_most_twenty_different_ones(self) -> None:
        self.write(draft("一"))
        emoji = [chr(0x1F600 + number) for number in range(MOST_EMOJI + 1)]
        outcomes = self.change(*(change(Kind.REACT, 1, text=one) for one in emoji))
        self.assertEqual(outcomes[-1], "too_many")
        self.assertNotIn("too_many", outcomes[:-1])
        [event] = self.change(change(Kind.REACT, 1, text=emoji[0], **DU_FU))
        self.assertIsInstance(event, Reacted)

    def test_of_many_the_first_are_named(self) -> None:
        self.write(draft("一"))
        people = [{"user": f"u{number:02}", "nick": str(number)} for number in range(NAMED + 1)]
        self.change(*(change(Kind.REACT, 1, text="👍", **person) for person in people))
        [reaction] = self.messages()[0].reactions or []
        self.assertEqual((len(reaction.users), reaction.count), (NAMED, NAMED + 1))


class ReadTests(ChangeTestCase):
    def test_it_only_goes_forward_and_not_past_the_end(self) -> None:
        self.write(*(draft(str(number)) for number in range(3)))
        self.assertEqual([self.mark(2), self.mark(1), self.mark(2)], [True, False, False])
        self.assertEqual([self.mark(99), self.mark(99)], [True, False])
        self.assertEqual(self.mark(1, room="水"), "no_such_room")
        self.assertEqual(self.rows("SELECT seq FROM reads"), [(3,)])

    def unread(self, user: str = "u-libai", nick: str = "李白") -> list[tuple[object, ...]]:
        rooms = self.successResultOf(self.database.log.unread(user, nick, Origin(), MORNING))
        return [(room.room, room.read, room.unread, room.mentions) for room in rooms]

    def test_what_others_have_said_since_is_counted_in_one_query(self) -> None:
        self.write(draft("一"), draft("山", room="山"), draft("水", room="水"))
        for room in ("lobby", "山"):
            self.mark(1, room=room)
        self.write(
            draft("自己"),
            *(draft(text, **DU_FU) for text in ("@李白 在吗", "好@李白", "没叫", "删了")),
            draft("Ada", room="山", **DU_FU),
        )
        self.change(change(Kind.DELETE, 6, **DU_FU))
        self.assertEqual(self.unread(), [("lobby", 1, 3, 2), ("山", 1, 1, 0)])
        self.assertEqual(self.unread("u-dufu"), [])
        self.write(draft("@ADA", room="山", **DU_FU))
        self.assertEqual(self.unread(nick="Ada")[1], ("山", 1, 2, 1))
