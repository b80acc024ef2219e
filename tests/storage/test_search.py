"""Searching in what is stored: on the real SQL, held to the same sentences as any database."""

import sqlite3
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any
from unittest.mock import patch

from chatroom.core.interfaces import Hits, Place, Search
from chatroom.core.work import Kind
from chatroom.search.query import parse
from chatroom.storage import backlog, index, schema, search
from chatroom.storage.files import DATABASE, open_writer, prepare
from tests.search.sentences import SEARCHES, SENTENCES

from .storing import DU_FU, MORNING, StorageTestCase, change, draft

SECRET = "qqwwxxyyqqwwxxyy"
OLDER = """
    INSERT INTO rooms (id, name, seq, created_at) VALUES (1, 'lobby', 4, 9), (2, 'empty', 0, 9);
    INSERT INTO messages (room, seq, user, nick, text, at, deleted) VALUES
        (1, 1, 'u-libai', '李白', '床前明月光', 9000, 0),
        (1, 2, 'u-libai', '李白', '', 9001, 1),
        (1, 4, 'u-libai', '李白', '举头望明月', 9002, 0);
"""


class SearchCase(StorageTestCase):
    """Ways to search, once all is indexed or before."""

    def index(self) -> None:
        """Let the index catch up."""
        self.database.upkeep.soon(to_sweep=True)
        for _ in range(100):
            self.clock.advance(0.05)

    def hits(self, q: str, **fields: Any) -> Hits:
        asked = Search(**{"query": parse(q), "user": "u-dufu", "now": MORNING} | fields)
        return self.successResultOf(self.database.log.search(asked))

    def found(self, q: str, **fields: Any) -> list[str]:
        """The texts that are found, the newest first."""
        return [message.text for message in self.hits(q, **fields).messages]

    def all_pages(self, q: str, limit: int) -> list[list[str]]:
        """What is found by going on until there is no more."""
        pages = []
        before = None
        while True:
            hits = self.hits(q, limit=limit, before=before)
            pages.append([message.text for message in hits.messages])
            if hits.next is None:
                return pages
            self.assertTrue(before is None or hits.next < before)
            before = hits.next

    def change_by_hand(self, statements: str) -> None:
        with closing(open_writer(self.folder / DATABASE)) as connection:
            connection.executescript(statements)


class SentenceTests(SearchCase):
    def test_each_search_finds_what_it_should_the_newest_first(self) -> None:
        numbers: dict[tuple[str, int], int] = {}
        for each in SENTENCES:
            said = draft(each.text, each.room, user=each.nick, nick=each.nick, at=each.at)
            [receipt] = self.write(said)
            assert not isinstance(receipt, str)
            numbers[each.room, receipt.event.seq] = each.n
        self.index()
        for searched in SEARCHES:
            hits = self.hits(searched.q, limit=100)
            found = [numbers[each.room, each.seq] for each in hits.messages]
            self.assertEqual(found, searched.found[::-1], searched.q)
            if searched.match is not None:
                match = [[list(pair) for pair in each.match] for each in hits.messages]
                self.assertEqual(match, searched.match[::-1], searched.q)
            inside = self.hits(searched.q, limit=100, room="大厅")
            self.assertEqual(
                [each.seq for each in inside.messages],
                [each.seq for each in hits.messages if each.room == "大厅"],
                searched.q,
            )
            self.assertEqual(self.hits(searched.q, room="nobody"), Hits([], None))


