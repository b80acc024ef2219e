"""What the reader chooses holds at once, and next time; and by keys everything is reached."""

from typing import ClassVar

from playwright.sync_api import Page, expect

from tests.web.axe import AxeTestCase
from tests.web.browser import DESKTOP, PHONE, PageTestCase, enter, in_browser, ready, say, texts
from tests.web.scripted import ScriptedServer

FIRST_PAINT = """new PerformanceObserver((list) => {
  for (const { name } of list.getEntries()) if (name === "first-paint") window.paintedAs = document.documentElement.dataset.theme;
}).observe({ type: "paint", buffered: true })"""

HEAR_THE_SYSTEM = """matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { document.documentElement.dataset.heard = ""; })"""
TOO_LOW = """[...document.querySelectorAll("button, input, select, textarea")]
  .filter((node) => node.checkVisibility() && Math.round(node.getBoundingClientRect().height) < 44)
  .map((node) => node.id || node.className)"""

# Letters wider than their label run on under what stands beside it.
COVERED = """[...document.querySelectorAll("#settings label, #settings select")]
  .filter((node) => node.scrollWidth > node.clientWidth + 2 || node.getBoundingClientRect().right > innerWidth)
  .map((node) => node.id || node.htmlFor)"""


class SettingsTests(PageTestCase):
    def settings(self, page: Page) -> None:
        page.click("#settings-toggle")
        expect(page.get_by_role("dialog", name="设置")).to_be_visible()

    @in_browser
    def test_language_holds_at_once_and_nothing_written_is_lost(self) -> None:
        page = self.open("李白", "静夜思")
        page.fill("#text", "还没写完")
        self.settings(page)
        page.select_option("#set-language", "en")
        expect(page.get_by_role("dialog", name="Settings")).to_be_visible()
        expect(page.get_by_label("Language")).to_be_focused()
        self.assertEqual(page.url, self.address("静夜思"))
        self.assertEqual(page.evaluate("document.documentElement.lang"), "en")
        page.click("#settings-close")
        self.assertEqual(page.input_value("#text"), "还没写完")
        page.reload()
        expect(page.get_by_role("button", name="Send")).to_be_visible()

    @in_browser
    def test_theme_and_size_hold_at_once_and_from_the_first_paint_on(self) -> None:
        page = self.open("李白", color_scheme="light")
        page.add_init_script(FIRST_PAINT)
        ground = "getComputedStyle(document.body).backgroundColor"
        self.assertEqual(page.evaluate(ground), "rgb(246, 247, 248)")
        self.settings(page)
        page.select_option("#set-theme", "dark")
        self.assertEqual(page.evaluate(ground), "rgb(18, 24, 27)")
        page.select_option("#set-size", "largest")
        self.assertEqual(page.evaluate("getComputedStyle(document.body).fontSize"), "21px")
        page.reload()
        ready(page)
        self.assertEqual(page.evaluate(ground), "rgb(18, 24, 27)")
        page.wait_for_function("() => window.paintedAs")
        self.assertEqual(page.evaluate("window.paintedAs"), "dark")
        self.settings(page)
        page.select_option("#set-theme", "system")
        self.assertEqual(page.evaluate(ground), "rgb(246, 247, 248)")
        page.emulate_media(color_scheme="dark")
        page.wait_for_function(f"() => {ground} === 'rgb(18, 24, 27)'")
        page.select_option("#set-theme", "contrast")
        self.assertEqual(page.evaluate(ground), "rgb(0, 0, 0)")

    @in_browser
    def test_enter_the_other_way_round(self) -> None:
        page = self.open("李白")
        self.settings(page)
        page.select_option("#set-enter", "break")
        page.click("#settings-close")
        expect(page.locator("#settings-toggle")).to_be_focused()
        page.click("#text")
        page.keyboard.type("一")
        page.keyboard.press("Enter")
        page.keyboard.type("二")
        page.keyboard.press("Shift+Enter")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        page.keyboard.type("三")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#messages li[data-seq]")).to_have_count(2)
        self.assertEqual(texts(page), ["一\n二", "三"])

    @in_browser
    def test_on_a_touch_screen_enter_breaks_and_the_button_sends(self) -> None:
        page = self.open("李白", viewport=PHONE, has_touch=True, is_mobile=True)
        page.tap("#text")
        page.keyboard.type("一")
        page.keyboard.press("Enter")
        page.keyboard.type("二")
        page.tap("#send")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        self.assertEqual(texts(page), ["一\n二"])
        self.assertEqual(page.evaluate("document.querySelector('#text').enterKeyHint"), "enter")

    @in_browser
    def test_it_says_what_plain_http_lacks(self) -> None:
        self.host = "chat.test"
        page = self.open("李白")
        self.settings(page)
        expect(page.locator("#settings-context")).to_contain_text("现在用的是 http")
        expect(page.locator("#set-notifications")).to_be_disabled()
        page.click("#settings-close")

    @in_browser
    def test_where_nothing_can_be_kept_it_holds_until_one_leaves(self) -> None:
        page = self.window(color_scheme="light")
        page.add_init_script("""
          Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } });
        """)
        page.goto(self.address())
        enter(page, "李白")
        self.settings(page)
        page.select_option("#set-theme", "dark")
        self.assertEqual(page.evaluate("document.documentElement.dataset.theme"), "dark")
        # Nor does the system's night undo what was chosen.
        page.select_option("#set-theme", "light")
        page.evaluate(HEAR_THE_SYSTEM)
        page.emulate_media(color_scheme="dark")
        expect(page.locator("html")).to_have_attribute("data-heard", "")
        self.assertEqual(page.evaluate("document.documentElement.dataset.theme"), "light")

    @in_browser
    def test_other_windows_dress_alike(self) -> None:
        page = self.open("李白", color_scheme="light")
        other = page.context.new_page()
        other.goto(self.address())
        ready(other)
        self.settings(page)
        page.select_option("#set-theme", "dark")
        expect(other.locator("html")).to_have_attribute("data-theme", "dark")

    @in_browser
    def test_the_browsers_own_frame_takes_the_papers_colour(self) -> None:
        page = self.open("李白", color_scheme="light")
        self.settings(page)
        for theme, colour in (("dark", "#12181B"), ("light", "#F6F7F8"), ("contrast", "#FFFFFF")):
            page.select_option("#set-theme", theme)
            expect(page.locator("meta[name=theme-color]")).to_have_attribute("content", colour)

    @in_browser
    def test_another_language_is_no_step_back_and_the_focus_finds_home(self) -> None:
        page = self.open("李白")
        steps = page.evaluate("history.length")
        self.settings(page)
        page.select_option("#set-language", "en")
        expect(page.get_by_label("Language")).to_be_focused()
        self.assertEqual(page.evaluate("history.length"), steps)
        page.keyboard.press("Escape")
        expect(page.locator("#settings-toggle")).to_be_focused()

    @in_browser
    def test_what_is_kept_but_makes_no_sense_is_chosen_anew(self) -> None:
        for kept in ('"x"', "5", "null", "{"):
            page = self.window(color_scheme="light")
            page.goto(self.address())
            page.evaluate("(kept) => localStorage.setItem('settings', kept)", kept)
            page.reload()
            enter(page, "李白")
            self.settings(page)
            page.select_option("#set-theme", "dark")
            page.reload()
            ready(page)
            expect(page.locator("html")).to_have_attribute("data-theme", "dark")

    @in_browser
    def test_small_letters_leave_a_finger_its_room_and_a_field_its_size(self) -> None:
        page = self.open("李白", viewport=PHONE)
        self.settings(page)
        page.select_option("#set-size", "small")
        self.assertEqual(page.evaluate("getComputedStyle(document.body).fontSize"), "14px")
        self.assertEqual(page.evaluate(TOO_LOW), [])
        self.assertEqual(
            page.evaluate("getComputedStyle(document.querySelector('#text')).fontSize"), "16px"
        )

    @in_browser
    def test_no_choice_lies_over_its_name(self) -> None:
        for locale in ("zh-CN", "en-US"):
            page = self.open(locale, locale=locale, viewport={"width": 320, "height": 568})
            for size in ("small", "normal", "largest"):
                page.click("#settings-toggle")
                page.select_option("#set-size", size)
                self.assertEqual(page.evaluate(COVERED), [], (locale, size))
                page.click("#settings-close")

    @in_browser
    def test_forced_colours_tell_what_is_on(self) -> None:
        page = self.open("李白", forced_colors="active")
        self.settings(page)
        switch = page.locator("#set-sounds")
        off = switch.screenshot()
        # Without the ring of the focus, which would make a difference by itself.
        switch.evaluate("(node) => { node.checked = true; }")
        self.assertNotEqual(switch.screenshot(), off)


