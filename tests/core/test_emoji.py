"""What may be put to a message."""

from twisted.trial.unittest import SynchronousTestCase

from chatroom.core.emoji import check_emoji
from chatroom.core.errors import Refused

EMOJI = (
    "👍",
    "👍🏽",
    "❤️",
    "☺",
    "3️⃣",
    "#️⃣",
    "🇨🇳",
    "👨‍👩‍👧‍👦",
    "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "👩🏽‍❤️‍💋‍👨🏽",
    "㊗️",
    "©️",
    "\U0001faea",
)
OTHER = (
    "", " ", "a", "字", "1", "12", "#", "<b>", "👍a", "👍 ", "a👍", "\u200d", "\ufe0f", "\u202e",
    "^", "+", "👍" * 13, "3️⃣3️⃣", "\n", "`",
)  # fmt: skip


class EmojiTests(SynchronousTestCase):
    def test_emoji_of_all_forms(self) -> None:
        for text in EMOJI:
            check_emoji(text)

    def test_nothing_else(self) -> None:
        for text in OTHER:
            refused = self.assertRaises(Refused, check_emoji, text)
            self.assertEqual(refused.code, "bad_field", text)
