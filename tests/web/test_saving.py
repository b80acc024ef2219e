"""The room as a file, saved from the page; and the file, opened by itself."""

from functools import partial
from pathlib import Path
from typing import ClassVar

from playwright.sync_api import ConsoleMessage, Page, Route, expect

from tests.web.axe import AxeTestCase
from tests.web.browser import PHONE, PageTestCase, enter, in_browser, say

EVIL = "<img src=x onerror=alert(1)><script>alert(1)</script>"


def answer(code: int | None, route: Route) -> None:
    if code is None:
        route.abort()
    else:
        route.fulfill(status=code)


def choose(page: Page) -> None:
    page.click("#menu-open")
    page.get_by_role("button", name="保存聊天记录…").click()


class SavingTests(PageTestCase):
    host = "chat.test"
    options: ClassVar = {"rate": 0}

    def listen(self, message: ConsoleMessage) -> None:
        # The browser says, too, what is told here.
        if not message.text.startswith("Failed to load resource: the server responded"):
            super().listen(message)

    def opened(self, **options: object) -> Page:
        page = self.window(**options)
        page.goto(self.address("诗社"))
        enter(page, "李白")
        say(page, "床前明月光")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        choose(page)
        expect(page.locator("#saving")).to_be_visible()
        return page

    @in_browser
    def test_each_format_is_a_download_with_the_rooms_name(self) -> None:
        page = self.opened(viewport=PHONE, timezone_id="Asia/Shanghai")
        for name, ending, words in (
            ("网页", ".html", "+08:00"),
            ("Markdown", ".md", "床前明月光"),
            ("JSON Lines", ".jsonl", '"type":"end","messages":1'),
        ):
            with page.expect_download() as downloading:
                page.get_by_role("link", name=name).click()
            expect(page.locator("#saving .sheet-status")).to_have_text(
                "浏览器在保存了，进度在浏览器的下载里看。"
            )
            download = downloading.value
            self.assertRegex(download.suggested_filename, rf"\A诗社 \d{{4}}-\d\d-\d\d\{ending}\Z")
            self.assertIsNone(download.failure())
            self.assertIn(words, Path(download.path()).read_text("utf-8"))

    @in_browser
    def test_who_only_looks_may_too_and_in_english(self) -> None:
        page = self.opened()
        other = self.window(locale="en-GB")
        other.goto(page.url)
        other.click("#menu-open")
        other.get_by_role("button", name="Save this room…").click()
        with other.expect_download() as downloading:
            other.get_by_role("link", name="Web page").click()
        self.assertIn("This is the end: 1 message.", Path(downloading.value.path()).read_text())

    @in_browser
    def test_by_keyboard(self) -> None:
        page = self.opened()
        expect(page.get_by_role("heading", name="保存聊天记录")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="关上")).to_be_focused()
        page.keyboard.press("Tab")
        with page.expect_download():
            page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        expect(page.locator("#saving")).to_be_hidden()

    @in_browser
    def test_why_not_is_told(self) -> None:
        page = self.opened()
        status = page.locator("#saving .sheet-status")
        for code, words in (
            (403, "你现在不能看这个聊天室，也就不能保存。"),
            (429, "正在保存的够多了，等它们好了再来。"),
            (503, "服务器现在忙不过来，过一会儿再试。"),
            (404, "这里还没有人来过，没有什么可以保存。"),
            (None, "现在没连上，连上了再试。"),
        ):
            page.route("**/export?*", partial(answer, code))
            page.get_by_role("link", name="网页").click()
            expect(status).to_have_text(words)
            page.unroute("**/export?*")

    @in_browser
    def test_where_the_part_does_not_come_it_is_told(self) -> None:
        page = self.window()
        page.goto(self.address("诗社"))
        page.route("**/js/saving/*", lambda route: route.abort())
        choose(page)
        expect(page.locator("#hint")).to_have_text("现在没连上，连上了再试。")
        page.unroute("**/js/saving/*")


class LookTests(AxeTestCase):
    options: ClassVar = {"rate": 0}

    @in_browser
    def test_the_choice_can_be_used_by_everybody(self) -> None:
        page = self.window(bypass_csp=True, reduced_motion="reduce")
        page.goto(self.address("诗社"))
        enter(page, "李白")
        choose(page)
        expect(page.locator("#saving")).to_be_visible()
        self.assertClean(page, "saving")

    @in_browser
    def test_the_file_opens_by_itself_and_runs_nothing(self) -> None:
        page = self.window()
        page.goto(self.address("诗社"))
        enter(page, EVIL[:32])
        for text in ("床前明月光", EVIL, "看 https://a.example/ 好"):
            say(page, text)
        expect(page.locator("#messages li[data-seq]")).to_have_count(3)
        choose(page)
        with page.expect_download() as downloading:
            page.get_by_role("link", name="网页").click()
        file = Path(self.mktemp()).absolute().with_suffix(".html")
        downloading.value.save_as(file)
        for scheme in ("light", "dark"):
            alone = self.window(viewport=PHONE, offline=True, color_scheme=scheme, bypass_csp=False)
            asked: list[str] = []
            alone.on("request", lambda request, asked=asked: asked.append(request.url))
            alone.on("dialog", lambda dialog: self.fail("a script ran"))
            alone.goto(file.as_uri())
            expect(alone.locator(".said")).to_have_count(3)
            expect(alone.locator(".text").nth(1)).to_have_text(EVIL)
            expect(alone.locator(".cut")).to_be_hidden()
            self.assertEqual(asked, [file.as_uri()])
            width = alone.evaluate("document.documentElement.scrollWidth")
            self.assertLessEqual(width, PHONE["width"])
        broken = file.with_name("broken.html")
        source = file.read_bytes()
        broken.write_bytes(source[: source.index(b"</main>")])
        alone.goto(broken.as_uri())
        expect(alone.locator(".cut")).to_be_visible()
