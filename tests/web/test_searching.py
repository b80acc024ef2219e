"""Searching on the page: by keyboard, by finger, with an input method, over each way, and when something goes wrong."""

from collections.abc import Callable
from typing import Any, ClassVar

from playwright.sync_api import ConsoleMessage, Locator, Page, Route, expect

from tests.web.axe import AxeTestCase
from tests.web.browser import DESKTOP, PHONE, PageTestCase, enter, in_browser, ready, say
from tests.web.composing import ORDERS, compose
from tests.web.test_links import ASK
from tests.web.test_looks import TOO_SMALL

FIELD = "#searching-field"
SAY = """async ([room, texts]) => {
  for (const text of texts) {
    await fetch(`/api/v1/rooms/${encodeURIComponent(room)}/messages`, { method: "POST", body: JSON.stringify({ text }) });
  }
}"""
# A message is found a moment after it was said.
INDEXED = """async ([q, count]) => {
  for (;;) {
    const answer = await fetch(`/api/v1/search?${new URLSearchParams({ q, limit: 100 })}`);
    if ((await answer.json()).messages.length === count) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}"""
TALL_ENOUGH = """(nodes) => nodes.filter((node) => node.getBoundingClientRect().height < 44).map((node) => node.textContent)"""
TALK = (
    "床前明月光，疑是地上霜。",
    "举头望明月，低头思故乡。",
    "🎉👍🏽 明月几时有？",
    "message about C++ and v2.0",
    "<img src=x onerror=alert(1)> **月**",
)


class SearchingTestCase(PageTestCase):
    options: ClassVar[dict[str, Any]] = {"rate": 0}

    def talk(self, texts: tuple[str, ...] = TALK, room: str = "诗社", **options: Any) -> Page:
        """Somebody who has said that there, where it can be found."""
        page = self.open("李白", room, **options)
        page.evaluate(SAY, [room, list(texts)])
        page.evaluate(INDEXED, [f"in:{room}", len(texts)])
        return page

    def search(self, page: Page, text: str) -> None:
        if page.get_attribute("#search-toggle", "aria-expanded") == "false":
            page.click("#search-toggle")
        page.fill(FIELD, text)

    def hits(self, page: Page) -> Locator:
        return page.locator("#searching .said")

    def assert_at(self, page: Page, text: str) -> None:
        marked = page.locator("#messages [aria-current]")
        expect(marked.locator(".text")).to_have_text(text)
        expect(marked).to_be_in_viewport()


