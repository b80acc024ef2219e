"""Names after an @: whom one can choose, by what keys, and that nothing is sent by them."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.web.axe import AxeTestCase
from tests.web.browser import DESKTOP, PHONE, PageTestCase, enter, in_browser, texts
from tests.web.composing import ORDERS, compose
from tests.web.scripted import ME, NICK, ScriptedServer
from tests.web.test_looks import TOO_SMALL

OTHERS = ("杜甫", "王维", "Ada Lovelace", "W" * 32, "苏轼", "辛弃疾", "陆游", "白居易", "Alan")


class MentionTestCase(PageTestCase):
    def room(self, others: tuple[str, ...] = OTHERS, **options: Any) -> Page:
        page = self.window(**options)
        self.server = ScriptedServer(page)
        self.server.members = [
            {"user": ME, "nick": NICK},
            *({"user": f"user {nick}", "nick": nick} for nick in others),
        ]
        page.goto(self.address())
        enter(page, NICK)
        # What offers the names comes with the first @.
        page.fill("#text", "@")
        page.wait_for_selector("#text[aria-autocomplete]")
        page.fill("#text", "")
        page.evaluate("document.querySelector('#spoken').replaceChildren()")
        return page

    def offered(self, page: Page) -> list[str]:
        return page.get_by_role("option").locator("bdi").all_inner_texts()

    def assertPointedAt(self, page: Page, nick: str) -> None:
        option = page.get_by_role("option", selected=True)
        expect(option).to_have_text([option.locator(".face").inner_text() + nick])
        expect(page.locator("#text")).to_have_attribute(
            "aria-activedescendant", option.get_attribute("id")
        )

    def assertClosed(self, page: Page) -> None:
        expect(page.get_by_role("listbox")).to_be_hidden()
        self.assertIsNone(page.get_attribute("#text", "aria-activedescendant"))


class ChoosingTests(MentionTestCase):
    @in_browser
    def test_the_others_are_offered_and_no_more_than_eight(self) -> None:
        page = self.room()
        page.keyboard.type("问 @")
        self.assertEqual(len(set(self.offered(page)) & set(OTHERS)), 8)
        page.keyboard.type("a")
        self.assertEqual(sorted(self.offered(page)), ["Ada Lovelace", "Alan"])
        page.keyboard.type("x")
        self.assertClosed(page)
        page.keyboard.press("Backspace")
        self.assertEqual(len(self.offered(page)), 2)

    @in_browser
    def test_arrows_point_and_enter_takes_and_does_not_send(self) -> None:
        page = self.room()
        page.keyboard.type("问@")
        first, second, *_, last = self.offered(page)
        self.assertPointedAt(page, first)
        for key, nick in (
            ("ArrowDown", second),
            ("ArrowUp", first),
            ("ArrowUp", last),
            ("ArrowDown", first),
            ("ArrowDown", second),
        ):
            page.keyboard.press(key)
            self.assertPointedAt(page, nick)
        page.keyboard.press("Enter")
        self.assertEqual(page.input_value("#text"), f"问@{second} ")
        self.assertClosed(page)
        self.assertEqual(self.server.said, [])
        page.keyboard.type("好")
        page.keyboard.press("Enter")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        self.assertEqual(texts(page), [f"问@{second} 好"])

    @in_browser
    def test_a_name_that_is_whole_is_sent_by_the_first_enter(self) -> None:
        page = self.room()
        page.keyboard.type("你好 @苏轼")
        page.keyboard.press("Enter")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        self.assertEqual(texts(page), ["你好 @苏轼"])

    @in_browser
    def test_tab_takes_in_the_middle_of_a_text_and_can_be_undone(self) -> None:
        page = self.room()
        page.fill("#text", "早，晚")
        page.keyboard.press("ArrowLeft")
        page.keyboard.type("@a")
        page.keyboard.press("Tab")
        self.assertEqual(page.input_value("#text"), "早，@Ada Lovelace 晚")
        expect(page.locator("#text")).to_be_focused()
        page.keyboard.press("Control+z")
        self.assertEqual(page.input_value("#text"), "早，@a晚")

    @in_browser
    def test_a_click_takes_and_the_focus_stays(self) -> None:
        page = self.room()
        page.keyboard.type("@")
        page.get_by_role("option", name="苏轼").click()
        self.assertEqual(page.input_value("#text"), "@苏轼 ")
        expect(page.locator("#text")).to_be_focused()
        self.assertClosed(page)

    @in_browser
    def test_a_tap_takes_and_the_keyboard_stays(self) -> None:
        page = self.room(viewport=PHONE, has_touch=True)
        page.keyboard.type("@王")
        page.evaluate(
            "document.querySelector('#text').addEventListener('blur', () => { window.blurred = true; })"
        )
        page.get_by_role("option", name="王维").tap()
        self.assertEqual(page.input_value("#text"), "@王维 ")
        self.assertIsNone(page.evaluate("window.blurred"))

    @in_browser
    def test_what_one_points_at_stays_when_the_same_are_offered(self) -> None:
        page = self.room(("Alan", "Alfred"))
        page.keyboard.type("@a")
        page.keyboard.press("ArrowDown")
        page.keyboard.type("l")
        self.assertPointedAt(page, "Alfred")

    @in_browser
    def test_in_ones_own_company_nobody_is_offered(self) -> None:
        page = self.room(())
        page.keyboard.type("@")
        self.assertClosed(page)
        page.keyboard.press("Enter")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)


class ClosingTests(MentionTestCase):
    @in_browser
    def test_escape_closes_for_as_long_as_this_name_is_typed(self) -> None:
        page = self.room()
        page.keyboard.type("@")
        page.keyboard.press("Escape")
        self.assertClosed(page)
        expect(page.locator("#text")).to_be_focused()
        page.keyboard.type("a")
        self.assertClosed(page)
        page.keyboard.type(" @")
        expect(page.get_by_role("listbox")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("Enter")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        self.assertEqual(texts(page), ["@a @"])
        page.keyboard.type("@")
        expect(page.get_by_role("listbox")).to_be_visible()

    @in_browser
    def test_it_closes_where_no_name_is_typed_any_more(self) -> None:
        page = self.room()
        for leave in (
            lambda: page.keyboard.press("Home"),
            lambda: page.keyboard.press("Shift+ArrowLeft"),
            lambda: page.keyboard.press("Shift+Enter"),
            lambda: page.keyboard.press("Shift+Tab"),
            lambda: page.keyboard.press("Backspace"),
            lambda: page.click("#log", position={"x": 10, "y": 10}),
            lambda: page.click("#send"),
        ):
            page.fill("#text", "")
            page.keyboard.type("问 @")
            expect(page.get_by_role("listbox")).to_be_visible()
            leave()
            self.assertClosed(page)

    @in_browser
    def test_an_address_is_no_mention(self) -> None:
        page = self.room()
        page.keyboard.type("a@")
        self.assertClosed(page)

    @in_browser
    def test_an_emoji_put_in_from_outside_opens_no_list(self) -> None:
        page = self.room(("😀",), viewport=PHONE, has_touch=True)
        page.keyboard.type("好 @")
        page.tap("#emoji-open")
        page.tap("#emoji-grid button >> nth=0")
        self.assertEqual(page.input_value("#text"), "好 @😀")
        self.assertClosed(page)


class InputMethodTests(MentionTestCase):
    @in_browser
    def test_no_key_of_an_input_method_takes_points_sends_or_closes(self) -> None:
        page = self.room()
        page.keyboard.type("@")
        first = self.offered(page)[0]
        for order in ORDERS:
            for key in ("Enter", "Tab", "ArrowDown", "Escape"):
                compose(page, "#text", order, key)
                self.assertEqual(page.input_value("#text"), "@", (order, key))
                expect(page.get_by_role("listbox")).to_be_visible()
                self.assertPointedAt(page, first)
        self.assertEqual(self.server.said, [])
        page.keyboard.press("Enter")
        self.assertEqual(page.input_value("#text"), f"@{first} ")

    @in_browser
    def test_what_is_being_composed_already_finds(self) -> None:
        page = self.room()
        page.keyboard.type("@")
        session = page.context.new_cdp_session(page)
        session.send(
            "Input.imeSetComposition", {"text": "al", "selectionStart": 2, "selectionEnd": 2}
        )
        expect(page.get_by_role("option")).to_have_count(1)
        self.assertPointedAt(page, "Alan")
        session.send("Input.insertText", {"text": "王"})
        self.assertPointedAt(page, "王维")
        page.keyboard.press("Enter")
        self.assertEqual(page.input_value("#text"), "@王维 ")


class AccessibilityTests(MentionTestCase, AxeTestCase):
    def clean(self, **options: Any) -> None:
        page = self.room(bypass_csp=True, reduced_motion="reduce", **options)
        page.keyboard.type("@")
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("listbox")).to_be_visible()
        self.assertClean(page, "names")
        self.assertEqual(page.evaluate(TOO_SMALL), [])

    @in_browser
    def test_phone_by_night(self) -> None:
        self.clean(viewport=PHONE, color_scheme="dark")

    @in_browser
    def test_desk_by_day(self) -> None:
        self.clean(viewport=DESKTOP, color_scheme="light", locale="en-US")

    @in_browser
    def test_it_is_said_once_that_there_are_names(self) -> None:
        page = self.room()
        field = page.get_by_role("textbox", name="说点什么")
        expect(field).to_have_attribute("aria-autocomplete", "list")
        page.keyboard.type("@a")
        expect(page.locator("#spoken p")).to_have_text(
            ["可以提到 8 个人，按上下键选，按回车填上。"]
        )
        listbox = page.get_by_role("listbox", name="可以提到的人")
        expect(field).to_have_attribute("aria-controls", listbox.get_attribute("id"))

    @in_browser
    def test_all_names_are_in_reach_on_the_narrowest_and_the_lowest_screen(self) -> None:
        for width, height in ((320, 568), (360, 400), (844, 390), (1280, 800)):
            page = self.room(viewport={"width": width, "height": height})
            page.keyboard.type("@")
            for _ in self.offered(page):
                expect(page.get_by_role("option", selected=True)).to_be_in_viewport(ratio=1)
                page.keyboard.press("ArrowDown")
            expect(page.get_by_role("listbox")).to_be_in_viewport(ratio=1)
            header, names = (
                page.locator(place).bounding_box() for place in ("header", ".mentions")
            )
            self.assertGreaterEqual(names["y"], header["y"] + header["height"])
            for option in page.get_by_role("option").all():
                self.assertGreaterEqual(option.bounding_box()["height"], 44)
            wide, seen = page.eval_on_selector(
                "html", "(node) => [node.scrollWidth, node.clientWidth]"
            )
            self.assertLessEqual(wide, seen, width)
