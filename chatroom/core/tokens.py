"""Tokens that prove who a guest is, without a row for each."""

import hmac
from base64 import urlsafe_b64encode

from chatroom.core.interfaces import Random


class Tokens:
    """Makes and checks tokens: a user's id and an HMAC-SHA256 (RFC 2104) of it under `secret`."""

    def __init__(self, secret: bytes, rng: Random) -> None:
        self._secret = secret
        self._rng = rng

    def new_user(self) -> str:
        """Make the id of a guest: 96 random bits, URL-safe."""
        return urlsafe_b64encode(self._rng.randbytes(12)).decode()

    def token(self, user: str) -> str:
        """Make the token that proves this user id."""
        proof = hmac.digest(self._secret, b"guest:" + user.encode(), "sha256")
        return f"{user}.{urlsafe_b64encode(proof).decode().rstrip('=')}"

    def user(self, token: str) -> str | None:
        """Give the user id that a token proves, or None."""
        user, dot, _ = token.partition(".")
        if not dot or not token.isascii():
            return None
        return user if hmac.compare_digest(self.token(user).encode(), token.encode()) else None

    def renew(self, token: str | None) -> str | None:
        """Give the token of a new guest to who has none that is valid, and None to others."""
        if token is not None and self.user(token) is not None:
            return None
        return self.token(self.new_user())