class FindingTests(SearchingTestCase):
    @in_browser
    def test_by_keyboard_alone_there_and_back(self) -> None:
        page = self.talk()
        expect(page.locator("#searching")).to_have_count(0)
        page.focus("#log")
        page.keyboard.press("/")
        field = page.get_by_role("searchbox", name="搜索消息")
        expect(field).to_be_focused()
        expect(page.get_by_role("dialog", name="搜索")).to_be_visible()
        page.keyboard.type("明月/")
        expect(field).to_have_value("明月/")
        page.keyboard.press("Backspace")
        expect(page.get_by_role("status").filter(has_text="找到 3 条。")).to_be_visible()
        expect(self.hits(page)).to_have_text([TALK[2], TALK[1], TALK[0]])
        page.keyboard.press("ArrowDown")
        links = page.locator("#searching a")
        expect(links.first).to_be_focused()
        for key, at in (("End", 2), ("ArrowUp", 1), ("Home", 0), ("ArrowDown", 1)):
            page.keyboard.press(key)
            expect(links.nth(at)).to_be_focused()
        page.keyboard.press("Enter")
        self.assert_at(page, TALK[1])
        expect(page.locator("#messages [aria-current]")).to_be_focused()
        # The results are there still, and lead on from the one that one has been to.
        page.keyboard.press("/")
        expect(field).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(links.nth(1)).to_be_focused()
        page.keyboard.press("Home")
        page.keyboard.press("ArrowUp")
        expect(field).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#searching")).to_be_hidden()
        expect(page.locator("#messages [aria-current]")).to_be_focused()
        expect(page.locator("#search-toggle")).to_have_attribute("aria-expanded", "false")

    @in_browser
    def test_enter_leads_to_the_newest_and_once_more_there(self) -> None:
        page = self.talk()
        page.click("#search-toggle")
        expect(page.locator(FIELD)).to_be_focused()
        page.keyboard.type("明月")
        page.keyboard.press("Enter")
        expect(page.locator("#searching a").first).to_be_focused()
        page.keyboard.press("Enter")
        self.assert_at(page, TALK[2])
        page.keyboard.press("/")
        page.keyboard.press("Escape")
        page.keyboard.press("/")
        # What one looked for is there as long as the page.
        expect(page.locator(FIELD)).to_have_value("明月")
        expect(self.hits(page)).to_have_count(3)

    @in_browser
    def test_words_of_one_and_two_characters_prefixes_and_signs(self) -> None:
        page = self.talk()
        for text, marks, count in (
            ("月", "月", 4),
            ("明月", "明月", 3),
            ("有", "有", 1),
            ("mess", "mess", 1),
            ("c++", "C++", 1),
            ('"明月几时"', "明月几时", 1),
            ("👍🏽", "👍🏽", 1),
        ):
            self.search(page, text)
            expect(self.hits(page)).to_have_count(count)
            expect(page.locator("#searching mark")).to_have_text([marks] * count)
        # What people wrote is text.
        self.search(page, "onerror")
        expect(self.hits(page)).to_have_text(TALK[4])
        expect(page.locator("#searching .said img")).to_have_count(0)

    @in_browser
    def test_of_a_long_text_the_piece_around_it(self) -> None:
        page = self.talk(("开头" * 100 + "，明月在这里。" + "结尾" * 100,))
        self.search(page, "明月")
        expect(page.locator("#searching mark")).to_have_text("明月")
        expect(page.locator("#searching mark")).to_be_in_viewport()
        expect(self.hits(page)).to_contain_text("，明月在这里。结尾")
        self.assertLess(len(self.hits(page).inner_text()), 100)

    @in_browser
    def test_older_ones_come_as_one_scrolls_and_by_a_button(self) -> None:
        page = self.talk(tuple(f"第 {number} 次看明月" for number in range(70)))
        self.search(page, "明月")
        expect(self.hits(page)).to_have_count(20)
        expect(page.locator("#searching-status")).to_have_text("已找到 20 条，还有更早的。")
        expect(self.hits(page).first).to_have_text("第 69 次看明月")
        page.locator("#searching .results").evaluate("(node) => node.scrollBy(0, 1e6)")
        expect(self.hits(page)).to_have_count(40)
        more = page.get_by_role("button", name="再找更早的")
        more.focus()
        expect(self.hits(page)).to_have_count(60)
        more.press("Enter")
        expect(page.locator("#searching-status")).to_have_text("找到 70 条。")
        expect(more).to_be_hidden()
        expect(page.locator("#searching a").nth(60)).to_be_focused()
        self.assertEqual(self.hits(page).all_inner_texts()[-1], "第 0 次看明月")

    @in_browser
    def test_filters_are_put_in_and_wait_for_what_they_need(self) -> None:
        page = self.talk()
        page.click("#search-toggle")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.get_by_role("button", name="from: 谁说的").click()
        expect(page.locator(FIELD)).to_be_focused()
        expect(page.locator(FIELD)).to_have_value("from:")
        expect(page.locator("#searching-status")).to_contain_text("接着写名字")
        page.keyboard.type("李白")
        expect(self.hits(page)).to_have_count(5)
        page.get_by_role("button", name='"" 引号里的，一字不差').click()
        page.keyboard.type("低头思故乡")
        expect(page.locator(FIELD)).to_have_value('from:李白 "低头思故乡"')
        expect(self.hits(page)).to_have_count(1)
        page.fill(FIELD, "")
        expect(self.hits(page)).to_have_count(0)
        page.get_by_role("button", name="has:link 带链接的").click()
        expect(page.locator("#searching-status")).to_contain_text("没找到")
        self.assertFalse([url for url in asked if url.endswith("from%3A")])

    @in_browser
    def test_over_each_way(self) -> None:
        page = self.talk()
        for way in ("held", "asking", "websocket"):
            page.click("#way")
            page.check(f"#way-{way}")
            ready(page)
            # In its place.
            self.search(page, "")
            expect(page.locator("#ways")).to_be_hidden()
            self.search(page, "明月")
            expect(self.hits(page)).to_have_count(3)
            page.locator("#searching a").last.click()
            self.assert_at(page, TALK[0])

    @in_browser
    def test_what_is_deleted_or_edited_meanwhile_is_so_here(self) -> None:
        page = self.talk()
        self.search(page, "明月")
        expect(self.hits(page)).to_have_count(3)
        page.evaluate(ASK, ["DELETE", "/api/v1/rooms/诗社/messages/2"])
        expect(self.hits(page)).to_have_text([TALK[2], "这条删掉了", TALK[0]])
        page.locator("#searching a").nth(1).click()
        expect(page.locator("#messages [aria-current] .gone")).to_be_in_viewport()

    @in_browser
    def test_one_column_is_for_one_thing(self) -> None:
        page = self.talk()
        self.search(page, "明月")
        expect(page.locator("#people")).to_be_hidden()
        page.click("#people-toggle")
        expect(page.locator("#searching")).to_be_hidden()
        expect(page.locator("#people")).to_be_visible()
        page.click("#search-toggle")
        expect(page.locator("#people")).to_be_hidden()
        expect(self.hits(page)).to_have_count(3)
        page.click("#way")
        expect(page.locator("#searching")).to_be_hidden()
        expect(page.locator("#people")).to_be_hidden()
        page.click("#search-toggle")
        expect(page.locator("#ways")).to_be_hidden()
        page.click("#search-toggle")
        expect(page.locator("#searching")).to_be_hidden()
        expect(page.locator("#people")).to_be_visible()
        expect(page.locator("#search-toggle")).to_be_focused()


