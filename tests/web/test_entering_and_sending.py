"""One person alone: coming in, writing, and the input method."""

from playwright.sync_api import expect

from tests.web.browser import PHONE, PageTestCase, enter, in_browser, ready, say, texts
from tests.web.composing import ORDERS, compose

SAFARI_LATER = """(selector) => document.querySelector(selector).dispatchEvent(new KeyboardEvent("keydown",
  { key: "Enter", keyCode: 229, bubbles: true, cancelable: true }))"""


class EnteringTests(PageTestCase):
    @in_browser
    def test_a_nick_is_asked_for_and_remembered(self) -> None:
        page = self.window()
        page.goto(self.address())
        page.click("#nick-submit")
        expect(page.locator("#nick-why")).not_to_be_empty()
        page.fill("#nick", "  ")
        page.press("#nick", "Enter")
        page.keyboard.press("Escape")
        expect(page.locator("#entrance")).to_be_visible()
        enter(page, "李白")
        expect(page.locator("#members")).to_contain_text("李白")
        page.reload()
        ready(page)
        expect(page.locator("#entrance")).to_be_hidden()
        expect(page.locator("#members")).to_contain_text("李白")

    @in_browser
    def test_a_nick_has_at_most_32_characters(self) -> None:
        page = self.window()
        page.goto(self.address())
        page.fill("#nick", "🐳" * 33)
        page.click("#nick-submit")
        expect(page.locator("#nick-why")).to_contain_text("32")
        page.fill("#nick", "鲸" * 32)
        page.click("#nick-submit")
        ready(page)

    @in_browser
    def test_the_room_is_the_address(self) -> None:
        page = self.open("李白", "静夜思")
        expect(page.locator("#room")).to_have_text("静夜思")
        say(page, "只在这里")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        page.goto(self.address())
        ready(page)
        self.assertEqual(texts(page), [])

    @in_browser
    def test_the_name_can_be_changed(self) -> None:
        page, other = self.open("李白"), self.open("杜甫")
        expect(page.locator("#count")).to_have_text("2 人在线")
        page.click("#rename")
        page.fill("#nick", "杜甫")
        page.press("#nick", "Enter")
        expect(page.locator("#nick-why")).to_have_text("这个名字有人在用，换一个吧。")
        page.fill("#nick", "太白")
        page.press("#nick", "Enter")
        expect(page.locator("#entrance")).to_be_hidden()
        expect(other.locator("#members")).to_contain_text("太白")


class SendingTests(PageTestCase):
    @in_browser
    def test_a_message_is_sent_and_the_field_is_free_for_the_next(self) -> None:
        page = self.open("李白")
        say(page, "举头望明月")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        self.assertEqual(page.input_value("#text"), "")
        self.assertEqual(page.evaluate("document.activeElement.id"), "text")
        page.keyboard.type("低头思故乡")
        page.get_by_role("button", name="发送").click()
        expect(page.locator("#messages li[data-seq]")).to_have_count(2)
        self.assertEqual(texts(page), ["举头望明月", "低头思故乡"])
        self.assertEqual(page.evaluate("document.activeElement.id"), "text")

    @in_browser
    def test_what_is_empty_is_not_sent(self) -> None:
        page = self.open("李白")
        for nothing in ("", "   ", "\n\n", "　"):
            say(page, nothing)
        page.click("#send")
        say(page, "有")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        self.assertEqual(texts(page), ["有"])

    @in_browser
    def test_shift_and_enter_break_the_line(self) -> None:
        page = self.open("李白")
        page.click("#text")
        page.keyboard.type("一")
        page.keyboard.press("Shift+Enter")
        page.keyboard.type("二")
        page.keyboard.press("Enter")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        self.assertEqual(texts(page), ["一\n二"])

    @in_browser
    def test_a_reload_shows_what_was_said(self) -> None:
        page = self.open("李白", viewport=PHONE)
        say(page, "留下来")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        page.reload()
        ready(page)
        self.assertEqual(texts(page), ["留下来"])


class InputMethodTests(PageTestCase):
    @in_browser
    def test_enter_that_confirms_a_candidate_does_not_send(self) -> None:
        page = self.open("李白")
        page.fill("#text", "你好")
        for order in ORDERS:
            compose(page, "#text", order)
            self.assertEqual(page.input_value("#text"), "你好", order)
        page.evaluate(SAFARI_LATER, "#text")
        self.assertEqual(page.input_value("#text"), "你好")
        self.assertEqual(texts(page), [])
        page.press("#text", "Enter")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        self.assertEqual(texts(page), ["你好"])

    @in_browser
    def test_nor_does_it_enter(self) -> None:
        page = self.window()
        page.goto(self.address())
        page.fill("#nick", "李白")
        for order in ORDERS:
            compose(page, "#nick", order)
            expect(page.locator("#entrance")).to_be_visible()
        page.press("#nick", "Enter")
        ready(page)
