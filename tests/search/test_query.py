"""How a query is read, and what it finds in a text."""

from datetime import UTC, datetime

from hypothesis import assume, given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from chatroom.search.folding import folded
from chatroom.search.needles import Term
from chatroom.search.query import Query, parse
from chatroom.search.terms import parts, terms
from tests.search.sentences import SEARCHES, SENTENCES

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


def ms(*when: int) -> int:
    return int(datetime(*when, tzinfo=UTC).timestamp()) * 1000  # type: ignore[misc, arg-type]


def match(q: str, text: str) -> list[tuple[int, int]] | None:
    return parse(q).match(text, "李白", 0)


def has_all(query: Query, text: str, nick: str = "李白") -> bool:
    """Whether an index would give this message for a query."""
    stands = terms(text, nick, 7)
    return all(
        any(each.startswith(term.text) if term.is_prefix else each == term.text for each in stands)
        for term in query.terms
    )


class FilterTests(SynchronousTestCase):
    def test_each(self) -> None:
        for q, expected in (
            ("from:李白", Query(nick="李白")),
            ("from:@李白", Query(nick="李白")),
            ("From：李白", Query(nick="李白")),
            ('from:"Li Bai"', Query(nick="Li Bai")),
            ("in:大厅", Query(room="大厅")),
            ("in:“三年 二班”", Query(room="三年 二班")),
            ("before:2026-11-01", Query(before=ms(2026, 11, 1))),
            ("after:2026-11-01", Query(since=ms(2026, 11, 2))),
            ("after:2026-11-01T08:00+08:00", Query(since=ms(2026, 11, 1))),
            ("before:2026-11-01T08:00:30Z", Query(before=ms(2026, 11, 1, 8, 0, 30))),
            ("has:link", Query(link=True)),
            ("has:LINK from:a from:b", Query(nick="b", link=True)),
        ):
            self.assertEqual(parse(q), expected, q)

    def test_what_is_none_is_text(self) -> None:
        for q in (
            "x:y", "https://example.com", "10:30", "before:tomorrow", "after:2026-13-01",
            "before:20261101", "before:9999-12-31", "has:image", "from:", "in:", 'from:""',
            "note：重要",
        ):  # fmt: skip
            found = parse(q)
            self.assertEqual(found, Query(needles=found.needles), q)
            self.assertTrue(found.needles, q)

    def test_nothing_to_search_for(self) -> None:
        for q in ("", " ", "。", '""', '"', '""""', "?! ，", "\u200b", "“”"):
            self.assertTrue(parse(q).is_empty, q)

    def test_filters_hold_for_the_message(self) -> None:
        for q, holds in (
            ("from:李白", True),
            ("from:李白-2", False),
            ("before:1970-01-02", True),
            ("before:1970-01-01", False),
            ("after:1969-12-31", True),
            ("after:1970-01-01", False),
            ("has:link", False),
        ):
            self.assertEqual(parse(q).match("床前明月光", "李白", 0) is not None, holds, q)
        self.assertEqual(parse("from:LI_BAI").match("a", "Li Bai", 0), None)
        self.assertEqual(parse("from:ＬＩ").match("a", "li", 0), [])


