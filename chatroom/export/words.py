"""The words of a file that people read, in both languages."""

from datetime import datetime
from typing import NamedTuple

from chatroom.export.writer import Head

LANGUAGES = ("zh", "en")


class Words(NamedTuple):
    """`{…}` stands for what is filled in."""

    tag: str
    title: str
    about: str
    empty: str
    end: str
    end_one: str
    cut: str
    edited: str
    deleted: str
    reply: str
    reply_to_deleted: str
    reply_to_earlier: str
    reacted_more: str
    comma: str
    rooms: str
    messages: str
    message: str


_WORDS = {
    "zh": Words(
        tag="zh-Hans",
        title="{title}的聊天记录",
        about="保存于{time}（{zone}）。",
        empty="这里还没有人说过话。",
        end="到这里为止，一共 {count:,} 条消息。",
        end_one="到这里为止，一共 1 条消息。",
        cut="这个文件没有保存完，请再保存一次。",
        edited="改过",
        deleted="这条删掉了",
        reply="回复 {nick}：{text}",
        reply_to_deleted="回复一条删掉了的消息",
        reply_to_earlier="回复更早的一条消息",
        reacted_more="{nicks}等 {count:,} 人",
        comma="、",
        rooms="所有聊天室",
        messages="{count:,} 条消息",
        message="1 条消息",
    ),
    "en": Words(
        tag="en",
        title="{title}: the conversation",
        about="Saved on {time} ({zone}).",
        empty="Nobody has said anything here yet.",
        end="This is the end: {count:,} messages.",
        end_one="This is the end: 1 message.",
        cut="This file was not saved to its end; please save it again.",
        edited="edited",
        deleted="This message was deleted",
        reply="In reply to {nick}: {text}",
        reply_to_deleted="In reply to a message that was deleted",
        reply_to_earlier="In reply to an earlier message",
        reacted_more="{nicks} and others, {count:,} in all",
        comma=", ",
        rooms="All rooms",
        messages="{count:,} messages",
        message="1 message",
    ),
}
_ZH_DAYS = "一二三四五六日"
# Not by strftime, whose words are those of the server's own language.
_EN_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_EN_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def words_of(language: str) -> Words:
    """The words in this language."""
    return _WORDS[language]


def day_in_words(moment: datetime, language: str) -> str:
    """A day with its weekday."""
    if language == "zh":
        weekday = _ZH_DAYS[moment.weekday()]
        return f"{moment.year}年{moment.month}月{moment.day}日 星期{weekday}"
    month = _EN_MONTHS[moment.month - 1]
    return f"{_EN_DAYS[moment.weekday()]}, {moment.day} {month} {moment.year}"


def about(head: Head) -> str:
    """When and for which zone the file was made."""
    moment = head.moment(head.exported_at)
    time = f"{moment:%Y-%m-%d %H:%M}"
    return words_of(head.language).about.format(time=time, zone=moment.tzname() or "UTC")


def ending(head: Head, count: int) -> str:
    """That these were all, and how many."""
    words = words_of(head.language)
    return words.end_one if count == 1 else words.end.format(count=count)


def who_reacted(nicks: list[str], count: int, words: Words) -> str:
    """Those who put an emoji to a message, as far as they are named."""
    listed = words.comma.join(nicks)
    return listed if count <= len(nicks) else words.reacted_more.format(nicks=listed, count=count)


def how_many(count: int, words: Words) -> str:
    """How many messages there are."""
    return words.message if count == 1 else words.messages.format(count=count)
