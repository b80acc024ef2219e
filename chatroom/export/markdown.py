"""Markdown for people: what was said stays text, whatever signs are in it."""

import re

from chatroom.core.events import Message
from chatroom.export.links import pieces
from chatroom.export.quotes import Quotes
from chatroom.export.words import about, day_in_words, ending, who_reacted, words_of
from chatroom.export.writer import Days, Head

# What means something anywhere in a line (CommonMark 0.31, 2.4), and what does at its beginning.
_SIGNS = re.compile(r"[\\`*_\[\]<>&~|$]")
_BEGINNING = re.compile(r"(?:([#+\-=:])|(\d{1,9})([.)]))")


class Markdown:
    """A file to be read as it is, or as it is shown."""

    def __init__(self, head: Head) -> None:
        self._head = head
        self._words = words_of(head.language)
        self._days = Days()
        self._quotes = Quotes()
        self._count = 0

    def begin(self) -> bytes:
        """Give the title."""
        head = self._head
        lines = [f"# {escaped(self._words.title.format(title=head.title))}"]
        if head.topic:
            lines.append(escaped(head.topic))
        lines.append(f"*{escaped(about(head))}*")
        return ("\n\n".join(lines) + "\n").encode()

    def message(self, message: Message) -> bytes:
        """Give a message with its name and time, after a new day's heading."""
        self._count += 1
        words, moment = self._words, self._head.moment(message.at)
        parts = []
        if self._days.begins(moment):
            parts.append(f"## {day_in_words(moment, self._head.language)}")
        edited = f" ({words.edited})" if message.edited_at and not message.deleted else ""
        parts.append(f"**{escaped(message.nick)}** {moment:%H:%M}{edited}")
        if message.reply_to is not None and not message.deleted:
            parts.append(f"> {self._reply(message.reply_to)}")
        parts.append(f"*{words.deleted}*" if message.deleted else _paragraphs(message.text))
        if message.reactions:
            parts.append(
                " · ".join(
                    f"{escaped(each.emoji)} {escaped(who_reacted(each.nicks, each.count, words))}"
                    for each in message.reactions
                )
            )
        self._quotes.note(message)
        return ("\n" + "\n\n".join(parts) + "\n").encode()

    def _reply(self, seq: int) -> str:
        quote = self._quotes.of(seq)
        if quote is None:
            return self._words.reply_to_earlier
        if not quote.text:
            return self._words.reply_to_deleted
        return escaped(self._words.reply.format(nick=quote.nick, text=quote.text))

    def end(self) -> bytes:
        """Give the count."""
        empty = "" if self._count else f"\n{self._words.empty}\n"
        return f"{empty}\n---\n\n*{ending(self._head, self._count)}*\n".encode()


def escaped(line: str) -> str:
    """Give one line of Markdown that is shown as this text."""
    line = " ".join(line.splitlines())
    rest = line.lstrip(" \t\u3000")
    # What would be code, if not for that.
    margin = "&nbsp;" * (len(line) - len(rest))
    return margin + _with_beginning("".join(map(_piece, pieces(rest))))


def _piece(piece: tuple[str, bool]) -> str:
    text, is_link = piece
    return f"<{text}>" if is_link else _SIGNS.sub(r"\\\g<0>", text)


def _with_beginning(line: str) -> str:
    found = _BEGINNING.match(line)
    if found is None:
        return line
    sign, number, end = found.groups()
    return ("\\" + sign if sign else f"{number}\\{end}") + line[found.end() :]


def _paragraphs(text: str) -> str:
    """Each line is one, and an empty one parts two paragraphs."""
    blocks = [
        "\\\n".join(map(escaped, block.splitlines()))
        for block in re.split(r"\n[ \t]*(?:\n[ \t]*)+", text.replace("\r\n", "\n").strip("\r\n"))
    ]
    return "\n\n".join(blocks)