class RoomsTests(SearchingTestCase):
    def somewhere(self, **options: Any) -> Page:
        self.talk()
        page = self.open("杜甫", "数学课", **options)
        page.evaluate(SAY, ["数学课", ["明月和圆"]])
        page.evaluate(INDEXED, ["明月", 4])
        return page

    @in_browser
    def test_what_is_in_another_room_opens_there_and_the_results_go_along(self) -> None:
        page = self.somewhere()
        self.search(page, "明月")
        expect(self.hits(page)).to_have_text(["明月和圆"])
        expect(page.locator("#searching .where")).to_have_count(0)
        page.get_by_role("radio", name="所有聊天室").check()
        expect(page.locator("#searching .where")).to_have_text(["数学课", "诗社", "诗社", "诗社"])
        page.locator("#searching a").last.click()
        page.wait_for_url("**/@1")
        expect(page.locator("#room")).to_have_text("诗社")
        self.assert_at(page, TALK[0])
        expect(self.hits(page)).to_have_count(4)
        page.go_back()
        expect(page.locator("#room")).to_have_text("数学课")
        expect(self.hits(page)).to_have_count(4)
        expect(page.locator("#text")).to_be_focused()
        page.press(FIELD, "Escape")
        page.reload()
        ready(page)
        # Closed, it is over.
        self.assertEqual(page.evaluate("sessionStorage.getItem('search')"), "null")
        expect(page.locator("#searching")).to_have_count(0)

    @in_browser
    def test_on_a_phone_a_button_leads_back_to_the_results(self) -> None:
        page = self.somewhere(viewport=PHONE, has_touch=True)
        page.tap("#search-toggle")
        page.fill(FIELD, "明月 in:诗社")
        expect(self.hits(page)).to_have_count(3)
        page.locator("#searching a").last.tap()
        page.wait_for_url("**/@1")
        self.assert_at(page, TALK[0])
        page.get_by_role("button", name="回到搜索结果").tap()
        expect(page.locator(FIELD)).to_have_value("明月 in:诗社")
        expect(self.hits(page)).to_have_count(3)
        expect(page.locator("#room")).to_have_text("数学课")

    @in_browser
    def test_what_is_not_here_may_be_elsewhere(self) -> None:
        page = self.somewhere()
        self.search(page, "故乡")
        expect(page.locator("#searching-status")).to_have_text(
            "没找到。换个短一点的词，或者少写一个条件试试。"
        )
        page.get_by_role("button", name="在所有聊天室里找").click()
        expect(self.hits(page)).to_have_text([TALK[1]])
        expect(page.get_by_role("radio", name="所有聊天室")).to_be_checked()
        self.search(page, "凤凰")
        expect(page.locator("#searching-status")).to_contain_text("没找到")
        expect(page.get_by_role("button", name="在所有聊天室里找")).to_be_hidden()