class LooksTests(AxeTestCase):
    @in_browser
    def test_every_theme_is_readable(self) -> None:
        for theme in ("light", "dark", "contrast"):
            for viewport, scheme in ((PHONE, "dark"), (DESKTOP, "light")):
                page = self.open(
                    theme,
                    bypass_csp=True,
                    reduced_motion="reduce",
                    viewport=viewport,
                    color_scheme=scheme,
                )
                say(page, "**重点** `x` https://example.org\n> 引\n```\ncode\n```\n@你")
                page.click("#settings-toggle")
                page.select_option("#set-theme", theme)
                self.assertClean(page, f"settings {theme}")
                page.click("#keys-open")
                self.assertClean(page, f"keys {theme}")
                page.keyboard.press("Escape")
                page.keyboard.press("Escape")
                self.assertClean(page, f"talk {theme}")
                page.context.close()
                self.contexts.remove(page.context)


class KeysTests(PageTestCase):
    @in_browser
    def test_they_are_listed_and_lead_there_and_back(self) -> None:
        page = self.open("李白")
        page.keyboard.press("Escape")
        expect(page.locator("#log")).to_be_focused()
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="快捷键")).to_contain_text("邀请")
        page.keyboard.press("s")
        expect(page.locator("#share")).to_be_hidden()
        page.keyboard.press("Escape")
        expect(page.locator("#log")).to_be_focused()
        for key, opened in ((",", "#settings"), ("s", "#share")):
            page.keyboard.press(key)
            expect(page.locator(opened)).to_be_visible()
            page.keyboard.press("Escape")
            expect(page.locator(opened)).to_be_hidden()
            expect(page.locator("#log")).to_be_focused()
        page.keyboard.press("u")
        expect(page.locator("#people")).to_be_hidden()
        page.keyboard.press("w")
        expect(page.locator("#ways")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#ways")).to_be_hidden()
        page.keyboard.press("n")
        expect(page.locator("#text")).to_be_focused()
        page.keyboard.type("?ns,")
        self.assertEqual(page.input_value("#text"), "?ns,")

    @in_browser
    def test_escape_goes_to_the_messages_and_back_and_caps_lock_is_no_matter(self) -> None:
        page = self.open("李白")
        page.keyboard.press("Escape")
        expect(page.locator("#log")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#text")).to_be_focused()
        page.focus("#log")
        # As Caps Lock sends it: a capital without Shift.
        press = "(options) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, ...options }))"
        page.evaluate(press, {"key": "N", "shiftKey": True})
        expect(page.locator("#log")).to_be_focused()
        page.evaluate(press, {"key": "N"})
        expect(page.locator("#text")).to_be_focused()

    @in_browser
    def test_they_can_be_switched_off_and_leave_an_input_method_alone(self) -> None:
        page = self.open("李白")
        page.keyboard.press("Escape")
        page.evaluate("""() => document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
          { key: "?", keyCode: 229, bubbles: true }))""")
        expect(page.locator("#keys")).to_be_hidden()
        page.click("#settings-toggle")
        # Until it is filled, the box has no tick that could be taken away.
        expect(page.locator("#set-keys")).to_be_checked()
        page.uncheck("#set-keys")
        page.click("#settings-close")
        page.focus("#log")
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_hidden()


class AlertsTests(PageTestCase):
    stub = """
      window.notified = [];
      window.Notification = class extends EventTarget {
        static permission = "default";
        static requestPermission() { return Promise.resolve(Notification.permission = window.answer ?? "granted"); }
        constructor(title, options) { super(); window.notified.push([title, options.body]); window.last = this; }
        close() { this.closed = true; }
      };
      window.tones = 0;
      window.AudioContext = class {
        state = "running"; currentTime = 0; destination = {};
        createOscillator() { window.tones += 1; return { frequency: {}, connect: (to) => to, start() {}, stop() {} }; }
        createGain() {
          return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect: (to) => to };
        }
        resume() {}
      };
      document.hasFocus = () => window.focused ?? true;
    """

    def talk(self) -> tuple[Page, ScriptedServer]:
        page = self.window()
        page.add_init_script(self.stub)
        server = ScriptedServer(page)
        server.store("早")
        page.goto(self.address())
        enter(page, "李白")
        return page, server

    def leave(self, page: Page) -> None:
        page.evaluate("window.focused = false")

    def hear(self, page: Page, server: ScriptedServer, text: str) -> None:
        count = page.locator("#messages .message").count()
        server.send(type="said", room="lobby", **server.store(text))
        expect(page.locator("#messages .message")).to_have_count(count + 1)

    @in_browser
    def test_who_is_called_is_told_and_nothing_else_by_default(self) -> None:
        page, server = self.talk()
        page.click("#settings-toggle")
        page.check("#set-notifications")
        page.check("#set-sounds")
        page.click("#settings-close")
        self.hear(page, server, "@李白 看得见")
        self.assertEqual(page.evaluate("notified"), [])
        self.leave(page)
        self.hear(page, server, "不是叫你")
        self.assertEqual(page.evaluate("[notified.length, tones]"), [0, 0])
        self.hear(page, server, "@李白 在吗")
        self.assertEqual(page.evaluate("notified"), [["杜甫（大厅）", "@李白 在吗"]])
        self.assertEqual(page.evaluate("tones"), 2)
        expect(page).to_have_title("@(2) 大厅 · chatroom")
        # Back at the page, it is over.
        page.evaluate("window.focused = true; dispatchEvent(new Event('focus'))")
        expect(page).to_have_title("大厅 · chatroom")
        self.assertTrue(page.evaluate("last.closed"))

    @in_browser
    def test_each_room_has_its_own_level(self) -> None:
        page, server = self.talk()
        page.click("#settings-toggle")
        page.check("#set-notifications")
        page.select_option("#set-alerts", "all")
        page.click("#settings-close")
        self.leave(page)
        self.hear(page, server, "随便说说")
        self.assertEqual(page.evaluate("notified.length"), 1)
        page.click("#settings-toggle")
        page.select_option("#set-alerts", "nothing")
        page.click("#settings-close")
        self.leave(page)
        self.hear(page, server, "@李白")
        self.assertEqual(page.evaluate("notified.length"), 1)
        page.goto(self.address("大厅"))
        ready(page)
        page.click("#settings-toggle")
        expect(page.locator("#set-alerts")).to_have_value("mentions")

    @in_browser
    def test_a_browser_that_says_no_is_explained(self) -> None:
        page, _ = self.talk()
        page.evaluate("window.answer = 'denied'")
        page.click("#settings-toggle")
        page.locator("#set-notifications").click()
        expect(page.locator("#settings-permission")).to_contain_text("浏览器不许这个网站弹通知")
        expect(page.locator("#set-notifications")).not_to_be_checked()

    @in_browser
    def test_the_tabs_picture_counts(self) -> None:
        page, server = self.talk()
        icon = page.locator("link[rel=icon]")
        plain = icon.get_attribute("href")
        self.leave(page)
        for number in range(11):
            self.hear(page, server, str(number))
        expect(page).to_have_title("(11) 大厅 · chatroom")
        self.assertIn("9%2B", icon.get_attribute("href"))
        page.evaluate("window.focused = true; dispatchEvent(new Event('focus'))")
        expect(icon).to_have_attribute(
            "href", page.evaluate("(href) => new URL(href, location).href", plain)
        )


class FocusTests(PageTestCase):
    options: ClassVar = {"rate": 0}

    @in_browser
    def test_what_is_said_while_one_has_scrolled_up_stays_unread(self) -> None:
        one, other = self.open("李白"), self.open("杜甫", viewport=PHONE)
        for number in range(30):
            say(one, f"第 {number} 句")
        expect(other.locator("#messages li[data-seq]")).to_have_count(30)
        other.evaluate("document.querySelector('#log').scrollTop = 0")
        expect(other.locator("#new")).to_be_visible()
        say(one, "新的")
        expect(other).to_have_title("(1) 大厅 · chatroom")
        other.click("#new")
        expect(other).to_have_title("大厅 · chatroom")
