"""What can be done with a message: by mouse, by keyboard, by a long press; and what the others see of it."""

from playwright.sync_api import Page, expect

from tests.web.axe import AxeTestCase
from tests.web.browser import PHONE, PageTestCase, enter, in_browser, ready, say, texts
from tests.web.scripted import ScriptedServer


def open_acts(page: Page, text: str) -> None:
    page.locator(".message[data-seq]", has_text=text).first.dispatch_event("contextmenu")
    expect(page.locator("#acts")).to_be_visible()


class ActsTests(PageTestCase):
    @in_browser
    def test_what_one_changes_the_others_see(self) -> None:
        one, other = self.open("李白"), self.open("杜甫")
        say(one, "床前明月光")
        expect(other.locator(".message")).to_have_count(1)
        one.hover(".message")
        one.click(".more")
        one.click("#act-edit")
        self.assertEqual(one.input_value("#text"), "床前明月光")
        one.fill("#text", "疑是地上霜")
        one.press("#text", "Enter")
        for page in (one, other):
            expect(page.locator(".text p")).to_have_text("疑是地上霜")
            expect(page.locator(".edited")).to_have_text("改过")
        self.assertEqual(one.input_value("#text"), "")
        open_acts(other, "疑是")
        expect(other.locator("#act-edit, #act-delete").filter(visible=True)).to_have_count(0)
        other.locator("#acts-quick button").first.click()
        thumb = one.locator(".reaction")
        expect(thumb).to_have_attribute("title", "杜甫")
        thumb.click()
        expect(other.locator(".reaction")).to_have_text("👍 2")
        expect(thumb).to_have_attribute("aria-pressed", "true")
        thumb.click()
        expect(other.locator(".reaction")).to_have_text("👍 1")

    @in_browser
    def test_a_deleted_text_is_nowhere_on_any_page(self) -> None:
        one, other = self.open("李白"), self.open("杜甫")
        say(one, "床前明月光")
        open_acts(other, "明月")
        other.click("#act-reply")
        expect(other.locator("#task-words")).to_have_text("回复 李白：床前明月光")
        say(other, "好诗")
        expect(one.locator(".quoted")).to_have_text("李白 床前明月光")
        open_acts(one, "床前明月光")
        one.click("#act-delete")
        expect(one.locator("#act-delete")).to_have_text("真的删掉？删了就找不回来")
        one.click("#act-delete")
        for page in (one, other):
            expect(page.locator(".gone")).to_have_text("这条删掉了")
            expect(page.locator(".quoted")).to_have_text("李白 这条删掉了")
            self.assertNotIn("明月", page.inner_html("#messages"))
            page.reload()
            ready(page)
            expect(page.locator(".gone")).to_have_text("这条删掉了")
            self.assertNotIn("明月", page.inner_html("#messages"))

    @in_browser
    def test_who_was_away_finds_it_changed(self) -> None:
        one, other = self.open("李白"), self.open("杜甫")
        say(one, "床前明月光")
        expect(other.locator(".message")).to_have_count(1)
        address = other.url
        other.goto("about:blank")
        open_acts(one, "床前")
        one.click("#act-edit")
        say(one, "低头思故乡")
        expect(one.locator(".edited")).to_have_count(1)
        other.goto(address)
        ready(other)
        expect(other.locator(".text p")).to_have_text("低头思故乡")

    @in_browser
    def test_by_keyboard_alone(self) -> None:
        page = self.open("李白")
        for text in ("一", "二"):
            say(page, text)
        expect(page.locator(".message[data-seq]")).to_have_count(2)
        page.press("#text", "ArrowUp")
        self.assertEqual(page.input_value("#text"), "二")
        page.keyboard.type("改")
        page.keyboard.press("Escape")
        expect(page.locator("#task")).to_be_hidden()
        self.assertEqual(page.input_value("#text"), "")
        page.keyboard.press("Escape")
        expect(page.locator("#log")).to_be_focused()
        for key in ("ArrowUp", "ArrowUp"):
            page.keyboard.press(key)
        expect(page.locator(".message").first).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#acts")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#acts")).to_be_hidden()
        expect(page.locator(".message").first).to_be_focused()

    @in_browser
    def test_what_is_being_written_is_there_again_after_a_change(self) -> None:
        page = self.open("李白")
        say(page, "一")
        page.fill("#text", "还没写完")
        open_acts(page, "一")
        page.click("#act-edit")
        page.click("#task-cancel")
        self.assertEqual(page.input_value("#text"), "还没写完")
        open_acts(page, "一")
        page.click("#act-edit")
        say(page, "一改")
        expect(page.locator(".edited")).to_have_count(1)
        self.assertEqual(page.input_value("#text"), "还没写完")
        page.reload()
        ready(page)
        self.assertEqual(page.input_value("#text"), "还没写完")

    @in_browser
    def test_a_long_press_opens_it_and_a_scroll_does_not(self) -> None:
        page = self.open("李白", viewport=PHONE, has_touch=True)
        page.fill("#text", "一")
        page.click("#send")
        message = page.locator(".message[data-seq] .text")
        expect(message).to_be_visible()
        page.clock.install()
        for far, count in ((40, 0), (2, 1)):
            message.dispatch_event(
                "pointerdown", {"pointerType": "touch", "clientX": 9, "clientY": 9, "bubbles": True}
            )
            page.evaluate(
                "(y) => dispatchEvent(new PointerEvent('pointermove', { clientX: 9, clientY: 9 + y }))",
                far,
            )
            page.clock.run_for(600)
            expect(page.locator("#acts[open]")).to_have_count(count)
            page.evaluate("dispatchEvent(new PointerEvent('pointerup'))")

    @in_browser
    def test_the_finger_that_opened_it_is_lifted_without_a_click(self) -> None:
        page = self.open("李白", viewport=PHONE, has_touch=True)
        for number in range(9):
            page.fill("#text", str(number))
            page.click("#send")
        finger = page.context.new_cdp_session(page)
        for text in "2468":
            box = page.locator(".message[data-seq] .text", has_text=text).bounding_box()
            place = {"x": box["x"] + 9, "y": box["y"] + 9}
            finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [place]})
            expect(page.locator("#acts[open]")).to_have_count(1)
            finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
            expect(page.locator("#acts-title")).to_contain_text("李白")
            self.assertEqual(page.input_value("#text"), "")
            page.click("#acts-close")
            expect(page.locator("#acts[open]")).to_have_count(0)

    @in_browser
    def test_what_is_refused_says_why(self) -> None:
        page = self.window()
        server = ScriptedServer(page)
        server.on_react = lambda command: server.send(
            type="error", code="forbidden", message="No.", ref=command["ref"]
        )
        server.store("早")
        page.goto(self.address())
        enter(page, "李白")
        open_acts(page, "早")
        page.locator("#acts-quick button").first.click()
        expect(page.locator("#hint")).to_have_text("你在这里不能这样做。")

    @in_browser
    def test_without_a_connection_the_new_text_stays_in_the_field(self) -> None:
        page = self.window()
        server = ScriptedServer(page)
        page.goto(self.address())
        enter(page, "李白")
        say(page, "一")
        expect(page.locator(".message[data-seq]")).to_have_count(1)
        page.press("#text", "ArrowUp")
        page.keyboard.type("改")
        page.unroute_all()
        page.route_web_socket("**/ws", lambda socket: None)
        server.socket.close(code=1001)
        expect(page.locator("body[data-ready]")).to_have_count(0)
        page.keyboard.press("Enter")
        expect(page.locator("#hint")).to_have_text("现在没连上，连上了再试。")
        self.assertEqual(page.input_value("#text"), "一改")

    @in_browser
    def test_by_each_way(self) -> None:
        for way in ("held", "asking"):
            page = self.open("李白", room=way)
            page.click("#way")
            page.check(f"#way-{way}")
            ready(page)
            page.click("#ways-close")
            say(page, "床前")
            expect(page.locator(".message[data-seq]")).to_have_count(1)
            page.press("#text", "ArrowUp")
            page.keyboard.type("明月光")
            page.keyboard.press("Enter")
            expect(page.locator(".text p")).to_have_text("床前明月光")
            open_acts(page, "床前")
            page.locator("#acts-quick button").first.click()
            expect(page.locator(".reaction")).to_have_text("👍 1")
            say(page, "后来")
            expect(page.locator(".message[data-seq]")).to_have_count(2)
            self.assertEqual(len(texts(page)), 2)


class LooksTests(AxeTestCase):
    @in_browser
    def test_nothing_is_wrong_with_it(self) -> None:
        for options in ({"viewport": PHONE}, {"color_scheme": "dark"}):
            # axe is a script of our own making in a page that allows none.
            page = self.open("李白", bypass_csp=True, **options)
            say(page, "床前明月光")
            open_acts(page, "床前")
            page.locator("#acts-quick button").first.click()
            open_acts(page, "床前")
            self.assertClean(page, "acts")
            page.click("#act-reply")
            say(page, "好")
            expect(page.locator(".quoted").first).to_be_visible()
            self.assertClean(page, "acts")
