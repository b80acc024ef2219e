"""Under which terms a message stands."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from chatroom.search.terms import LONGEST, terms

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


def of(text: str) -> list[str]:
    """The terms of a text, without those of who said it and where."""
    return terms(text, "李白", 7)[2:]


class TermTests(SynchronousTestCase):
    def test_pairs_and_the_last_one(self) -> None:
        self.assertEqual(of("北京大学"), ["北京", "京大", "大学", "学"])
        self.assertEqual(of("好"), ["好"])
        self.assertEqual(of("你好，世界"), ["你好", "好", "世界", "界"])
        self.assertEqual(of("ﾗｰﾒﾝ"), ["ラー", "ーメ", "メン", "ン"])
        self.assertEqual(of("한국어"), ["한국", "국어", "어"])

    def test_words(self) -> None:
        self.assertEqual(of("Hello, HELLO world!"), ["hello", "world"])
        self.assertEqual(of("v2.0 user_name"), ["v2", "0", "user", "name"])
        self.assertEqual(of("C++ C# g++."), ["c", "c++", "c#", "g", "g++"])
        self.assertEqual(of("iPhone手机5"), ["iphone", "手机", "机", "5"])

    def test_symbols(self) -> None:
        self.assertEqual(of("👍🏽❤️"), ["👍", "🏽", "❤"])
        self.assertEqual(of("$5 → €4"), ["$", "5", "→", "€", "4"])
        self.assertEqual(of("。，!?-()"), [])

    def test_who_and_where_and_links(self) -> None:
        self.assertEqual(terms("a", "Li Bai", 7), ["from:li_bai", "in:7", "a"])
        for text in ("http://a", "see HTTPS://例子.中国/", "www.example.org"):
            self.assertIn("has:link", of(text))
        for text in ("http:// ", "www.", "awww.x", "https:///", "no"):
            self.assertNotIn("has:link", of(text))

    def test_a_long_word_counts_to_some_length(self) -> None:
        self.assertEqual(of("x" * 4000), ["x" * LONGEST])

    @given(TEXTS, TEXTS)
    def test_each_is_one_to_an_index_and_comes_once(self, text: str, nick: str) -> None:
        found = terms(text, nick, 7)
        self.assertEqual(len(found), len(set(found)))
        for term in found:
            # What SQLite's tokenizer would split at (chatroom/storage/schema.py).
            self.assertRegex(term, r"\A[0-9a-zA-Z$+#_:\x80-\U0010ffff]+\Z")
