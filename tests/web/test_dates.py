"""Going to a day of the talk: by its line, by a key, and where nothing was said that day."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from playwright.sync_api import Page, expect

from chatroom.core.work import Draft
from chatroom.storage.batch import store
from chatroom.storage.files import DATABASE, open_writer
from tests.serving import serve
from tests.web.axe import AxeTestCase
from tests.web.browser import PHONE, in_browser
from tests.web.test_links import LinksTestCase

TODAY = datetime.now().astimezone().replace(hour=12, minute=0, second=0, microsecond=0)


def day(ago: int) -> str:
    return (TODAY - timedelta(days=ago)).strftime("%Y-%m-%d")


def talk(folder: Path, days: dict[int, int]) -> None:
    """So many messages on each of these days ago, the first first, at noon."""
    connection = open_writer(folder / DATABASE)
    for ago, count in days.items():
        at = int((TODAY - timedelta(days=ago)).timestamp() * 1000)
        drafts = [Draft("lobby", "u-du", "杜甫", f"{ago} 天前 {n}", at + n) for n in range(count)]
        store(connection, drafts)
    connection.close()


class DatesTests(LinksTestCase, AxeTestCase):
    options: ClassVar[dict[str, Any]] = {"rate": 0}
    days: ClassVar[dict[int, int]] = {9: 80, 7: 80, 3: 80, 2: 5}

    async def prepare(self) -> None:
        folder = Path(self.mktemp()).absolute()
        self.url = await serve(self, data=folder, **self.options)
        # Whoever comes in later is shown it, whoever has stored it.
        talk(folder, self.days)

    def come(self, **options: Any) -> Page:
        page = self.open("李白", **options)
        expect(page.locator("li[data-seq='245']")).to_be_attached()
        return page

    def choose(self, page: Page, date: str) -> None:
        expect(page.locator("#dates")).to_be_visible()
        page.fill("#dates-day", date)
        page.get_by_role("button", name="去看看").click()

    @in_browser
    def test_by_a_key(self) -> None:
        page = self.come()
        page.locator("#log").focus()
        page.keyboard.press("d")
        self.choose(page, day(7))
        self.assert_at(page, 81)
        expect(page.locator("#dates")).to_be_hidden()
        expect(page.locator("li[data-seq='81']")).to_be_focused()
        expect(page.locator("#spoken")).to_contain_text("杜甫的消息，")
        expect(page.locator("#hint")).to_have_text("")
        self.assert_whole(page)
        page.click("#back")
        expect(page.locator("li[data-seq='245']")).to_be_in_viewport()

    @in_browser
    def test_by_the_line_of_a_day(self) -> None:
        page = self.come(viewport=PHONE, has_touch=True, bypass_csp=True)
        page.locator("#messages .day:not(:empty)").last.click()
        expect(page.locator("#dates-day")).to_have_value(day(2))
        self.assertClean(page, "dates")
        self.choose(page, day(9))
        self.assert_at(page, 1)

    @in_browser
    def test_where_nothing_was_said_that_day_it_is_the_next(self) -> None:
        page = self.come()
        page.locator("#log").focus()
        page.keyboard.press("d")
        self.choose(page, day(8))
        self.assert_at(page, 81)
        expect(page.locator("#hint")).to_contain_text("那天没有人说话")

    @in_browser
    def test_where_nothing_was_said_since_one_is_told_and_stays(self) -> None:
        page = self.come()
        page.locator("#log").focus()
        page.keyboard.press("d")
        expect(page.locator("#dates-day")).to_have_value(day(0))
        self.choose(page, day(1))
        expect(page.locator("#dates-why")).to_contain_text("都没有人说话")
        page.keyboard.press("Escape")
        expect(page.locator("#dates")).to_be_hidden()
        expect(page.locator("li[data-seq='245']")).to_be_in_viewport()

    @in_browser
    def test_without_a_network_one_is_told(self) -> None:
        page = self.come()
        page.locator("#log").focus()
        page.keyboard.press("d")
        expect(page.locator("#dates")).to_be_visible()
        page.route("**/messages?*", lambda route: route.abort())
        self.choose(page, day(7))
        expect(page.locator("#dates-why")).to_have_text("现在没连上，连上了再试。")
        page.unroute("**/messages?*")
        self.choose(page, day(7))
        self.assert_at(page, 81)
