"""The tutorial's two pages: the room over Socket.IO in two windows, the poem from a file."""

from pathlib import Path
from typing import ClassVar

from playwright.sync_api import Page, expect

from tests.interop.clients import WEB
from tests.interop.served import ServedTestCase, TlsTestCase
from tests.web.browser import PageTestCase, in_browser

POEM = """<script>
    const ws = new WebSocket('ws://localhost:{port}');
    ws.addEventListener('open', () => {{
        console.log('连接上服务器了');
        ws.send('床前明月光，原来是惠康;');
    }});
    ws.addEventListener('message', ({{ data }}) => {{
        console.log(data);
    }});
</script>
"""


def say(page: Page, text: str) -> None:
    page.fill("input", text)
    page.click("button")


class TwoWindows(PageTestCase):
    """What is seen in two windows of the room, over http or over https."""

    options: ClassVar = {"web": WEB}

    def windows(self) -> tuple[Page, Page]:
        one, other = (self.window(ignore_https_errors=True) for _ in range(2))
        for page in (one, other):
            page.goto(self.url)
            page.wait_for_function("socket.connected")
        return one, other

    @in_browser
    def test_each_message_shows_in_both_in_its_own_style(self) -> None:
        one, other = self.windows()
        for page, text in ((one, "床前明月光 🌕"), (other, "疑是地上霜")):
            say(page, text)
            for seen in (one, other):
                expect(seen.locator("li").last).to_have_text(text)
                expect(seen.locator("li").last).to_have_css("color", "rgb(0, 180, 204)")
        for seen in (one, other):
            expect(seen.locator("li")).to_have_count(2)

    @in_browser
    def test_an_empty_one_is_not_sent_and_markup_is_text(self) -> None:
        one, other = self.windows()
        markup = "<b>粗</b><img src=x onerror=alert(1)>&amp;"
        for text in ("", " ", markup):
            say(one, text)
        for page in (one, other):
            expect(page.locator("li")).to_have_text([markup])
            expect(page.locator("li *")).to_have_count(0)

    @in_browser
    def test_fifteen_in_quick_succession(self) -> None:
        one, other = self.windows()
        texts = [f"第{number}句" for number in range(15)]
        one.evaluate(
            """(texts) => texts.forEach((text) => {
                document.querySelector("input").value = text;
                document.querySelector("form").requestSubmit();
            })""",
            texts,
        )
        for page in (one, other):
            expect(page.locator("li")).to_have_text(texts)


class HttpTests(TwoWindows):
    """Over http."""


class HttpsTests(TlsTestCase, TwoWindows):
    """Over https."""


class PoemTests(ServedTestCase):
    @in_browser
    def test_the_first_page_opened_as_a_file(self) -> None:
        path = Path(self.mktemp()).absolute().with_suffix(".html")
        path.write_text(POEM.format(port=self.server.port), "utf-8")
        page = self.window()
        logged: list[str] = []
        page.on("console", lambda message: logged.append(message.text))
        with page.expect_console_message(lambda message: "举头望明月" in message.text):
            page.goto(path.as_uri())
        self.assertEqual(
            logged,
            ["连接上服务器了", "床前明月光，原来是惠康;举头望明月，低头思故乡,"],
        )


del TwoWindows
