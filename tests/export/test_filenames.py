"""Names for files, good on every system."""

import re

from twisted.trial.unittest import SynchronousTestCase

from chatroom.export.filenames import LONGEST, distinct, file_name


class FileNameTests(SynchronousTestCase):
    def test_most_rooms_are_called_as_they_are(self) -> None:
        for name in ("大厅", "lobby", "C++", "@k3v_-x", "a b", "Ünï", "名前は？"):
            self.assertEqual(file_name(name), name)

    def test_what_some_system_does_not_take(self) -> None:
        for name, expected in (
            ("con", "_con"),
            ("NUL", "_NUL"),
            ("com1.txt", "_com1.txt"),
            ("lpt²", "_lpt²"),
            ("console", "console"),
            ("..a", "__a"),
            ("a.", "a_"),
            ("a. .", "a___"),
            (".", "_"),
            ("..", "__"),
            ('a<b>:"/\\|?*c', "a_b________c"),
            ("a\nb\x85", "a_b_"),
            ("", "_"),
            ("  a ", "a"),
        ):
            self.assertEqual(file_name(name), expected)

    def test_long_ones_are_cut_between_characters(self) -> None:
        self.assertEqual(file_name("字" * 64), "字" * (LONGEST // 3))
        self.assertEqual(len(file_name("a" * 500)), LONGEST)
        self.assertEqual(file_name("𠮷" * 64).encode().decode(), "𠮷" * (LONGEST // 4))
        self.assertEqual(file_name("a" * (LONGEST - 1) + ".b"), "a" * (LONGEST - 1) + "_")

    def test_no_two_are_alike_for_any_system(self) -> None:
        names = [
            "Lobby",
            "lobby",
            "LOBBY",
            "é",
            "e\u0301",
            "ß",
            "ss",
            "con",
            "_con",
            "字" * 63,
            "字" * 64,
        ]
        found = distinct(names, taken=["index"])
        self.assertEqual(found[:3], ["Lobby", "lobby-2", "LOBBY-3"])
        self.assertEqual(len({name.casefold() for name in found}), len(names))
        self.assertEqual(distinct(["index", "INDEX"], taken=["index"]), ["index-2", "INDEX-3"])

    def test_a_number_does_not_take_what_another_is_called(self) -> None:
        self.assertEqual(distinct(["a", "A-2", "A"]), ["a", "A-2", "A-3"])

    def test_every_one_is_one_file_in_one_folder(self) -> None:
        for number in range(0x250):
            name = file_name(chr(number))
            self.assertTrue(re.fullmatch(r'[^/\\<>:"|?*\x00-\x1f]+', name), repr(name))
            self.assertNotIn(name, (".", ".."))
