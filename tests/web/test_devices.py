"""Up to where one has read, on several devices of one person."""

from typing import ClassVar

from playwright.sync_api import Page, expect

from tests.web.browser import PageTestCase, in_browser, ready, say

HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


class DevicesTests(PageTestCase):
    options: ClassVar = {"rate": 0}

    def device(self, other: Page) -> Page:
        """Another device of the same person, which remembers nothing but the name."""
        page = self.window()
        page.context.add_cookies(other.context.cookies())
        page.add_init_script("localStorage.setItem('nick', '李白')")
        page.goto(self.address())
        ready(page)
        return page

    @in_browser
    def test_what_was_read_on_one_is_not_new_on_the_other(self) -> None:
        libai, dufu = self.open("李白"), self.open("杜甫")
        for number in range(3):
            say(dufu, f"第{number}句")
        expect(libai.locator(".message[data-seq]")).to_have_count(3)
        libai.evaluate(HIDE, True)
        for number in range(3, 43):
            say(dufu, f"第{number}句" + "，还有" * 20)
        expect(libai.locator(".message[data-seq]")).to_have_count(43)
        phone = self.device(libai)
        expect(phone.locator(".divider + .message")).to_contain_text("第3句")
        expect(libai).to_have_title("(40) 大厅 · chatroom")
        phone.click("#new")
        expect(phone.locator("#new")).to_be_hidden()
        expect(libai).to_have_title("大厅 · chatroom")
