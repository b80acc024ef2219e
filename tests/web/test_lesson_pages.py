"""The lesson's two pages: the poem over a WebSocket, and the tutorial's room over Socket.IO."""

import json
import re
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Locator, Page, expect
from twisted.trial.unittest import SynchronousTestCase

from tests.web.axe import AxeTestCase
from tests.web.browser import DESKTOP, PHONE, in_browser
from tests.web.test_looks import TOO_SMALL
from tests.web.test_safety import PAYLOADS, SET_TRAP

LESSON = Path(__file__).parents[2] / "web" / "lesson"
MY_LINE = "床前明月光，原来是惠康;"
ANSWER = MY_LINE + "举头望明月，低头思故乡,"
SMALLEST = {"width": 320, "height": 568}


class LessonTestCase(AxeTestCase):
    def lesson(self, name: str, **options: object) -> Page:
        page = self.window(**options)
        page.goto(self.address() + "lesson/" + name)
        return page

    def room(self, **options: object) -> Page:
        """A window that is in the room."""
        page = self.lesson("socketio", **options)
        expect(page.locator("#state")).to_contain_text("guest-")
        return page

    def assertFits(self, page: Page) -> None:
        wide, seen = page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        self.assertLessEqual(wide, seen)

    def assertClean(self, page: Page, where: str) -> None:
        super().assertClean(page, where)
        self.assertEqual(page.evaluate(TOO_SMALL), [])
        self.assertFits(page)


def say(page: Page, text: str) -> None:
    page.fill("#text", text)
    page.press("#text", "Enter")


def frames(page: Page) -> Locator:
    return page.locator("#frames tr")


def said(page: Page, more: str = "") -> Locator:
    return page.locator(f"#messages li{more} .what")


class WebSocketPageTests(LessonTestCase):
    @in_browser
    def test_both_lines_of_the_poem_with_way_and_bytes(self) -> None:
        page = self.lesson("websocket")
        expect(page.locator("#state")).to_have_text("连接上服务器了")
        expect(frames(page)).to_have_text([f"→ 发出{MY_LINE}34", f"← 收到{ANSWER}68"])
        expect(page.locator("#address")).to_have_text(
            f"new WebSocket('{self.address().replace('http', 'ws')}')"
        )

    @in_browser
    def test_ones_own_text_comes_back_and_is_no_markup(self) -> None:
        page = self.lesson("websocket")
        expect(frames(page)).to_have_count(2)
        for number, text in enumerate(["<b onclick=hit()>x</b>", ""], 2):
            say(page, text)
            expect(frames(page)).to_have_count(2 * number)
            expect(frames(page).nth(2 * number - 1).locator("td").nth(1)).to_have_text(
                text + "举头望明月，低头思故乡,"
            )
        self.assertEqual(page.locator("b").count(), 0)

    @in_browser
    def test_a_close_shows_its_code_and_one_can_come_back(self) -> None:
        page = self.lesson("websocket")
        expect(frames(page)).to_have_count(2)
        page.click("#connection")
        expect(page.locator("#state")).to_contain_text("1000")
        say(page, "没人听")
        expect(page.locator("#receipt")).to_contain_text("没有发")
        expect(page.locator("#text")).to_have_value("没人听")
        page.get_by_role("button", name="重新连接").click()
        expect(frames(page)).to_have_count(4)
        expect(page.locator("#state")).to_have_text("连接上服务器了")
        expect(page.locator("#receipt")).to_be_empty()
        page.press("#text", "Enter")
        expect(page.locator("#text")).to_have_value("")

    @in_browser
    def test_a_text_that_is_too_big_ends_it_with_1009(self) -> None:
        page = self.lesson("websocket")
        expect(frames(page)).to_have_count(2)
        page.fill("#text", "w" * 65_537)
        page.click("#composer button")
        expect(page.locator("#state")).to_contain_text("1009")
        expect(page.locator("#state")).to_contain_text("改短一点")


