"""Makes the pictures of the page in docs/pictures: python -m tests.web.pictures, or scripts/pictures.

A phone and a desk, by day and by night, in Chinese and in English; always the same talk at the same time.
"""

import socket
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.end_to_end.process import open_url, wait_until
from tests.web.browser import DESKTOP, FLAGS, chromium, enter
from tests.web.scripted import ScriptedServer

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SCREENS: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
    "desk": {"viewport": DESKTOP},
}
# 10:24 in Shanghai, on the first of June 2026.
NOW = 1_780_280_640_000
MINUTE = 60_000

TALK: dict[str, dict[str, Any]] = {
    "zh": {
        "locale": "zh-CN",
        "room": "数学课",
        "me": "林老师",
        "people": ["王小明", "李思雨", "陈浩", "赵一诺", "周子轩"],
        "said": [
            (26, 0, "老师早！昨天的作业第三题，我算出来是 **12**，对吗？"),
            (25, 1, "我也是 12 👍"),
            (24, 2, "我写了个程序验算：\n```python\nsum(n for n in range(100) if n % 9 == 4)\n```"),
            (
                21,
                None,
                "思路都对。今天看这一页，先自己做：https://example.org/几何/圆，十分钟后一起讲。",
            ),
            (20, None, "> 圆心角是圆周角的两倍\n- 先画图\n- 再写 *为什么*"),
            (6, 3, "@林老师 我在家里上课，刚才断网了，前面的都补上了"),
            (5, 4, "🎉🎉"),
        ],
        "typing": 0,
        "mine": "好，到齐了。现在开始讲第一题。",
    },
    "en": {
        "locale": "en-GB",
        "room": "maths",
        "me": "Ms Lin",
        "people": ["Tom", "Sarah", "Chen Hao", "Zoë", "Ravi"],
        "said": [
            (26, 0, "Good morning! For question three I get **12**. Is that right?"),
            (25, 1, "12 here too 👍"),
            (24, 2, "I checked it:\n```python\nsum(n for n in range(100) if n % 9 == 4)\n```"),
            (
                21,
                None,
                "Well done. Today it is this page, first by yourselves: https://example.org/circles",
            ),
            (
                20,
                None,
                "> The angle at the centre is twice the one at the edge\n- draw it\n- then say *why*",
            ),
            (6, 3, "@Ms Lin I am at home and was cut off, but everything came after"),
            (5, 4, "🎉🎉"),
        ],
        "typing": 0,
        "mine": "Good, all of us are here. Let us begin with the first.",
    },
}


def talk(page: Page, url: str, told: dict[str, Any]) -> None:
    """Plays the talk into a page."""
    people = [
        {"user": f"user {number}", "nick": nick} for number, nick in enumerate(told["people"])
    ]
    server = ScriptedServer(page)
    server.nick, server.longest = told["me"], 4000
    server.members = [{"user": "me", "nick": told["me"]}, *people]
    for ago, who, text in told["said"]:
        author = {"user": "me", "nick": told["me"]} if who is None else people[who]
        server.store(text, **author)
        server.log[-1]["at"] = NOW - ago * MINUTE
    page.clock.set_fixed_time(NOW)
    page.goto(f"{url}r/{quote(told['room'])}")
    enter(page, told["me"])
    server.on_say = lambda command: server.send(
        type="said",
        room=told["room"],
        **{**server.store(command["text"], "me", told["me"], id=command["id"]), "at": NOW},
    )
    page.fill("#text", told["mine"])
    page.click("#send")
    expect(page.locator(".pending")).to_have_count(0)
    server.send(type="typing", room=told["room"], **people[told["typing"]])
    expect(page.locator("#typing")).not_to_be_empty()


def take(browser: Browser, url: str) -> None:
    """Makes every picture."""
    for language, told in TALK.items():
        for screen, options in SCREENS.items():
            for scheme in ("light", "dark"):
                context = browser.new_context(
                    locale=told["locale"],
                    timezone_id="Asia/Shanghai",
                    color_scheme=scheme,
                    reduced_motion="reduce",
                    service_workers="block",
                    **options,
                )
                page = context.new_page()
                talk(page, url, told)
                page.screenshot(path=PICTURES / f"{screen}-{scheme}-{language}.png")
                context.close()


def main() -> None:
    """Starts a server and a browser for as long as it takes."""
    PICTURES.mkdir(exist_ok=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://localhost:{port}/"
    with TemporaryDirectory() as data, sync_playwright() as playwright:
        command = [sys.executable, "-m", "chatroom", "--port", str(port), "--data", data]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
            try:
                wait_until(lambda: answers(url), "the server answered")
                browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
                take(browser, url)
                browser.close()
            finally:
                server.terminate()


def answers(url: str) -> bool:
    try:
        open_url(url).close()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
