"""What is the same for a reader is the same, and it is known where it stood."""

from unicodedata import normalize

from hypothesis import example, given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from chatroom.search.folding import fold, folded

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


class FoldingTests(SynchronousTestCase):
    def test_case_width_and_form_do_not_count(self) -> None:
        for text, other in (
            ("HELLO", "hello"),
            ("ＡＢＣ１２３", "abc123"),
            ("ｶﾞｷﾞ", "ガギ"),
            ("Straße", "STRASSE"),
            ("cafe\u0301", "café"),
            ("\u1112\u1161\u11ab", "한"),
            ("mc²", "MC2"),
            ("don’t", "don't"),
            ("㍿", "株式会社"),
            ("❤\ufe0f", "❤"),
            ("so\u00adft", "soft"),
        ):
            self.assertEqual(folded(text), folded(other))

    def test_what_differs_for_a_reader_stays_different(self) -> None:
        for text, other in (("臺", "台"), ("長", "长"), ("é", "e"), ("は", "ハ"), ("は", "ば")):
            self.assertNotEqual(folded(text), folded(other))

    def test_each_character_knows_where_it_stood(self) -> None:
        found = fold("Ｘｶﾞß\ufe0f!")
        self.assertEqual(found.text, "xガss!")
        self.assertEqual(list(found.starts), [0, 1, 3, 3, 5])
        self.assertEqual(list(found.ends), [1, 3, 5, 5, 6])

    @given(TEXTS)
    @example("İ")
    @example("ﾞﾟ")
    @example("\u0345ΐ")
    def test_places_are_in_the_text_and_in_order(self, text: str) -> None:
        found = fold(text)
        self.assertEqual(len(found.starts), len(found.text))
        self.assertEqual(len(found.ends), len(found.text))
        for start, end in zip(found.starts, found.ends, strict=True):
            self.assertTrue(0 <= start < end <= len(text))
        self.assertEqual(list(found.starts), sorted(found.starts))

    @given(TEXTS)
    def test_a_text_in_another_form_is_the_same(self, text: str) -> None:
        composed = normalize("NFC", text)
        self.assertEqual(folded(normalize("NFD", composed)), folded(composed))