class SocketIOPageTests(LessonTestCase):
    @in_browser
    def test_two_windows_see_each_other_each_in_its_own_style(self) -> None:
        one, other = self.room(), self.room()
        say(one, "床前明月光")
        expect(said(one, ".mine")).to_have_text("床前明月光")
        expect(said(other, ":not(.mine)")).to_have_text("床前明月光")
        say(other, "疑是地上霜")
        expect(said(one, ":not(.mine)")).to_have_text("疑是地上霜")
        grounds = [
            said(one, more).locator("..").evaluate("(li) => getComputedStyle(li).backgroundColor")
            for more in (".mine", ":not(.mine)")
        ]
        self.assertNotEqual(*grounds)

    @in_browser
    def test_polling_first_and_then_a_websocket(self) -> None:
        page = self.room()
        expect(page.locator("#route")).to_have_text("polling → websocket")

    @in_browser
    def test_where_a_websocket_cannot_be_had_polling_carries_it(self) -> None:
        page = self.window()
        page.route_web_socket(re.compile("/socket.io/"), lambda socket: socket.close())
        page.goto(self.address() + "lesson/socketio")
        expect(page.locator("#state")).to_contain_text("guest-")
        say(page, "慢慢来")
        expect(said(page, ".mine")).to_have_text("慢慢来")
        expect(page.locator("#route")).to_have_text("polling")

    @in_browser
    def test_events_by_name_with_the_token_left_out(self) -> None:
        page = self.room()
        say(page, "低头思故乡")
        expect(page.locator("#receipt")).to_have_text("回执来了：存好了，是第 1 条。")
        names = page.locator("#events td:nth-child(2)")
        expect(names).to_have_text(
            ["welcome", "joined", "chat message", "chat message", "（回执）"]
        )
        sent, came, acknowledged = page.locator("#events td:last-child").all_inner_texts()[2:]
        self.assertEqual(json.loads(f"[{sent}]"), ["低头思故乡"])
        text, event = json.loads(f"[{came}]")
        self.assertEqual((text, event["type"], event["seq"]), ("低头思故乡", "said", 1))
        self.assertEqual(json.loads(acknowledged), {"ok": True, "seq": 1})
        welcome = json.loads(page.locator("#events td:last-child").first.inner_text())
        self.assertEqual(welcome["token"], "…")

    @in_browser
    def test_fifteen_in_quick_succession_all_arrive_in_order(self) -> None:
        one, other = self.room(), self.room()
        texts = [f"第 {number} 句" for number in range(15)]
        for text in texts:
            say(one, text)
        for page in (one, other):
            expect(said(page)).to_have_text(texts)

    @in_browser
    def test_an_empty_text_is_not_sent_and_a_refused_one_comes_back(self) -> None:
        page = self.room()
        for text in ("", " ", "　"):
            say(page, text)
        say(page, "太" * 4001)
        expect(page.locator("#receipt")).to_contain_text("too_long")
        expect(page.locator("#text")).to_have_value("太" * 4001)
        say(page, "短")
        expect(said(page)).to_have_text(["短"])
        outgoing = page.locator("#events tr", has_text="→")
        expect(outgoing).to_have_count(2)

    @in_browser
    def test_markup_is_text(self) -> None:
        one, other = self.window(), self.window()
        for page in (one, other):
            page.add_init_script(SET_TRAP)
            page.goto(self.address() + "lesson/socketio")
            expect(page.locator("#state")).to_contain_text("guest-")
        for payload in PAYLOADS:
            say(one, payload)
        for page in (one, other):
            expect(said(page)).to_have_text(PAYLOADS)
            self.assertEqual(page.evaluate("window.hits"), 0)
            strange = "iframe, svg, math, style, main img, main script, main a, b"
            self.assertEqual(page.locator(strange).count(), 0)

    @in_browser
    def test_who_disconnects_hears_on_return_what_was_said_meanwhile(self) -> None:
        one, other = self.room(), self.room()
        say(one, "听得到")
        expect(said(other)).to_have_text(["听得到"])
        other.get_by_role("button", name="断开").click()
        expect(other.locator("#state")).to_contain_text("你自己断开的（io client disconnect）")
        say(other, "没连上")
        expect(other.locator("#receipt")).to_contain_text("没有发")
        expect(other.locator("#text")).to_have_value("没连上")
        say(one, "没听到")
        expect(said(one)).to_have_count(2)
        other.get_by_role("button", name="重新连接").click()
        expect(said(other)).to_have_text(["听得到", "没听到"])
        say(other, "我还是我")
        expect(said(other, ".mine")).to_have_text("我还是我")


class PlainHttpWebSocketPageTests(WebSocketPageTests):
    """Where most visitors are: no secure context."""

    host = "chat.test"


class PlainHttpSocketIOPageTests(SocketIOPageTests):
    host = "chat.test"