class PhoneTests(SearchingTestCase):
    @in_browser
    def test_by_touch_there_and_back(self) -> None:
        page = self.talk(
            tuple(f"第 {number} 句" for number in range(60)), viewport=PHONE, has_touch=True
        )
        page.evaluate("document.body.mark = 'the same'")
        page.tap("#search-toggle")
        box = page.locator("#searching").bounding_box()
        self.assertEqual((box["width"], box["height"]), (PHONE["width"], PHONE["height"]))
        page.tap(FIELD)
        page.fill(FIELD, "3")
        expect(self.hits(page)).to_have_count(11)
        page.locator("#searching a").last.tap()
        expect(page.locator("#searching")).to_be_hidden()
        self.assert_at(page, "第 3 句")
        page.get_by_role("button", name="回到搜索结果").tap()
        expect(page.locator("#searching")).to_be_visible()
        expect(page.locator(FIELD)).to_have_value("3")
        # Not the field, which would bring up the keyboard.
        expect(page.locator("#searching a[aria-current]")).to_be_focused()
        page.locator("#searching a").last.tap()
        self.assert_at(page, "第 3 句")
        page.go_back()
        expect(page.locator("#searching")).to_be_visible()
        page.get_by_role("button", name="关上").tap()
        expect(page.locator("#searching")).to_be_hidden()
        self.assertNotEqual(page.evaluate("document.activeElement.tagName"), "BODY")
        # Once it is closed, going back brings it up no more.
        page.go_forward()
        self.assert_at(page, "第 3 句")
        page.go_back()
        expect(page.locator("li[data-seq='60']")).to_be_in_viewport()
        expect(page.locator("#searching")).to_be_hidden()
        self.assertEqual(page.evaluate("document.body.mark"), "the same")

    @in_browser
    def test_what_lies_under_it_cannot_be_reached_and_escape_leaves(self) -> None:
        page = self.talk(viewport=PHONE)
        self.search(page, "明月")
        expect(self.hits(page)).to_have_count(3)
        page.evaluate("document.querySelector('#text').focus()")
        expect(page.locator(FIELD)).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#searching")).to_be_hidden()
        expect(page.locator("#search-toggle")).to_be_focused()

    @in_browser
    def test_turned_it_goes_on_beside_the_talk(self) -> None:
        page = self.talk(viewport=PHONE)
        self.search(page, "明月")
        expect(self.hits(page)).to_have_count(3)
        page.locator("#searching a").nth(1).focus()
        for size in (DESKTOP, PHONE, DESKTOP):
            page.set_viewport_size(size)
            expect(page.locator("#searching a").nth(1)).to_be_focused()
            expect(page.locator("#people")).to_be_hidden()
            beside = page.locator("#searching:not(:modal)")
            expect(beside).to_have_count(1 if size == DESKTOP else 0)

    @in_browser
    def test_all_is_large_enough_and_fits(self) -> None:
        for width in (320, 360, 390):
            size = {"width": width, "height": 640}
            page = self.talk(room=f"宽{width}", viewport=size, locale="en-GB")
            expect(page.locator("#room")).to_be_in_viewport(ratio=1)
            self.assertEqual(page.evaluate(TOO_SMALL), [])
            self.search(page, "")
            self.assertEqual(page.evaluate(TOO_SMALL), [])
            self.search(page, "明月")
            expect(self.hits(page)).to_have_count(3)
            self.assertEqual(page.evaluate(TOO_SMALL), [])
            self.assertEqual(page.locator("#searching a").evaluate_all(TALL_ENOUGH), [])
            self.assertEqual(page.evaluate("document.documentElement.scrollWidth - innerWidth"), 0)


