"""The Socket.IO client in a real browser: on a page of one's own, on another site's, and not on ours."""

from pathlib import Path

from playwright.sync_api import expect

from tests.serving import serve
from tests.web.browser import PageTestCase, enter, in_browser, say

EMPTY = '<!DOCTYPE html><link rel="icon" href="data:,">'
# As the lesson's page has it; nothing is connected.
LESSONS = f"""{EMPTY}
<script src="/socket.io/socket.io.js"></script>
<script>
    const socket = io({{ autoConnect: false }});
    socket.on('chat message', () => {{}});
</script>
"""
LOAD = """(address) => new Promise((loaded, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => loaded(typeof io);
    script.onerror = () => failed(new Error(address));
    document.head.append(script);
})"""
IMPORT = "async (address) => typeof (await import(address)).io"


class PageOfOnesOwnTests(PageTestCase):
    async def prepare(self) -> None:
        web = Path(self.mktemp())
        web.mkdir()
        (web / "index.html").write_text(LESSONS)
        (web / "empty.html").write_text(EMPTY)
        self.url = await serve(self, web=web)

    @in_browser
    def test_the_lessons_page_has_it_before_its_inline_script(self) -> None:
        page = self.window()
        page.goto(self.address())
        self.assertEqual(page.evaluate("typeof io"), "function")
        self.assertEqual(page.evaluate("socket.connected"), False)

    @in_browser
    def test_a_page_of_another_site_loads_it_as_a_script_and_as_a_module(self) -> None:
        page = self.window()
        page.goto(self.address() + "empty.html")
        elsewhere = self.address().replace("localhost", "chat.test") + "socket.io/"
        for name in ("socket.io.js", "socket.io.min.js"):
            self.assertEqual(page.evaluate(LOAD, elsewhere + name), "function")
            page.evaluate("delete window.io")
        found = page.evaluate(IMPORT, elsewhere + "socket.io.esm.min.js")
        self.assertEqual(found, "function")


class OurPageTests(PageTestCase):
    @in_browser
    def test_it_shows_and_sends_without_asking_for_it(self) -> None:
        page = self.window()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(self.address())
        enter(page, "李白")
        say(page, "床前明月光")
        expect(page.locator("#messages .text")).to_have_text("床前明月光")
        self.assertTrue(any(url.endswith("/js/main.js") for url in asked))
        self.assertEqual([url for url in asked if "socket.io" in url], [])