class ChangeTests(SearchCase):
    def test_a_message_is_found_a_moment_after_and_as_history_has_it(self) -> None:
        self.write(draft("床前明月光", id="m1"), draft("举头望明月", reply_to=None))
        self.assertEqual(self.found("明月"), [])
        # Where nothing but the time is asked for, nothing has to be indexed.
        self.assertEqual(self.found("after:2000-01-01"), ["举头望明月", "床前明月光"])
        self.clock.advance(0.1)
        self.change(change(Kind.REACT, 1, text="👍"))
        [_, first] = self.hits("明月").messages
        page = self.successResultOf(self.database.log.page("lobby", Place(), 10))
        expected = page.messages[0]
        for field in expected.__struct_fields__:
            self.assertEqual(getattr(first, field), getattr(expected, field), field)
        self.assertEqual((first.room, first.match), ("lobby", [(2, 4)]))

    def test_what_was_edited_away_is_not_found(self) -> None:
        self.write(draft("床前明月光"), draft("明月几时有"))
        self.index()
        self.change(change(Kind.EDIT, 1, text="疑是地上霜"))
        self.assertEqual(self.found("明月"), ["明月几时有"])
        self.assertEqual(self.found("地上"), ["疑是地上霜"])
        self.change(change(Kind.EDIT, 1, text="明月松间照"))
        self.assertEqual(self.found("明月"), ["明月几时有", "明月松间照"])
        self.check_index(2)

    def test_what_was_deleted_is_not_found(self) -> None:
        self.write(draft("床前明月光"), draft("明月几时有"))
        self.index()
        self.change(change(Kind.DELETE, 1))
        self.assertEqual(self.found("明月"), ["明月几时有"])
        self.assertEqual(self.found("from:李白"), ["明月几时有"])
        self.assertEqual(self.found("after:1971-01-01"), ["明月几时有"])
        self.check_index(1)

    def test_so_is_what_was_changed_before_it_was_indexed(self) -> None:
        self.write(draft("床前明月光"), draft("明月几时有"), draft("明月松间照"))
        self.change(change(Kind.DELETE, 1), change(Kind.EDIT, 2, text="把酒问青天"))
        self.index()
        self.assertEqual(self.found("明月"), ["明月松间照"])
        self.assertEqual(self.found("青天"), ["把酒问青天"])
        self.check_index(2)

    def test_what_is_taken_back_leaves_the_index_as_it_was(self) -> None:
        """Also what was said in the same second, by the same user, with the same words."""
        self.write(*[draft("同一句话 same words")] * 5)
        self.index()
        self.change(*[change(Kind.DELETE, seq) for seq in (2, 4, 5)])
        self.assertEqual([each.seq for each in self.hits("same").messages], [3, 1])
        self.check_index(2)

    def check_index(self, messages: int) -> None:
        """The index is sound, and of so many messages."""
        [(room,)] = self.rows("SELECT id FROM rooms")
        query = "SELECT count(*) FROM search WHERE search MATCH ?"
        self.assertEqual(self.rows(query, f'"in:{room}"'), [(messages,)])
        self.rows("INSERT INTO search (search) VALUES ('integrity-check')")

    def test_a_deleted_word_is_in_no_page_of_the_file(self) -> None:
        self.write(*[draft(f"word{n} {n * n} 中文{n}") for n in range(300)], draft(SECRET))
        self.index()
        self.write(draft("x" + SECRET))
        self.index()
        self.change(change(Kind.DELETE, 301), change(Kind.EDIT, 302, text="gone"))
        self.write(draft("later"))
        self.clock.advance(600)
        self.index()
        # The beginning of a term may stand with the term before it.
        rest = SECRET[6:].encode()
        for (block,) in self.rows("SELECT block FROM search_data"):
            self.assertFalse(rest in block)
        # Earlier texts stay in the log, of which a deletion takes all.
        self.change(change(Kind.DELETE, 302))
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        self.assertFalse(rest in (self.folder / DATABASE).read_bytes())
        self.assertEqual(self.found('"word7" 49'), ["word7 49 中文7"])
        self.assertEqual(self.found("later"), ["later"])


