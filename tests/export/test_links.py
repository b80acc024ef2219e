"""Addresses are found as the page finds them: its tests have the same cases."""

from twisted.trial.unittest import SynchronousTestCase

from chatroom.export.links import pieces


def links(text: str) -> list[str]:
    found = list(pieces(text))
    if "".join(piece.text for piece in found) != text:
        raise AssertionError("something is lost")
    return [piece.text for piece in found if piece.is_link]


class LinkTests(SynchronousTestCase):
    def test_addresses_in_sentences(self) -> None:
        for text, expected in (
            ("看https://a.example/路径，好", ["https://a.example/路径"]),
            ("(https://a.example/b_(c)).", ["https://a.example/b_(c)"]),
            (
                "HTTP://A.example http://b.example/?q=1&r=2!",
                ["HTTP://A.example", "http://b.example/?q=1&r=2"],
            ),
            ("没有", []),
            ("http://", []),
            ("https://user@evil.example https://user:pw@evil.example", []),
            ("javascript:alert(1) ftp://a.example //a.example", []),
            ("https://a.example\u202egnp.exe", ["https://a.example"]),
            ("https://[::1/x", []),
            ("https://a.example:99999/", []),
            ("https://a.example'\"><b>", ["https://a.example"]),
        ):
            self.assertEqual(links(text), expected)
