"""The address that one hands on: never one that opens the other's own computer."""

from typing import ClassVar
from urllib.parse import unquote

from playwright.sync_api import Page, expect

from tests.web.axe import AxeTestCase
from tests.web.browser import PHONE, PageTestCase, enter, in_browser


class ShareTests(PageTestCase):
    host = "chat.test"

    def shared(self, **options: object) -> Page:
        page = self.window(**options)
        page.goto(self.address("数学课"))
        if options.get("viewport") == PHONE:
            page.click("#menu-open")
            page.get_by_role("button", name="邀请").click()
        else:
            page.click("#share-toggle")
        return page

    @in_browser
    def test_link_and_code(self) -> None:
        page = self.shared(viewport=PHONE)
        expect(page.locator("#address")).to_have_value(unquote(page.url))
        code = page.get_by_role("img", name="这个聊天室地址的二维码")
        page.wait_for_function("() => document.querySelector('#address-code').naturalWidth > 0")
        expect(code).to_be_visible()

    @in_browser
    def test_one_tap_copies_it(self) -> None:
        page = self.shared()
        copied = page.get_by_role("button", name="复制地址")
        expect(copied).to_be_focused()
        copied.click()
        expect(page.get_by_role("button", name="复制好了")).to_be_focused()
        page.keyboard.press("Escape")
        enter(page, "李白")
        page.locator("#text").focus()
        page.keyboard.press("Control+V")
        self.assertEqual(page.input_value("#text"), unquote(page.url))

    @in_browser
    def test_where_the_clipboard_is_closed_it_is_selected(self) -> None:
        page = self.shared()
        page.evaluate("document.execCommand = () => false")
        page.click("#copy")
        expect(page.locator("#copy")).to_have_text("选中了，请自己复制")
        self.assertEqual(page.evaluate("getSelection().toString()"), unquote(page.url))


class PublicTests(PageTestCase):
    options: ClassVar = {"public_url": "https://chat.example"}

    @in_browser
    def test_the_public_address_is_that_of_the_room(self) -> None:
        page = self.window()
        page.goto(self.address("数学课"))
        page.click("#share-toggle")
        expect(page.locator("#address")).to_have_value("https://chat.example/r/数学课")


class NowhereTests(AxeTestCase):
    @in_browser
    def test_on_a_computer_in_no_network_it_says_so(self) -> None:
        page = self.window(bypass_csp=True, reduced_motion="reduce")
        page.route("**/address?*", lambda route: route.fulfill(json={"url": None}))
        page.goto(self.address())
        page.click("#share-toggle")
        expect(page.locator("#share-nowhere")).to_have_text(
            "别人现在进不来：这台电脑没有连上局域网。连上网络再打开这里。"
        )
        expect(page.locator("#address")).to_be_hidden()
        self.assertClean(page, "nowhere")