class CatchingUpTests(SearchCase):
    def test_after_a_kill_it_goes_on_where_it_was(self) -> None:
        self.patch(backlog, "SIZE", 120)
        self.write(*[draft(f"第{n}句") for n in range(10)], draft("第一句", room="诗社"))
        # The server is killed between two rounds: nobody closes anything.
        self.clock.advance(0.05)
        self.clock.advance(0.005)
        early = self.found("句")
        self.assertTrue(0 < len(early) < 11, early)
        self.close(self.database)
        self.database = self.open()
        self.assertEqual(self.found("句"), early)
        self.index()
        self.assertEqual(len(self.found("句")), 11)
        self.assertEqual(self.rows("SELECT count(*) FROM rooms WHERE searched < seq"), [(0,)])

    def test_a_room_with_little_to_do_does_not_wait_for_one_with_much(self) -> None:
        self.patch(backlog, "SIZE", 120)
        self.write(*[draft(f"第{n}句") for n in range(10)], draft("明月", room="诗社"))
        self.clock.advance(0.05)
        self.assertEqual(self.found("明月"), ["明月"])

    def test_long_texts_come_one_by_one(self) -> None:
        self.patch(backlog, "SIZE", 120)
        self.write(draft("月" * 30), draft("明月", room="诗社"), draft("明" * 80))
        found = []
        for seconds in (0.05, 0.005, 0.005):
            self.clock.advance(seconds)
            found.append(len(self.found("from:李白")))
        self.assertEqual(found, [1, 2, 3])

    def test_events_that_are_no_messages_are_passed_over(self) -> None:
        self.write(draft("明月"))
        self.change(*[change(Kind.REACT, 1, text=emoji) for emoji in "👍😂"])
        self.index()
        self.assertEqual(self.rows("SELECT seq, searched FROM rooms"), [(3, 3)])

    def test_a_database_of_before_is_indexed(self) -> None:
        self.folder = Path(self.mktemp())
        self.folder.mkdir()
        with patch.object(schema, "STEPS", schema.STEPS[:3]):
            path = prepare(self.folder)
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.executescript(OLDER)
        self.database = self.open()
        self.assertEqual(self.found("明月"), [])
        self.index()
        self.assertEqual(self.found("明月"), ["举头望明月", "床前明月光"])

    def test_an_index_of_other_terms_is_made_anew(self) -> None:
        self.write(draft("床前明月光"), draft("明月几时有"))
        self.index()
        self.close(self.database)
        self.patch(index, "VERSION", "another")
        self.database = self.open()
        self.assertEqual(self.found("明月"), [])
        # Nothing is taken out that is not in.
        self.change(change(Kind.DELETE, 1))
        self.index()
        self.assertEqual(self.found("明月"), ["明月几时有"])
        self.rows("INSERT INTO search (search) VALUES ('integrity-check')")
        self.close(self.database)
        self.database = self.open()
        self.assertEqual(self.found("明月"), ["明月几时有"])

    def test_what_a_later_sqlite_made_an_older_one_makes_anew(self) -> None:
        self.write(draft("床前明月光"), draft("明月几时有"))
        self.index()
        self.close(self.database)
        self.change_by_hand("UPDATE search_config SET v = 5 WHERE k = 'version'")
        self.database = self.open()
        self.index()
        self.change(change(Kind.DELETE, 1))
        self.assertEqual(self.found("明月"), ["明月几时有"])

    def test_more_in_a_second_than_there_are_places_for(self) -> None:
        self.patch(index, "SLOTS", 2)
        self.patch(search, "SLOTS", 2)
        self.write(*[draft(f"第{n}句") for n in range(11)])
        self.index()
        self.write(*[draft(f"第{n}句") for n in range(11, 15)])
        self.index()
        self.assertEqual(self.found("句"), [f"第{n}句" for n in reversed(range(15))])

    def test_the_newest_comes_first_whichever_was_indexed_first(self) -> None:
        self.write(draft("二", at=MORNING + 5000))
        self.index()
        self.write(draft("三", at=MORNING + 9000, room="a"), draft("一", at=MORNING, room="b"))
        self.index()
        self.assertEqual(self.found("from:李白"), ["三", "二", "一"])


class PageTests(SearchCase):
    def setUp(self) -> None:
        super().setUp()
        self.texts_said = [f"第{n}句" for n in range(25)]
        said = enumerate(self.texts_said)
        self.write(*[draft(text, room=f"r{n % 3}", at=MORNING + n) for n, text in said])
        self.index()
        self.newest_first = self.texts_said[::-1]

    def test_pages_give_each_once(self) -> None:
        for limit, sizes in ((10, [10, 10, 5]), (25, [25]), (24, [24, 1]), (5, [5] * 5)):
            pages = self.all_pages("句", limit)
            self.assertEqual([len(page) for page in pages], sizes)
            self.assertEqual([*chain(*pages)], self.newest_first)

    def test_a_page_ends_early_when_it_is_large(self) -> None:
        self.patch(search, "PAGE", 400)
        pages = self.all_pages("句", 25)
        self.assertGreater(len(pages), 5)
        self.assertEqual([*chain(*pages)], self.newest_first)

    def test_one_that_takes_too_long_gives_what_it_has_and_goes_on(self) -> None:
        self.patch(search, "PATIENCE", -1.0)
        self.patch(search, "AT_LEAST", 2)
        for q, expected in (("句", self.newest_first), ("第1句", ["第1句"]), ("in:r9", [])):
            pages = self.all_pages(q, 20)
            self.assertEqual([*chain(*pages)], expected)
        self.assertEqual(len(self.all_pages("句", 20)), 13)

    def test_new_messages_do_not_come_between_pages(self) -> None:
        first = self.hits("句", limit=10)
        self.write(draft("新的一句"))
        self.index()
        self.assertEqual(self.found("句", limit=30, before=first.next), self.newest_first[10:])

    def test_any_number_is_a_place(self) -> None:
        for before in (0, 1, 2**63 - 1):
            self.assertIn(len(self.found("句", before=before)), (0, 20))
        for q in ("before:1900-01-01", "after:9999-12-01", "after:1900-01-01 第1句"):
            self.assertLessEqual(len(self.found(q)), 1)


