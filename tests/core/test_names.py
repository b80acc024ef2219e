"""What nicks and rooms may be called."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from chatroom.core import names
from chatroom.core.errors import Refused


class Refusing(SynchronousTestCase):
    """A test that looks at refusals."""

    def refuses(self, code: str, rule: object, *args: object) -> None:
        """Assert that a rule refuses with this code."""
        with self.assertRaises(Refused) as caught:
            rule(*args)  # type: ignore[operator]
        self.assertEqual(caught.exception.code, code)


class NickTests(Refusing):
    def test_letters_of_every_script_and_one_character_are_enough(self) -> None:
        for nick in ("李", "李白", "Ōgai 森", "مريم", "Ленин", "나", "9", "😀", "a-b_c.d"):
            self.assertEqual(names.nick(nick), nick)

    def test_width_and_spaces_are_normalised_and_case_is_kept(self) -> None:
        self.assertEqual(names.nick("  Ｌi   Bai　"), "Li Bai")

    def test_the_limit_and_past_it(self) -> None:
        self.assertEqual(names.nick("李" * 32), "李" * 32)
        self.refuses("too_long", names.nick, "李" * 33)
        self.refuses("too_long", names.nick, "a" * 100_000)

    def test_growth_by_normalising_counts(self) -> None:
        # U+FDFA is one character, and eighteen in NFKC.
        self.refuses("too_long", names.nick, "\ufdfa" * 2)

    def test_what_cannot_be_seen_is_refused(self) -> None:
        for nick in ("", "   ", "bob\u200b", "\u202eevil", "a\nb", "a\x00b", "\x1b[2J", "\ud800"):
            self.refuses("bad_field", names.nick, nick)

    def test_three_marks_on_a_letter_and_a_fourth(self) -> None:
        names.nick("x\u0324\u0325\u0330")
        self.refuses("bad_field", names.nick, "x\u0324\u0325\u0330\u0331")

    @given(st.text(max_size=200))
    def test_any_text_is_a_stable_nick_or_refused(self, text: str) -> None:
        try:
            nick = names.nick(text)
        except Refused:
            return
        self.assertTrue(1 <= len(nick) <= 32)
        self.assertEqual(names.nick(nick), nick)


class SkeletonTests(SynchronousTestCase):
    def test_look_alikes_share_one(self) -> None:
        for one, other in (
            ("Mark", "Mаrk"),  # a Cyrillic а
            ("mark", "MARK"),
            ("mark", "ｍａｒｋ"),
            ("bob1", "bobl"),
            ("B0b", "bOb"),
            ("二", "ニ"),
            ("paypal", "paypaI"),
            ("I", "l"),
            ("B", "В"),  # a Cyrillic В
            ("Helga", "Нelga"),  # a Cyrillic Н
        ):
            self.assertEqual(names.skeleton(one), names.skeleton(other), (one, other))

    def test_different_names_do_not(self) -> None:
        different = ["李白", "李自", "王维", "mark", "marc", "Anna", "Hanna", "李白-2", "李白-3"]
        self.assertEqual(len({names.skeleton(name) for name in different}), len(different))


class RoomTests(Refusing):
    def test_any_script_trimmed_and_composed(self) -> None:
        self.assertEqual(names.room(" 数学课 "), "数学课")
        self.assertEqual(names.room("cafe\u0301"), "café")
        self.assertEqual(names.room("A b"), "A b")

    def test_the_limit_and_past_it(self) -> None:
        self.assertEqual(names.room("数" * 64), "数" * 64)
        self.refuses("too_long", names.room, "数" * 65)
        self.refuses("too_long", names.room, "a" * 100_000)

    def test_what_would_confuse_a_path_or_a_reader_is_refused(self) -> None:
        for room in (
            "",
            "  ",
            ".",
            "..",
            "@5",
            "a/b",
            "a\x00b",
            "a\nb",
            "a\u202eb",
            "a\u200db",
            "\ud800",
        ):
            self.refuses("bad_field", names.room, room)
