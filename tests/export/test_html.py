"""The page that opens by itself, as a parser of HTML sees it."""

import re
from html.parser import HTMLParser

from twisted.trial.unittest import SynchronousTestCase

from chatroom.core.events import Message
from chatroom.export import html
from chatroom.export.quotes import REMEMBERED
from tests.export.writing import DAY, MINUTE, MORNING, said, thumbs, written

VOID = {"meta", "br", "link", "img", "input"}


class Page(HTMLParser):
    """Its elements, and the text in each."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self._open: list[int] = []
        self.feed(source)
        self.close()
        if self._open:
            raise AssertionError("something is left open")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), []))
        if tag not in VOID:
            self._open.append(len(self.elements) - 1)

    def handle_endtag(self, tag: str) -> None:
        if self.elements[self._open.pop()][0] != tag:
            raise AssertionError(f"{tag} closes another")

    def handle_data(self, data: str) -> None:
        for place in self._open:
            self.elements[place][2].append(data)

    def texts(self, tag: str, name: str = "") -> list[str]:
        """The texts of the elements with this tag, and this class."""
        return [
            "".join(text)
            for each, attributes, text in self.elements
            if each == tag and (not name or name in (attributes.get("class") or "").split())
        ]

    def values(self, attribute: str, tag: str = "") -> list[str | None]:
        """What stands in the attributes of this name."""
        return [
            attributes[attribute]
            for each, attributes, _ in self.elements
            if attribute in attributes and tag in ("", each)
        ]


def page(*messages: Message, **fields: object) -> Page:
    return Page(written("html", *messages, **fields))


class ShownTests(SynchronousTestCase):
    def test_a_conversation_by_days(self) -> None:
        found = page(said(1), said(3, "疑是地上霜", at=MORNING + DAY, user="u2", nick="杜甫"))
        self.assertEqual(found.texts("h1"), ["大厅"])
        self.assertEqual(found.texts("h2"), ["2026年11月22日 星期日", "2026年11月23日 星期一"])
        self.assertEqual(found.texts("bdi", "nick"), ["李白", "杜甫"])
        self.assertEqual(found.texts("div", "text"), ["床前明月光", "疑是地上霜"])
        self.assertEqual(found.texts("span", "face"), ["白", "甫"])
        self.assertEqual(found.values("datetime")[1:3], ["2026-11-22", "2026-11-22T10:01:00+08:00"])
        self.assertEqual(found.texts("footer"), ["到这里为止，一共 2 条消息。"])

    def test_in_english(self) -> None:
        found = page(said(), language="en", topic="Poems & more")
        self.assertEqual(found.values("lang"), ["en"])
        self.assertEqual(found.texts("h2"), ["Sunday, 22 November 2026"])
        self.assertEqual(found.texts("footer"), ["This is the end: 1 message."])
        self.assertEqual(found.texts("p")[0], "Poems & more")
        self.assertEqual(found.texts("p", "about"), ["Saved on 2026-11-23 10:00 (CST)."])

    def test_nothing_was_said(self) -> None:
        found = page()
        self.assertEqual(found.texts("main"), ["\n这里还没有人说过话。\n"])
        self.assertEqual(found.texts("footer"), ["到这里为止，一共 0 条消息。"])

    def test_what_one_says_in_a_row_is_under_one_name(self) -> None:
        found = page(
            said(1),
            said(2),
            said(3, at=MORNING + 2 * MINUTE + html.TOGETHER),
            said(4, at=MORNING + 3 * MINUTE + html.TOGETHER, user="u2"),
            said(5, at=MORNING + 4 * MINUTE + html.TOGETHER, user="u2", nick="杜子美"),
        )
        names = [str(name).split()[2:] for name in found.values("class", "li")]
        self.assertEqual(names, [[], ["on"], [], [], []])

    def test_edited_deleted_and_reactions(self) -> None:
        found = page(
            said(1, edited_at=MORNING + 2 * MINUTE, reactions=thumbs("杜甫", "王维")),
            said(2, "", deleted=True, edited_at=MORNING, reply_to=1),
            said(3, reactions=thumbs("杜甫", count=21)),
        )
        self.assertEqual(found.texts("span", "edited"), ["改过"])
        self.assertEqual(found.texts("p", "gone"), ["这条删掉了"])
        self.assertEqual(found.texts("p", "reply"), [])
        self.assertEqual(found.texts("ul", "reactions"), ["👍 杜甫、王维", "👍 杜甫等 21 人"])

    def test_replies_lead_to_their_message(self) -> None:
        found = page(
            said(7, "长" * 100),
            said(8, reply_to=7),
            said(9, "", deleted=True),
            said(10, reply_to=9),
            said(11, reply_to=3),
        )
        self.assertEqual(
            found.texts("p", "reply"),
            [f"回复 李白：{'长' * 79}…", "回复一条删掉了的消息", "回复更早的一条消息"],
        )
        ids = {f"#{name}" for name in found.values("id", "li")}
        links = [each for each in found.values("href") if str(each).startswith("#")]
        self.assertEqual(set(links) - ids, set(), "none leads to what is not in the file")
        self.assertEqual(links.count("#m7"), 2)

    def test_only_so_many_can_be_quoted_but_all_are_linked(self) -> None:
        messages = [said(seq, at=MORNING) for seq in range(1, REMEMBERED + 2)]
        found = page(*messages, said(5000, reply_to=1), said(5001, reply_to=3))
        self.assertEqual(found.texts("p", "reply"), ["回复更早的一条消息", "回复 李白：床前明月光"])
        self.assertEqual(found.values("href").count("#m1"), 2)


class SafetyTests(SynchronousTestCase):
    def test_nothing_that_anybody_said_is_markup(self) -> None:
        evil = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;</li></main>"
        found = page(
            said(1, evil, nick=evil, user=evil),
            said(2, reply_to=1, nick=evil, reactions=thumbs(evil)),
            room=evil,
            title=evil,
            topic=evil,
        )
        tags = {tag for tag, _, _ in found.elements}
        self.assertEqual(tags & {"script", "img", "iframe", "object", "form", "link"}, set())
        names = {name for _, attributes, _ in found.elements for name in attributes}
        self.assertEqual(
            {name for name in names if name.startswith("on") or name == "style"}, set()
        )
        self.assertEqual(found.texts("div", "text")[0], evil)
        self.assertEqual(found.texts("h1"), [evil])

    def test_only_safe_addresses_are_links(self) -> None:
        found = page(
            said(text='看 https://a.example/x?a=1&b="2。javascript:alert(1) data:text/html,x'),
            said(2, "https://bank.example@evil.example ftp://a.example http://b.example)"),
        )
        links = [
            attributes
            for tag, attributes, _ in found.elements
            if tag == "a" and not str(attributes["href"]).startswith("#")
        ]
        self.assertEqual(
            [each["href"] for each in links], ["https://a.example/x?a=1&b=", "http://b.example"]
        )
        for each in links:
            self.assertEqual(each["rel"], "noopener noreferrer nofollow")

    def test_control_characters_are_shown_as_such(self) -> None:
        found = page(said(text="a\x1b[31m\x85b\tc\nd"))
        self.assertEqual(found.texts("div", "text"), ["a\ufffd[31m\ufffdb\tc\nd"])

    def test_the_browser_is_told_to_do_nothing_but_show_it(self) -> None:
        source = written("html", said())
        self.assertIn("default-src 'none'", html.POLICY)
        self.assertIn("script-src 'none'", html.POLICY)
        self.assertIn(f'content="{html.POLICY}"', source)
        self.assertNotIn("url(", source)
        self.assertNotIn("@import", source)
        self.assertEqual(re.findall(r"https?://", source), [])

    def test_who_broke_off_is_told_and_who_did_not_is_not(self) -> None:
        source = written("html", said())
        self.assertIn("body:not(:has(#end)) .cut", source)
        self.assertEqual(source.count('id="end"'), 1)
        self.assertTrue(source.rstrip().endswith("</html>"))