class TroubleTests(LessonTestCase):
    def listen(self, message: ConsoleMessage) -> None:
        """The browser complains of what is made to fail here."""

    @in_browser
    def test_without_the_client_the_page_says_what_is_missing(self) -> None:
        page = self.window()
        page.route(
            "**/socket.io/*", lambda route: route.fulfill(status=404, content_type="text/html")
        )
        page.goto(self.address() + "lesson/socketio")
        expect(page.locator("#state")).to_contain_text("没有带上 Socket.IO 客户端")
        expect(page.locator("#composer, #connection").filter(visible=True)).to_have_count(0)

    @in_browser
    def test_a_server_that_is_not_reached_is_tried_again(self) -> None:
        page = self.window()
        page.route("**/socket.io/?*", lambda route: route.abort())
        page.goto(self.address() + "lesson/socketio")
        expect(page.locator("#state")).to_contain_text("没连上服务器")
        page.unroute("**/socket.io/?*")
        expect(page.locator("#state")).to_contain_text("guest-")


class LooksTests(LessonTestCase):
    def both(self, **options: object) -> None:
        # axe is a script of our own making in a page that allows none.
        page = self.lesson("websocket", bypass_csp=True, **options)
        expect(frames(page)).to_have_count(2)
        say(page, "w" * 300)
        expect(frames(page)).to_have_count(4)
        self.assertClean(page, "the poem")
        page.click("#connection")
        expect(page.locator("#state")).to_contain_text("1000")
        self.assertClean(page, "left")
        page, other = self.room(bypass_csp=True, **options), self.room()
        for text in ("长" * 300, "w" * 300, "短"):
            say(page, text)
            say(other, text)
        expect(said(page)).to_have_count(6)
        self.assertClean(page, "the room")

    @in_browser
    def test_phone_by_day(self) -> None:
        self.both(viewport=PHONE, color_scheme="light")

    @in_browser
    def test_smallest_phone_by_night(self) -> None:
        self.both(viewport=SMALLEST, color_scheme="dark", locale="en-US")

    @in_browser
    def test_desk_by_day(self) -> None:
        self.both(viewport=DESKTOP, color_scheme="light", locale="en-US")

    @in_browser
    def test_desk_by_night(self) -> None:
        self.both(viewport=DESKTOP, color_scheme="dark")

    @in_browser
    def test_the_keyboard_reaches_everything(self) -> None:
        page = self.room()
        names = []
        for _ in range(7):
            page.keyboard.press("Tab")
            names.append(page.evaluate("document.activeElement.innerText.split('\\n')[0]"))
        expected = ["教程：WebSocket", "聊天室", "断开", "", "发送", "", "方向\t事件\t内容"]
        self.assertEqual(names, expected)

    @in_browser
    def test_the_newest_stays_in_view_unless_one_has_scrolled_up(self) -> None:
        page = self.room()
        for number in range(15):
            say(page, f"第 {number} 句")
        expect(said(page)).to_have_count(15)
        expect(said(page).last).to_be_in_viewport()
        box = page.locator("[role=log]")
        box.evaluate("(box) => { box.scrollTop = 0; }")
        say(page, "最后一句")
        expect(said(page)).to_have_count(16)
        self.assertEqual(box.evaluate("(box) => box.scrollTop"), 0)


class LanguageTests(LessonTestCase):
    @in_browser
    def test_the_readers_language(self) -> None:
        for locale, lang, button, title in (
            ("zh-TW", "zh-CN", "发送", "教程：WebSocket"),
            ("en-GB", "en-GB", "Send", "Lesson: WebSocket"),
            ("fr-FR", "en", "Send", "Lesson: WebSocket"),
        ):
            page = self.lesson("websocket", locale=locale)
            expect(page.get_by_role("button", name=button)).to_be_visible()
            expect(page.get_by_role("heading", level=1)).to_have_text(title)
            expect(page.locator("html")).to_have_attribute("lang", lang)
            page.get_by_role("link", name="Socket.IO").click()
            expect(page.locator("#state")).to_contain_text("guest-")
            expect(page.get_by_role("button", name=button)).to_be_visible()


class CatalogueTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.english, self.chinese = (
            json.loads((LESSON / "locales" / f"{name}.json").read_text("utf-8"))
            for name in ("en", "zh")
        )

    def test_both_have_the_same_keys_and_the_same_gaps_to_fill(self) -> None:
        def shape(catalogue: dict[str, str]) -> dict[str, list[str]]:
            return {key: sorted(re.findall(r"{(\w+)}", text)) for key, text in catalogue.items()}

        self.assertEqual(shape(self.english), shape(self.chinese))

    def test_what_is_used_exists_and_what_exists_is_used(self) -> None:
        used: set[str] = set()
        for path in LESSON.glob("*.*"):
            text = path.read_text("utf-8")
            used |= set(re.findall(r'data-word[-a-z]*="([^"]+)"', text))
            used |= set(re.findall(r"'([a-z]+\.[a-z_]+)'", text))
        self.assertEqual(used, set(self.english))
