"""How long messages are kept, on the page: what would go is told before an owner says so."""

from typing import Any, ClassVar

from playwright.sync_api import Page, expect

from tests.web.axe import AxeTestCase
from tests.web.browser import in_browser
from tests.web.test_keeping_order import ROOM, open_person, talk
from tests.web.test_links import LinksTestCase


class KeptTests(LinksTestCase, AxeTestCase):
    options: ClassVar[dict[str, Any]] = {"rate": 0}

    def panel(self, count: int = 120, **options: Any) -> Page:
        page = self.talk(count, ROOM, **options)
        page.click("#keep")
        expect(page.locator("#rule-days")).to_be_visible()
        return page

    @in_browser
    def test_what_would_go_is_told_and_goes_when_one_says_so(self) -> None:
        page = self.panel(bypass_csp=True)
        section = page.locator("#panel .keeps")
        sure = page.get_by_role("button", name="就这样保留")
        expect(section).to_contain_text("不保留的消息会彻底删掉")
        expect(sure).to_be_hidden()
        page.select_option("#rule-count", "100")
        expect(section.get_by_role("status")).to_contain_text("会彻底删掉 20 条消息")
        self.assertClean(page, "kept")
        expect(page.locator("li[data-seq='1']")).to_be_attached()
        sure.click()
        expect(sure).to_be_hidden()
        expect(page.locator("#rule-count")).to_have_value("100")
        expect(page.locator(".record")).to_contain_text("只留最新的 100 条消息")
        history = f"/api/v1/rooms/{ROOM}/messages?limit=200"
        page.wait_for_function(
            "(path) => fetch(path).then((answer) => answer.json()).then((page) => page.oldest === 21)",
            arg=history,
        )
        page.get_by_role("button", name="关上").click()
        expect(page.locator(".deed")).to_contain_text("只留最新的 100 条消息")
        page.reload()
        expect(page.locator("li[data-seq='120']")).to_be_attached()
        expect(page.locator("li[data-seq='20']")).to_have_count(0)

    @in_browser
    def test_one_may_think_again(self) -> None:
        page = self.panel(3)
        page.select_option("#rule-days", "7")
        section = page.locator("#panel .keeps")
        expect(section).to_contain_text("现在没有消息会被删掉")
        page.locator("#panel .keeps").get_by_role("button", name="返回").click()
        expect(page.locator("#rule-days")).to_have_value("0")
        expect(page.locator("#rule-days")).to_be_focused()
        expect(page.get_by_role("button", name="就这样保留")).to_be_hidden()
        page.route("**/retention?*", lambda route: route.abort())
        page.select_option("#rule-days", "7")
        expect(page.locator("#panel .sheet-status")).to_have_text("现在没连上，连上了再试。")
        expect(page.locator("#rule-days")).to_have_value("0")

    @in_browser
    def test_only_owners_are_asked(self) -> None:
        one, other = talk(self)
        open_person(one)
        one.get_by_role("button", name="设为管理员").press("Enter")
        expect(other.locator(".deed")).to_have_text("李白把杜甫设为管理员")
        other.click("#keep")
        expect(other.locator("#rule-slow")).to_be_visible()
        expect(other.locator("#panel .keeps")).to_be_hidden()