class PermissionTests(SearchCase):
    """Who asks is Du Fu."""

    def setUp(self) -> None:
        super().setUp()
        self.write(draft("明月在大厅", room="大厅"), draft("明月在诗社", room="诗社"))
        self.index()
        rooms = self.rows("SELECT name, id FROM rooms")
        self.room = dict(rooms)["诗社"]

    def assert_hidden(self, is_hidden: bool = True, **fields: Any) -> None:
        both = ["明月在诗社", "明月在大厅"]
        self.assertEqual(self.found("明月", **fields), both[is_hidden:])
        for asked in ({"q": "明月 in:诗社"}, {"q": "明月", "room": "诗社"}, {"q": "in:诗社"}):
            hits = self.hits(**asked | fields)
            self.assertEqual(len(hits.messages), 0 if is_hidden else 1)
            self.assertIsNone(hits.next)

    def rule(self, locked: int, password: str) -> None:
        self.change_by_hand(
            f"INSERT INTO rules (room, locked, announcements, slow, password)"
            f" VALUES ({self.room}, {locked}, 0, 0, {password})"
        )

    def ban(self, room: int, until: object) -> None:
        until = "NULL" if until is None else until
        self.change_by_hand(
            "INSERT INTO sanctions VALUES"
            f" ({room}, 'ban', 'u-dufu', '杜甫', 'x', 'x', 1, {until}, NULL, '[]', '[]')"
        )

    def test_open_rooms_are_everybodys(self) -> None:
        self.assert_hidden(False)
        self.assert_hidden(False, user=None)

    def test_closed_rooms_are_their_members(self) -> None:
        for locked, password in ((1, "NULL"), (0, "x'00'"), (1, "x'00'")):
            self.rule(locked, password)
            self.assert_hidden()
            self.assert_hidden(user=None)
            for room, role in ((self.room, 1), (0, 4)):
                self.change_by_hand(
                    f"INSERT INTO roles VALUES ({room}, 'u-dufu', {role}, '杜甫', 1)"
                )
                self.assert_hidden(False)
                self.assert_hidden(user="u-libai")
                self.change_by_hand("DELETE FROM roles")
            self.change_by_hand("DELETE FROM rules")

    def test_rules_that_close_nothing_hide_nothing(self) -> None:
        self.rule(0, "NULL")
        self.assert_hidden(False)

    def test_a_ban_hides_a_room_as_long_as_it_lasts(self) -> None:
        for until, is_hidden in ((None, True), (MORNING + 1, True), (MORNING, False)):
            self.ban(self.room, until)
            self.assert_hidden(is_hidden)
            self.assert_hidden(False, user="u-libai")
            self.change_by_hand("DELETE FROM sanctions")

    def test_a_member_that_is_banned_finds_nothing_there(self) -> None:
        self.rule(1, "NULL")
        self.change_by_hand(f"INSERT INTO roles VALUES ({self.room}, 'u-dufu', 1, '杜甫', 1)")
        self.ban(self.room, None)
        self.assert_hidden()

    def test_who_is_banned_from_the_server_finds_nothing(self) -> None:
        self.ban(0, None)
        self.assertEqual(self.hits("明月"), Hits([], None))
        self.assertEqual(len(self.found("明月", user="u-libai")), 2)

    def test_a_mute_hides_nothing(self) -> None:
        self.ban(self.room, None)
        self.change_by_hand("UPDATE sanctions SET act = 'mute'")
        self.assert_hidden(False)

    def test_hidden_rooms_take_no_place_on_a_page(self) -> None:
        self.write(*[draft(f"明月{n}", room="诗社", **DU_FU) for n in range(30)])
        self.index()
        self.rule(1, "NULL")
        self.assertEqual(self.hits("明月", limit=1).messages[0].text, "明月在大厅")