class ComposingTests(SearchingTestCase):
    def asked(self, page: Page) -> list[str]:
        asked: list[str] = []
        page.on("request", lambda request: "/search?" in request.url and asked.append(request.url))
        return asked

    @in_browser
    def test_nothing_is_searched_until_a_candidate_is_taken(self) -> None:
        page = self.talk()
        asked = self.asked(page)
        page.click("#search-toggle")
        expect(page.locator(FIELD)).to_be_focused()
        page.clock.install()
        keyboard = page.context.new_cdp_session(page)
        for text in ("m", "ming", "ming'yue"):
            keyboard.send(
                "Input.imeSetComposition",
                {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
            )
            page.clock.run_for(1_000)
        expect(page.locator(FIELD)).to_have_value("ming'yue")
        self.assertEqual(asked, [])
        keyboard.send("Input.insertText", {"text": "明月"})
        page.clock.run_for(300)
        expect(self.hits(page)).to_have_count(3)
        self.assertEqual(len(asked), 1)

    @in_browser
    def test_a_key_that_takes_a_candidate_does_nothing_else(self) -> None:
        page = self.talk()
        self.search(page, "明月")
        expect(self.hits(page)).to_have_count(3)
        for order in ORDERS:
            for key in ("Enter", "ArrowDown", "Escape"):
                compose(page, FIELD, order, key)
                expect(page.locator(FIELD)).to_be_focused()
                expect(page.locator("#searching")).to_be_visible()
        page.press(FIELD, "Enter")
        expect(page.locator("#searching a").first).to_be_focused()


class TroubleTests(SearchingTestCase):
    def listen(self, message: ConsoleMessage) -> None:
        # The browser complains of each refusal, too.
        if "the server responded with a status of 4" not in message.text:
            super().listen(message)

    def answer(self, page: Page, answers: list[Callable[[Route], None]]) -> None:
        """Gives the first requests these answers; the server has the others."""
        page.route(
            "**/api/v1/search?*",
            lambda route: answers.pop(0)(route) if answers else route.continue_(),
        )

    @in_browser
    def test_who_is_too_fast_waits_and_the_search_goes_on(self) -> None:
        page = self.talk()
        too_fast = {"type": "error", "code": "too_fast", "message": "Wait.", "retry_after": 1.4}
        self.answer(page, [lambda route: route.fulfill(status=429, json=too_fast)])
        self.search(page, "明月")
        expect(page.locator("#searching-status")).to_have_text("搜得有点快，2 秒后自动接着搜。")
        expect(self.hits(page)).to_have_count(3)
        expect(page.locator("#searching-status")).to_have_text("找到 3 条。")

    @in_browser
    def test_without_a_connection_one_is_told_and_can_try_again(self) -> None:
        page = self.talk()
        self.answer(page, [lambda route: route.abort()] * 2)
        self.search(page, "明月")
        offline = page.get_by_text("现在没连上，连上了自动再搜。")
        expect(offline).to_be_visible()
        again = page.get_by_role("button", name="再试一次")
        again.focus()
        with page.expect_request("**/api/v1/search?*"):
            page.keyboard.press("Enter")
        expect(offline).to_be_visible()
        again.click()
        expect(self.hits(page)).to_have_count(3)
        expect(page.locator(FIELD)).to_be_focused()

    @in_browser
    def test_it_goes_on_by_itself_when_one_is_connected_again(self) -> None:
        page = self.talk()
        self.search(page, "月")
        expect(self.hits(page)).to_have_count(4)
        page.context.set_offline(True)
        self.search(page, "明月")
        expect(page.locator("#searching-status")).to_contain_text("现在没连上")
        expect(self.hits(page)).to_have_count(0)
        page.context.set_offline(False)
        expect(self.hits(page)).to_have_count(3)

    @in_browser
    def test_what_the_server_does_not_take_is_said_as_it_is(self) -> None:
        page = self.talk()
        for text in ("！！", "、"):
            self.search(page, text)
            expect(page.locator("#searching-status")).to_have_text(
                "这里没有可以搜的词。写一个字、一个词或者一个条件。"
            )
            expect(page.get_by_role("button", name="再试一次")).to_be_hidden()
        refused = {"type": "error", "code": "forbidden", "why": "banned", "message": "No."}
        self.answer(page, [lambda route: route.fulfill(status=403, json=refused)])
        self.search(page, "明月")
        expect(page.locator("#searching-status")).to_contain_text("这个聊天室你现在看不了")
        page.get_by_role("radio", name="所有聊天室").check()
        expect(self.hits(page)).to_have_count(3)

    @in_browser
    def test_a_late_answer_is_announced_and_an_older_one_does_not_count(self) -> None:
        page = self.talk()
        held: list[Route] = []
        self.answer(page, [held.append])
        self.search(page, "月")
        expect(page.locator("#searching-status")).to_have_text("正在找…")
        self.search(page, "明月")
        expect(self.hits(page)).to_have_count(3)
        self.assertEqual(len(held), 1)
        held[0].abort()
        # Nobody waits for it any more.
        expect(page.locator("#searching-status")).to_have_text("找到 3 条。")

    @in_browser
    def test_an_empty_room_has_nothing_and_says_so(self) -> None:
        page = self.open("王维", "空山")
        self.search(page, "明月")
        expect(page.locator("#searching-status")).to_contain_text("没找到")

    @in_browser
    def test_where_it_does_not_arrive_one_is_told_and_the_next_time_tries_again(self) -> None:
        page = self.talk()
        for part in ("**/css/searching.css", "**/locales/searching/zh.json"):
            page.route(part, lambda route: route.abort())
            page.click("#search-toggle")
            expect(page.locator("#hint")).to_have_text("现在没连上，连上了再试。")
            page.unroute(part)
            page.evaluate("document.querySelector('#hint').textContent = ''")
        page.click("#search-toggle")
        expect(page.locator(FIELD)).to_be_focused()
        expect(page.locator("#searching")).to_have_count(1)


class LooksTests(AxeTestCase):
    options: ClassVar[dict[str, Any]] = {"rate": 0}

    def everything(self, **options: Any) -> None:
        # axe is a script of our own making in a page that allows none.
        page = self.window(bypass_csp=True, reduced_motion="reduce", **options)
        page.goto(self.address("诗社"))
        enter(page, "李白")
        page.evaluate(SAY, ["诗社", list(TALK)])
        page.evaluate(INDEXED, ["明月", 3])
        page.click("#search-toggle")
        expect(page.locator(FIELD)).to_be_focused()
        self.assertClean(page, "help")
        page.fill(FIELD, "明月")
        expect(page.locator("#searching a")).to_have_count(3)
        self.assertClean(page, "found")
        page.fill(FIELD, "凤凰")
        expect(page.locator("#searching .said")).to_have_count(0)
        self.assertClean(page, "nothing")

    @in_browser
    def test_phone_by_day(self) -> None:
        self.everything(viewport=PHONE, color_scheme="light")

    @in_browser
    def test_phone_by_night(self) -> None:
        self.everything(viewport=PHONE, color_scheme="dark", locale="en-GB")

    @in_browser
    def test_desk_by_day(self) -> None:
        self.everything(color_scheme="light", locale="en-GB")

    @in_browser
    def test_desk_by_night(self) -> None:
        self.everything(color_scheme="dark")

    @in_browser
    def test_in_the_systems_own_colours(self) -> None:
        self.everything(forced_colors="active")

    @in_browser
    def test_in_high_contrast(self) -> None:
        self.everything(contrast="more")

    @in_browser
    def test_the_list_of_keys_names_it(self) -> None:
        page = self.open("李白")
        say(page, "明月")
        page.focus("#log")
        page.keyboard.press("?")
        expect(page.locator("#keys-list div").filter(has_text="搜索").locator("kbd")).to_have_text(
            "/"
        )
