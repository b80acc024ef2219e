"""The JSON that every way in shares; what it means on `/ws` is in test_json.py."""

import json as standard
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from chatroom.core.errors import Refused
from chatroom.wire import strict

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=30,
)


class ParseTests(SynchronousTestCase):
    def test_bytes_and_text_are_the_same(self) -> None:
        for value in ({}, [], "月", 1, 1.5, True, None, [{"a": [None]}]):
            text = standard.dumps(value)
            self.assertEqual(strict.parse(text), value)
            self.assertEqual(strict.parse(text.encode()), value)

    def test_what_is_no_json_is_refused_in_a_sentence(self) -> None:
        for payload in (
            "",
            " ",
            "{",
            "[1,]",
            "NaN",
            "-Infinity",
            "1e999",
            '"\\ud800"',
            "01",
            "1 1",
        ):
            for given_as in (payload, payload.encode()):
                refused = self.assertRaises(Refused, strict.parse, given_as)
                self.assertEqual(refused.code, "bad_json", payload)
                self.assertRegex(refused.message, r"\A[A-Z].+\.\Z")

    def test_so_is_what_is_no_utf_8(self) -> None:
        self.assertRaises(Refused, strict.parse, b'"\xff"')
        self.assertRaises(Refused, strict.parse, '"\ud800"')

    def test_a_megabyte_of_brackets_is_refused(self) -> None:
        self.assertRaises(Refused, strict.parse, "[" * 1_000_000)
        self.assertRaises(Refused, strict.parse, "[" * 500_000 + "]" * 500_000)


class FaultTests(SynchronousTestCase):
    def fault(self, payload: str, *depth: int) -> str | None:
        """What is wrong with a payload."""
        return strict.fault(strict.parse(payload), payload.encode(), *depth)

    def test_eight_levels_are_sound_and_nine_are_not(self) -> None:
        for begin, end in (("[", "]"), ('{"a":', "}")):
            self.assertIsNone(self.fault(begin * 8 + "1" + end * 8))
            self.assertIn("levels deep", self.fault(begin * 9 + "1" + end * 9) or "")

    def test_another_depth_may_be_asked(self) -> None:
        for depth in (1, 3, 9):
            self.assertIsNone(self.fault("[" * depth + "]" * depth, depth))
            self.assertIsNotNone(self.fault("[" * (depth + 1) + "]" * (depth + 1), depth))

    def test_empty_lists_and_objects_are_levels_too(self) -> None:
        self.assertIsNone(self.fault("[" * 7 + "{}" + "]" * 7))
        self.assertIsNotNone(self.fault("[" * 8 + "{}" + "]" * 8))

    def test_brackets_in_strings_and_side_by_side_are_no_levels(self) -> None:
        self.assertIsNone(self.fault('["' + "[{" * 50 + '"]'))
        self.assertIsNone(self.fault("[" + ",".join(["[[]]"] * 50) + "]"))

    def test_a_nul_is_found_in_values_and_keys_at_any_depth(self) -> None:
        for nul in (
            '"\\u0000"',
            '"a\\u0000b"',
            '["\\u0000"]',
            '{"\\u0000":1}',
            '[[{"a":"\\u0000"}]]',
            '[[{"\\u0000":[]}]]',
            '{"a":"\\u0000","a":""}',
        ):
            self.assertIn("NUL", self.fault(nul) or "", nul)

    def test_what_only_looks_like_one_is_none(self) -> None:
        self.assertIsNone(self.fault('["\\\\u0000", "u0000"]'))
        for backslashes in range(1, 9):
            payload = '["' + "\\" * backslashes + 'u0000", 1]'
            self.assertEqual(self.fault(payload) is not None, backslashes % 2 == 1, payload)

    @given(VALUES, st.text("[{", max_size=10))
    def test_any_value_is_judged_as_a_look_at_all_of_it_would(
        self, value: Any, around: str
    ) -> None:
        def depth(value: Any) -> int:
            if isinstance(value, dict):
                value = list(value.values())
            return 1 + max(map(depth, value), default=0) if isinstance(value, list) else 0

        for bracket in around:
            value = [value] if bracket == "[" else {"": value}
        payload = standard.dumps(value).encode()
        is_sound = depth(value) <= strict.MAX_DEPTH and "\0" not in strings(value)
        self.assertEqual(strict.fault(value, payload) is None, is_sound)


def strings(value: Any) -> str:
    """All strings of a value, joined."""
    if isinstance(value, dict):
        return "".join(value) + strings(list(value.values()))
    if isinstance(value, list):
        return "".join(map(strings, value))
    return value if isinstance(value, str) else ""