class NeedleTests(SynchronousTestCase):
    def test_terms(self) -> None:
        for q, expected in (
            ("月", [Term("月", True)]),
            ("明月光", [Term("明月"), Term("月光")]),
            ("hello wor", [Term("hello", True), Term("wor", True)]),
            ('"hello wor"', [Term("hello"), Term("wor")]),
            ("iPhone手机", [Term("iphone"), Term("手机")]),
            ("C++", [Term("c++", True)]),
            ("v2.0", [Term("v2"), Term("0", True)]),
            ("from:李白 has:link", [Term("from:李白"), Term("has:link")]),
            ("x" * 100, [Term("x" * 64, True)]),
        ):
            self.assertEqual(parse(q).terms, expected, q)

    def test_ranges_are_of_code_points_and_apart(self) -> None:
        for q, text, expected in (
            ("月", "👍🏽月亮月", [(2, 3), (4, 5)]),
            ("哈哈", "哈哈哈", [(0, 3)]),
            ("ab abc", "xyz abcd", [(4, 7)]),
            ("北京 京大", "北京大学", [(0, 3)]),
            ("ガ", "ｶﾞ!", [(0, 2)]),
            ("ss", "ßs", [(0, 1)]),
            ("s", "ß", [(0, 1)]),
            ("株", "㍿", [(0, 1)]),
            ('"a b"', "a, b", [(0, 4)]),
            ("mc2", "E=mc²", [(2, 5)]),
        ):
            self.assertEqual(match(q, text), expected, (q, text))

    def test_where_a_word_begins_and_ends(self) -> None:
        for q, text, found in (
            ("cat", "concat", False),
            ("cat", "cats", True),
            ('"cat"', "cats", False),
            ('"cat"', "我有cat啦", True),
            ("1月", "11月", False),
            ("a.b", "a b", False),
            ("a.b", "a.bc", True),
            ("a-b", "a-b", True),
            ('"a b"', "ab", False),
            ('"a b"', "a x b", False),
            ("手机", "手 机", False),
            ("C+", "C++", True),
            ("C", "C++", True),
            ("C++", "C+", False),
            ("#tag", "tag", False),
            ("tag", "#tag", True),
            ("हिन्दी", "यह हिन्दी है", True),
            ("ไทย", "ภาษาไทยครับ", True),
        ):
            self.assertEqual(match(q, text) is not None, found, (q, text))


class SentenceTests(SynchronousTestCase):
    def test_there_are_many(self) -> None:
        self.assertGreaterEqual(len(SENTENCES), 200)
        self.assertGreaterEqual(len(SEARCHES), 60)

    def test_each_search_finds_what_it_should_and_nothing_else(self) -> None:
        for searched in SEARCHES:
            query = parse(searched.q)
            found = {}
            for each in SENTENCES:
                ranges = query.match(each.text, each.nick, each.at)
                if ranges is not None and query.room in (None, each.room):
                    found[each.n] = [list(pair) for pair in ranges]
                    self.assertTrue(has_all(query, each.text, each.nick), (searched.q, each.text))
            self.assertEqual(list(found), searched.found, searched.q)
            if searched.match is not None:
                self.assertEqual(list(found.values()), searched.match, searched.q)


class AnyTextTests(SynchronousTestCase):
    @given(st.text(max_size=200) | st.text(st.sampled_from('ab月ガ#+.:"“ fromin👍')), TEXTS)
    def test_nothing_is_too_odd_to_be_read(self, q: str, text: str) -> None:
        ranges = parse(q).match(text, "李白", 0)
        for start, end in ranges or []:
            self.assertTrue(0 <= start < end <= len(text))
        for before, after in zip(ranges or [], (ranges or [])[1:], strict=False):
            self.assertLess(before[1], after[0])

    @given(TEXTS)
    def test_a_message_is_found_by_each_of_its_words_and_pairs(self, text: str) -> None:
        for part in parts(folded(text)):
            for start in range(len(part.text) if part.kind.name == "RUN" else 1):
                for q in (part.text, part.text[start : start + 2], f'"{part.text}"'):
                    query = parse(q)
                    self.assertIsNotNone(query.match(text, "李白", 0), (q, text))
                    self.assertTrue(has_all(query, text), (q, text))

    @given(st.text(st.sampled_from("ab月明ガｶﾞ. +#_-👍ß“\"é"), max_size=12),
           st.text(st.sampled_from("ab月明ガｶﾞ. +#_-👍ß“\"é"), max_size=30))  # fmt: skip
    def test_an_index_gives_all_that_matches(self, q: str, text: str) -> None:
        query = parse(q)
        assume(not query.is_empty)
        if query.match(text, "李白", 0) is not None:
            self.assertTrue(has_all(query, text), (q, text, query.terms))
