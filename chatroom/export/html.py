"""A page that opens by itself: one file, no script, nothing from elsewhere."""

import base64
import hashlib
import re
import unicodedata
from datetime import datetime
from html import escape
from pathlib import Path

from chatroom.core.events import Message, Reaction
from chatroom.export.links import Piece, pieces
from chatroom.export.quotes import Quotes
from chatroom.export.words import about, day_in_words, ending, who_reacted, words_of
from chatroom.export.writer import Days, Head

STYLE = Path(__file__).with_name("page.css").read_text("utf-8")
_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none'; "
    "script-src 'none'"
)
"""What a browser may do with the page, whatever somebody has said: show it."""
TOGETHER = 5 * 60 * 1000
"""In ms: what one says within it is under one name."""

# XML's and HTML's text has none of these; one that shows nothing is not to hide anything either.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Html:
    """A page for people: on a phone, in the dark, on paper."""

    def __init__(self, head: Head) -> None:
        self._head = head
        self._words = words_of(head.language)
        self._days = Days()
        self._quotes = Quotes()
        self._count = 0
        self._last: Message | None = None

    def begin(self) -> bytes:
        """Give all that is above the first message."""
        head, words = self._head, self._words
        title = words.title.format(title=head.title)
        exported = head.moment(head.exported_at)
        topic = f'<p dir="auto">{text_of(head.topic)}</p>\n' if head.topic else ""
        return (
            f"{top(title, words.tag)}<header>\n"
            f'<h1 dir="auto">{text_of(head.title)}</h1>\n{topic}'
            f'<p class="about"><time datetime="{_iso(exported)}">{text_of(about(head))}</time>'
            "</p>\n"
            f'<p class="cut" role="alert">{words.cut}</p>\n</header>\n<main>\n'
        ).encode()

    def message(self, message: Message) -> bytes:
        """Give a message, after the line of a new day."""
        moment = self._head.moment(message.at)
        day = self._day(moment) if self._days.begins(moment) else ""
        on = " on" if not day and self._goes_on(message) else ""
        words = self._words
        parts = [
            f'<li id="m{message.seq}" class="said hue-{_hue(message.user)}{on}">',
            f'<span class="face" aria-hidden="true">{text_of(_initial(message.nick))}</span>',
            f'<p class="by"><bdi class="nick">{text_of(message.nick)}</bdi> ',
            f'<a href="#m{message.seq}"><time datetime="{_iso(moment)}">{moment:%H:%M}</time></a>',
        ]
        if message.edited_at and not message.deleted:
            edited = self._head.moment(message.edited_at)
            parts.append(
                f' <span class="edited" title="{edited:%Y-%m-%d %H:%M}">{words.edited}</span>'
            )
        parts.append("</p>")
        if message.deleted:
            parts.append(f'<p class="gone">{words.deleted}</p>')
        else:
            if message.reply_to is not None:
                parts.append(f'<p class="reply" dir="auto">{self._reply(message.reply_to)}</p>')
            text = "".join(map(_piece, pieces(message.text)))
            parts.append(f'<div class="text" dir="auto">{text}</div>')
        if message.reactions:
            reactions = "".join(self._reaction(each) for each in message.reactions)
            parts.append(f'<ul class="reactions">{reactions}</ul>')
        parts.append("</li>\n")
        self._count += 1
        self._last = message
        self._quotes.note(message)
        return (day + "".join(parts)).encode()

    def _day(self, moment: datetime) -> str:
        end = "</ol>\n</section>\n" if self._count else ""
        words = day_in_words(moment, self._head.language)
        return f'{end}<section>\n<h2><time datetime="{moment:%Y-%m-%d}">{words}</time></h2>\n<ol>\n'

    def _goes_on(self, message: Message) -> bool:
        last = self._last
        return (
            last is not None
            and (last.user, last.nick) == (message.user, message.nick)
            and 0 <= message.at - last.at < TOGETHER
        )

    def _reply(self, seq: int) -> str:
        quote = self._quotes.of(seq)
        if quote is None:
            sentence = self._words.reply_to_earlier
        elif not quote.text:
            sentence = self._words.reply_to_deleted
        else:
            sentence = self._words.reply.format(nick=quote.nick, text=quote.text)
        if not self._quotes.has(seq):
            return text_of(sentence)
        return f'<a href="#m{seq}">{text_of(sentence)}</a>'

    def _reaction(self, reaction: Reaction) -> str:
        who = who_reacted(reaction.nicks, reaction.count, self._words)
        return f"<li>{text_of(reaction.emoji)} <bdi>{text_of(who)}</bdi></li>"

    def end(self) -> bytes:
        """Give the count, and close what is open."""
        end = "</ol>\n</section>\n" if self._count else f"<p>{self._words.empty}</p>\n"
        sentence = ending(self._head, self._count)
        return f'{end}</main>\n<footer id="end">{sentence}</footer>\n</body>\n</html>\n'.encode()


def top(title: str, tag: str) -> str:
    """Give a page down to where its body begins."""
    return (
        f'<!doctype html>\n<html lang="{tag}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{text_of(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
    )


def text_of(text: str) -> str:
    """Give text as it stands in a page, in an attribute too."""
    return escape(_CONTROL.sub("\ufffd", text))


def _piece(piece: Piece) -> str:
    text = text_of(piece.text)
    if not piece.is_link:
        return text
    return f'<a href="{text}" rel="noopener noreferrer nofollow" target="_blank">{text}</a>'


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _initial(nick: str) -> str:
    """As the page has it (web/js/text/names.js): a Chinese name is known by its last character."""
    last = nick[-1:]
    is_han = unicodedata.name(last, "").startswith("CJK") if last else False
    return last if is_han else nick[:1].upper()


def _hue(user: str) -> int:
    """The colour that the page gives a user (web/js/text/names.js)."""
    total = 0
    for letter in user:
        total = (total * 31 + ord(letter)) & 0xFFFFFFFF
    return total % 8
