"""Drives a real Chromium from trial.

Playwright's synchronous interface belongs to the thread that started it, so one thread of our own holds one Chromium for
the whole run, while the reactor goes on serving. Each test has windows of its own, with cookies of their own.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from twisted.internet import reactor
from twisted.internet.threads import deferToThreadPool
from twisted.python.threadpool import ThreadPool
from twisted.trial.unittest import TestCase

from tests.serving import serve

# The last `--disable-features` counts, so those that Playwright names are named again: what they turn off may send a page
# elsewhere, or draw it otherwise. Ours would load two pages behind the address bar of each window, which nobody sees here
# and which cost more than the chat's own.
DISABLED = (
    *("AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync"),
    *("DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades"),
    *("LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints"),
    *("PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning"),
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(DISABLED)}",
    # A name that is not localhost: over plain http it has no secure context, as most visitors have none.
    "--host-resolver-rules=MAP chat.test 127.0.0.1",
]
# The browser complains of each lost connection, which is the subject of some tests.
LOSSES = ("WebSocket connection to", "Failed to load resource: net::ERR_")
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}

REPORT_VIOLATIONS = """addEventListener("securitypolicyviolation",
    ({ violatedDirective, blockedURI }) => console.error("CSP", violatedDirective, blockedURI))"""


def chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHATROOM_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        raise AssertionError(
            "No Chromium: install it (apt-get install chromium) or name one in CHATROOM_CHROMIUM."
        )
    return path


@cache
def browser() -> Browser:
    path = chromium()
    playwright = sync_playwright().start()
    launched = playwright.chromium.launch(executable_path=path, args=FLAGS)

    def close() -> None:
        launched.close()
        playwright.stop()

    reactor.addSystemEventTrigger(
        "before", "shutdown", lambda: deferToThreadPool(reactor, thread(), close)
    )
    return launched


@cache
def thread() -> ThreadPool:
    pool = ThreadPool(minthreads=1, maxthreads=1, name="browser")
    pool.start()
    reactor.addSystemEventTrigger("during", "shutdown", pool.stop)
    return pool


def in_browser(script: Callable[..., None]) -> Callable[..., Any]:
    """Runs a test's body in the browser's thread, after what it needs was prepared in the reactor's."""

    @wraps(script)
    async def test(self: PageTestCase) -> None:
        await self.prepare()
        await deferToThreadPool(reactor, thread(), self.drive, script)

    return test


class PageTestCase(TestCase):
    """`open` a window, `enter` with a nick, `say` something; what the browser complains of fails the test."""

    timeout = 60
    host = "localhost"
    # What the server is started with, beyond its defaults.
    options: ClassVar[dict[str, Any]] = {}

    async def prepare(self) -> None:
        self.url = await serve(self, **self.options)

    def drive(self, script: Callable[..., None]) -> None:
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []
        try:
            script(self)
        finally:
            for context in self.contexts:
                context.close()
        self.assertEqual(self.complaints, [])

    def address(self, room: str = "lobby", url: str | None = None) -> str:
        port = urlsplit(url or self.url).port
        path = "/" if room == "lobby" else "/r/" + quote(room, safe="")
        return f"http://{self.host}:{port}{path}"

    def window(self, **options: Any) -> Page:
        """A person of their own, with an empty page; the tests of the service worker allow it."""
        defaults = {"locale": "zh-CN", "viewport": DESKTOP, "service_workers": "block"}
        context = browser().new_context(**{**defaults, **options})
        context.set_default_timeout(10_000)
        context.add_init_script(REPORT_VIOLATIONS)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self.listen)
        return page

    def listen(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(LOSSES):
            self.complaints.append(message.text)

    def open(self, nick: str, room: str = "lobby", url: str | None = None, **options: Any) -> Page:
        page = self.window(**options)
        page.goto(self.address(room, url))
        enter(page, nick)
        return page


def enter(page: Page, nick: str) -> None:
    page.fill("#nick", nick)
    page.click("#nick-submit")
    ready(page)


def ready(page: Page) -> None:
    page.wait_for_selector("body[data-ready]")


def say(page: Page, text: str) -> None:
    page.fill("#text", text)
    page.press("#text", "Enter")


def texts(page: Page) -> list[str]:
    return page.locator("#messages .text").all_inner_texts()
