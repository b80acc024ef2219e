"""Tokens prove a guest's id and nothing else."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from chatroom.core.tokens import Tokens


class TokensTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.tokens = Tokens(b"secret", Random(1))

    def test_a_token_proves_its_user(self) -> None:
        user = self.tokens.new_user()
        self.assertEqual(self.tokens.user(self.tokens.token(user)), user)

    def test_users_differ(self) -> None:
        self.assertEqual(len({self.tokens.new_user() for _ in range(100)}), 100)

    def test_another_secret_proves_nothing(self) -> None:
        self.assertIsNone(Tokens(b"other", Random(1)).user(self.tokens.token("li")))

    def test_a_changed_token_proves_nothing(self) -> None:
        token = self.tokens.token("li")
        for place in range(len(token)):
            for letter in "A.-é\x00":
                changed = token[:place] + letter + token[place + 1 :]
                if changed != token:
                    self.assertIsNone(self.tokens.user(changed))

    def test_who_has_a_valid_token_keeps_it(self) -> None:
        self.assertIsNone(self.tokens.renew(self.tokens.token("li")))
        for token in (None, "", "li.forged"):
            renewed = self.tokens.renew(token)
            self.assertIsNotNone(self.tokens.user(renewed or ""))

    @given(st.text(max_size=100))
    def test_no_text_at_all_proves_somebody(self, text: str) -> None:
        self.assertIsNone(self.tokens.user(text))
