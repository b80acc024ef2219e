"""Cursors tell nothing, and lead back to where they came from."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from chatroom.core.errors import Refused
from chatroom.core.pages import Pages

PLACES = st.integers(0, 2**63 - 1)


class PagesTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.pages = Pages(b"secret")

    @given(PLACES)
    def test_a_cursor_leads_back(self, place: int) -> None:
        self.assertEqual(self.pages.open(self.pages.seal(place)), place)

    @given(st.from_regex("[0-9a-f]{16}", fullmatch=True))
    def test_what_looks_like_one_leads_to_a_place(self, cursor: str) -> None:
        self.assertTrue(0 <= self.pages.open(cursor) < 2**63)

    def test_what_does_not_is_refused(self) -> None:
        for cursor in ("", "x", "0" * 15, "0" * 17, "A" * 16, "0" * 15 + "\n", "０" * 16):
            self.assertRaises(Refused, self.pages.open, cursor)

    def test_places_side_by_side_have_cursors_far_apart(self) -> None:
        cursors = {self.pages.seal(place)[at : at + 4] for place in range(50) for at in (0, 12)}
        self.assertGreater(len(cursors), 90)
        self.assertNotEqual(self.pages.seal(1), Pages(b"other").seal(1))
