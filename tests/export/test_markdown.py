"""Markdown for people: what was said stays text."""

from twisted.trial.unittest import SynchronousTestCase

from chatroom.export.markdown import escaped
from tests.export.writing import DAY, MORNING, said, thumbs, written


class MarkdownTests(SynchronousTestCase):
    def test_a_conversation(self) -> None:
        found = written(
            "markdown",
            said(1, edited_at=MORNING),
            said(
                2,
                "疑是\n地上霜\n\n1. 一",
                nick="杜甫",
                reply_to=1,
                reactions=thumbs("李白", "王维"),
            ),
            said(3, "", at=MORNING + DAY, deleted=True),
            said(4, "a", at=MORNING + DAY, reply_to=3),
            topic="诗",
        )
        self.assertEqual(found, WHOLE)

    def test_nothing_was_said(self) -> None:
        found = written("markdown", language="en")
        self.assertTrue(
            found.endswith(
                "\nNobody has said anything here yet.\n\n---\n\n*This is the end: 0 messages.*\n"
            ),
            found,
        )

    def test_signs_are_escaped_where_they_would_mean_something(self) -> None:
        for text, shown in (
            ("*a* _b_ `c` [d](e) <b> &amp; ~~x~~ a|b $x$ \\", None),
            ("# a", r"\# a"),
            ("- a", r"\- a"),
            ("+ a", r"\+ a"),
            ("> a", r"\> a"),
            ("===", r"\==="),
            ("---", r"\---"),
            ("12. a", r"12\. a"),
            ("1) a", r"1\) a"),
            (": a", r"\: a"),
            ("C++ 和 v2.0，a-b #1", "C++ 和 v2.0，a-b #1"),
            ("    code", "&nbsp;&nbsp;&nbsp;&nbsp;code"),
            ("\tcode", "&nbsp;code"),
            ("a\nb", "a b"),
            ("https://a.example/a_b*c。好", "<https://a.example/a_b*c>。好"),
            ("javascript:a", "javascript:a"),
        ):
            if shown is None:
                shown = r"\*a\* \_b\_ \`c\` \[d\](e) \<b\> \&amp; \~\~x\~\~ a\|b \$x\$ \\"
            self.assertEqual(escaped(text), shown)


WHOLE = r"""# 大厅的聊天记录

诗

*保存于2026-11-23 10:00（CST）。*

## 2026年11月22日 星期日

**李白** 10:01 (改过)

床前明月光

**杜甫** 10:02

> 回复 李白：床前明月光

疑是\
地上霜

1\. 一

👍 李白、王维

## 2026年11月23日 星期一

**李白** 10:00

*这条删掉了*

**李白** 10:00

> 回复一条删掉了的消息

a

---

*到这里为止，一共 4 条消息。*
"""
