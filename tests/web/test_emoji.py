"""The emoji picker: by keyboard, by mouse, by finger, in both languages, and with an input method."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.web.axe import AxeTestCase
from tests.web.browser import DESKTOP, PHONE, PageTestCase, enter, in_browser, ready, texts
from tests.web.composing import ORDERS, compose
from tests.web.scripted import ScriptedServer
from tests.web.test_looks import TOO_SMALL
from tests.web.test_offline import WHOLE

FOCUSED = "document.activeElement.id || document.activeElement.title"
REACHED_BY_TAB = """[...document.querySelectorAll("#emoji-grid button")]
  .filter(({ tabIndex }) => tabIndex === 0).map(({ title }) => title)"""
WHERE_ONE_TYPES = """() => {
  const typing = [];
  addEventListener("focusin", ({ target }) => { if (target.matches("input, textarea")) typing.push(target.id); });
  return () => typing;
}"""


class PickerTestCase(PageTestCase):
    def picker(self, **options: Any) -> Page:
        page = self.open("李白", **options)
        page.click("#emoji-open")
        expect(page.locator("#emoji-grid button").first).to_be_visible()
        return page

    def open_it(self, page: Page) -> None:
        page.click("#emoji-open")
        expect(page.locator("#emoji")).to_be_visible()

    def assertFocused(self, page: Page, name: str) -> None:
        # It comes with how it looks, so not in the turn of the key.
        page.wait_for_function(f"(name) => ({FOCUSED}) === name", arg=name)

    def assertWritten(self, page: Page, text: str) -> None:
        self.assertEqual(page.input_value("#text"), text)


class ChoosingTests(PickerTestCase):
    @in_browser
    def test_they_are_loaded_when_they_are_first_asked_for_and_once(self) -> None:
        page = self.window()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(self.address())
        enter(page, "李白")
        self.assertFalse([url for url in asked if url.endswith("emoji.json")])
        for _ in range(2):
            page.click("#emoji-open")
            expect(page.locator("#emoji-grid h2").first).to_have_text("笑脸")
            page.keyboard.press("Escape")
        self.assertEqual(len([url for url in asked if url.endswith("emoji.json")]), 1)

    @in_browser
    def test_the_chosen_one_stands_where_the_caret_was_and_can_be_undone(self) -> None:
        page = self.open("李白")
        page.fill("#text", "春风好")
        page.keyboard.press("ArrowLeft")
        page.click("#emoji-open")
        page.click("#emoji-grid button[title=花痴]")
        expect(page.locator("#emoji")).to_be_hidden()
        self.assertWritten(page, "春风😍好")
        self.assertFocused(page, "text")
        page.keyboard.press("Control+z")
        self.assertWritten(page, "春风好")
        page.keyboard.type("又")
        self.assertWritten(page, "春风又好")

    @in_browser
    def test_it_takes_the_place_of_what_is_selected(self) -> None:
        page = self.open("李白")
        page.fill("#text", "哈哈")
        page.keyboard.press("Control+a")
        page.click("#emoji-open")
        page.click("#emoji-grid button[title=笑哭]")
        self.assertWritten(page, "😂")

    @in_browser
    def test_with_shift_they_stay_for_the_next(self) -> None:
        page = self.picker()
        for name in ("玫瑰", "太阳"):
            page.click(f"#emoji-grid button[title={name}]", modifiers=["Shift"])
        self.assertFocused(page, "emoji-search")
        expect(page.locator("#spoken")).to_contain_text("写上了：太阳")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Shift+Enter")
        self.assertFocused(page, "笑脸")
        page.keyboard.press("Enter")
        expect(page.locator("#emoji")).to_be_hidden()
        self.assertWritten(page, "🌹☀️😀😀")
        page.keyboard.press("Enter")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        self.assertEqual(texts(page), ["🌹☀️😀😀"])

    @in_browser
    def test_those_chosen_last_come_first(self) -> None:
        page = self.picker()
        expect(page.locator("#emoji-grid h2").first).to_have_text("笑脸")
        for name in ("熊猫", "饺子", "熊猫"):
            page.click(f"#emoji-grid button[title={name}] >> nth=0")
            page.click("#emoji-open")
        page.reload()
        ready(page)
        page.click("#emoji-open")
        expect(page.locator("#emoji-grid h2").first).to_have_text("最近用过")
        recent = page.get_by_role("grid", name="最近用过").get_by_role("gridcell")
        expect(recent).to_have_text(["🐼", "🥟"])

    @in_browser
    def test_what_is_not_a_memory_of_emoji_is_none(self) -> None:
        for memory in ("{", "5", '["x", null]'):
            page = self.open("李白")
            page.evaluate("(memory) => localStorage.setItem('emoji', memory)", memory)
            page.click("#emoji-open")
            expect(page.locator("#emoji-grid h2").first).to_have_text("笑脸")

    @in_browser
    def test_where_they_do_not_arrive_a_sentence_says_so_and_the_next_opening_tries_again(
        self,
    ) -> None:
        page = self.open("李白")
        page.route("**/emoji.json", lambda route: route.abort())
        page.click("#emoji-open")
        expect(page.locator("#emoji-found")).to_have_text("表情没取到。看看网络，关上再打开试试。")
        page.fill("#emoji-search", "笑")
        page.keyboard.press("Enter")
        page.unroute("**/emoji.json")
        page.keyboard.press("Escape")
        page.click("#emoji-open")
        expect(page.locator("#emoji-grid button").first).to_be_visible()
        expect(page.locator("#emoji-found")).to_be_empty()

    @in_browser
    def test_they_are_kept_for_who_has_no_network(self) -> None:
        page = self.open("李白", service_workers="allow")
        page.evaluate(WHOLE)
        page.context.set_offline(True)
        page.click("#emoji-open")
        expect(page.locator("#emoji-grid button").first).to_be_visible()

    @in_browser
    def test_where_nothing_can_be_written_there_is_nothing_to_choose(self) -> None:
        page = self.window()
        server = ScriptedServer(page)
        page.goto(self.address())
        enter(page, "李白")
        page.click("#emoji-open")
        server.on_join = lambda command: server.send(
            type="error", code="no_such_room", message="No.", ref=command.get("ref")
        )
        server.socket.close(code=1001)
        expect(page.locator("#emoji-open")).to_be_disabled()
        expect(page.locator("#emoji")).to_be_hidden()


class KeyboardTests(PickerTestCase):
    @in_browser
    def test_the_arrows_lead_through_the_rows_and_tab_reaches_one_of_them(self) -> None:
        page = self.picker()
        self.assertFocused(page, "emoji-search")
        for key, name in (
            ("ArrowDown", "笑脸"),
            ("ArrowRight", "张嘴笑"),
            ("ArrowDown", "微笑"),
            ("End", "喜欢"),
            ("ArrowRight", "花痴"),
            ("ArrowLeft", "喜欢"),
            ("Home", "笑哭"),
            ("ArrowUp", "笑脸"),
        ):
            page.keyboard.press(key)
            self.assertFocused(page, name)
            self.assertEqual(page.evaluate(REACHED_BY_TAB), [name])
        page.keyboard.press("ArrowUp")
        self.assertFocused(page, "emoji-search")
        page.keyboard.press("Tab")
        self.assertFocused(page, "笑脸")

    @in_browser
    def test_what_has_the_focus_is_seen(self) -> None:
        page = self.picker()
        page.keyboard.press("ArrowDown")
        for key in ["PageDown"] * 3 + ["ArrowUp"] * 11:
            page.keyboard.press(key)
            covered = page.evaluate("""() => {
              const { left, top, width } = document.activeElement.getBoundingClientRect();
              return document.elementFromPoint(left + width / 2, top + 4) !== document.activeElement;
            }""")
            self.assertFalse(covered, page.evaluate(FOCUSED))

    @in_browser
    def test_escape_closes_and_gives_the_focus_back(self) -> None:
        page = self.open("李白")
        toggle = page.get_by_role("button", name="表情")
        page.focus("#text")
        toggle.click()
        expect(toggle).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog", name="表情")).to_be_hidden()
        expect(toggle).to_have_attribute("aria-expanded", "false")
        self.assertFocused(page, "text")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        self.assertFocused(page, "emoji-search")
        page.keyboard.press("Escape")
        self.assertFocused(page, "emoji-open")

    @in_browser
    def test_it_closes_for_who_goes_elsewhere(self) -> None:
        page = self.picker()
        page.click("#log", position={"x": 20, "y": 20})
        expect(page.locator("#emoji")).to_be_hidden()
        self.open_it(page)
        page.click("#text")
        expect(page.locator("#emoji")).to_be_hidden()
        self.open_it(page)
        page.keyboard.press("Shift+Tab")
        expect(page.locator("#emoji")).to_be_hidden()
        self.assertFocused(page, "send")
        self.open_it(page)
        page.click("#emoji-open")
        expect(page.locator("#emoji")).to_be_hidden()
        self.assertFocused(page, "send")


class SearchTests(PickerTestCase):
    @in_browser
    def test_they_are_found_in_both_languages_and_enter_takes_the_first(self) -> None:
        page = self.picker()
        for query in ("熊猫", "thumbs up"):
            page.fill("#emoji-search", query)
            expect(page.locator("#emoji-found")).to_have_text("找到 1 个")
            page.keyboard.press("Shift+Enter")
        page.fill("#emoji-search", "panda")
        page.keyboard.press("Enter")
        expect(page.locator("#emoji")).to_be_hidden()
        self.assertWritten(page, "🐼👍🐼")

    @in_browser
    def test_what_is_not_found_is_said_and_nothing_is_chosen(self) -> None:
        page = self.picker(locale="en-US")
        page.fill("#emoji-search", "qqq")
        expect(page.locator("#emoji-found")).to_have_text("Nothing found. Try another word.")
        for key in ("ArrowDown", "Enter"):
            page.keyboard.press(key)
            self.assertFocused(page, "emoji-search")
        page.fill("#emoji-search", " ")
        expect(page.locator("#emoji-found")).to_be_empty()
        expect(page.locator("#emoji-grid h2").first).to_have_text("Faces")
        page.keyboard.press("Enter")
        self.assertWritten(page, "")

    @in_browser
    def test_no_key_of_an_input_method_chooses_leaves_or_closes(self) -> None:
        page = self.picker()
        page.fill("#emoji-search", "笑")
        for order in ORDERS:
            for key in ("Enter", "ArrowDown", "Escape"):
                compose(page, "#emoji-search", order, key)
                expect(page.locator("#emoji")).to_be_visible()
                self.assertFocused(page, "emoji-search")
                self.assertWritten(page, "")
        page.keyboard.press("Enter")
        self.assertWritten(page, "😀")

    @in_browser
    def test_what_was_found_stays_while_letters_of_pinyin_find_nothing(self) -> None:
        page = self.picker()
        page.fill("#emoji-search", "月饼")
        session = page.context.new_cdp_session(page)
        expect(page.locator("#emoji-grid button")).to_have_text(["🥮"])
        page.locator("#emoji-search").select_text()
        session.send(
            "Input.imeSetComposition", {"text": "xiong'mao", "selectionStart": 9, "selectionEnd": 9}
        )
        self.assertEqual(page.input_value("#emoji-search"), "xiong'mao")
        expect(page.locator("#emoji-grid button")).to_have_text(["🥮"])
        session.send("Input.insertText", {"text": "熊猫"})
        expect(page.locator("#emoji-grid button")).to_have_text(["🐼"])


class PhoneTests(PickerTestCase):
    def on_phone(self, **options: Any) -> Page:
        page = self.open("李白", viewport=PHONE, has_touch=True, **options)
        page.evaluate("document.activeElement.blur()")
        return page

    @in_browser
    def test_a_finger_chooses_several_and_no_keyboard_comes_up(self) -> None:
        page = self.on_phone()
        typing = page.evaluate_handle(WHERE_ONE_TYPES)
        page.tap("#emoji-open")
        for name in ("花痴", "赞"):
            page.tap(f"#emoji-grid button[title={name}]")
        expect(page.locator("#emoji")).to_be_visible()
        self.assertWritten(page, "😍👍")
        # The field is as high as this copy of its text.
        expect(page.locator("#paper")).to_have_attribute("data-text", "😍👍")
        page.tap("#log", position={"x": 10, "y": 10})
        expect(page.locator("#emoji")).to_be_hidden()
        self.assertEqual(typing.evaluate("(typing) => typing()"), [])
        page.tap("#send")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        self.assertEqual(texts(page), ["😍👍"])

    @in_browser
    def test_a_search_keeps_its_keyboard(self) -> None:
        page = self.on_phone()
        page.tap("#emoji-open")
        page.tap("#emoji-search")
        page.keyboard.type("panda")
        page.tap("#emoji-grid button")
        self.assertFocused(page, "emoji-search")
        self.assertWritten(page, "🐼")

    @in_browser
    def test_on_the_narrowest_and_lowest_screens_all_can_be_reached(self) -> None:
        for width, height in ((320, 568), (360, 400), (844, 390), (1280, 800)):
            page = self.picker(viewport={"width": width, "height": height})
            for place in ("#emoji-search", "#send", "#room"):
                expect(page.locator(place)).to_be_in_viewport(ratio=1)
            header, panel = (page.locator(place).bounding_box() for place in ("header", "#emoji"))
            self.assertGreaterEqual(panel["y"], header["y"] + header["height"])
            for selector in ("html", "#emoji", "#emoji-grid"):
                wide, seen = page.eval_on_selector(
                    selector, "(node) => [node.scrollWidth, node.clientWidth]"
                )
                self.assertLessEqual(wide, seen, (width, selector))
            self.assertEqual(page.evaluate(TOO_SMALL), [])


class AccessibilityTests(PickerTestCase, AxeTestCase):
    def everything(self, **options: Any) -> None:
        page = self.picker(bypass_csp=True, reduced_motion="reduce", **options)
        page.click("#emoji-grid button >> nth=3")
        page.click("#emoji-open")
        self.assertClean(page, "all emoji")
        page.fill("#emoji-search", "cat")
        page.keyboard.press("ArrowDown")
        self.assertClean(page, "found")
        page.fill("#emoji-search", "qqq")
        self.assertClean(page, "nothing found")

    @in_browser
    def test_phone_by_day(self) -> None:
        self.everything(viewport=PHONE, color_scheme="light")

    @in_browser
    def test_desk_by_night(self) -> None:
        self.everything(viewport=DESKTOP, color_scheme="dark", locale="en-US")
