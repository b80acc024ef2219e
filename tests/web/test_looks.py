"""Readable and usable for everybody: by axe, on a phone and on a desk, by day and by night."""

from playwright.sync_api import Page, expect

from tests.web.axe import AxeTestCase
from tests.web.browser import DESKTOP, PHONE, PageTestCase, enter, in_browser, ready, say
from tests.web.scripted import ScriptedServer

TOO_SMALL = """() => [...document.querySelectorAll("button, input, textarea")]
  .filter((node) => node.checkVisibility())
  .filter((node) => {
    const { width, height } = node.getBoundingClientRect();
    return Math.round(height) < 44 || width < 44;
  })
  .map((node) => node.id || node.className)"""

MIDDLES = """(nodes) => nodes.map((node) => {
  const range = document.createRange();
  range.selectNodeContents(node);
  const { left, right } = range.getBoundingClientRect();
  return (left + right) / 2;
})"""
LINES = """(nodes) => nodes.map(({ firstChild: text }) => {
  const range = document.createRange();
  const lines = [];
  let last = null;
  for (let index = 0; index < text.length; index += 1) {
    range.setStart(text, index);
    range.setEnd(text, index + 1);
    const { top } = range.getBoundingClientRect();
    if (top !== last) lines.push("");
    last = top;
    lines.push(lines.pop() + text.data[index]);
  }
  return lines;
})"""
HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


class AccessibilityTests(AxeTestCase):
    def everything(self, **options: object) -> None:
        """The door, a talk with all that can go wrong in it, the people, the strip."""
        # axe is a script of our own making in a page that allows none.
        page = self.window(bypass_csp=True, reduced_motion="reduce", **options)
        server = ScriptedServer(page)
        for hour in range(16):
            server.store(
                f"今天 https://example.org/{hour}", user=f"user {hour}", nick=f"诗人{hour}"
            )
        page.goto(self.address())
        self.assertClean(page, "door")
        enter(page, "李白")
        say(page, "发出去了")
        server.on_say = lambda command: server.refuse("unavailable")
        say(page, "没发出去")
        expect(page.locator(".failed")).to_be_visible()
        server.on_say = lambda command: None
        say(page, "还在路上")
        say(page, "太长" * 20)
        server.send(type="typing", room="lobby", user="x", nick="杜甫")
        expect(page.locator("#typing")).not_to_be_empty()
        self.assertClean(page, "talk")
        self.assertEqual(page.evaluate(TOO_SMALL), [])
        page.click("#way")
        expect(page.locator("#cost-websocket")).to_contain_text(
            ":" if "locale" in options else "帧"
        )
        self.assertClean(page, "ways")
        self.assertEqual(page.evaluate(TOO_SMALL), [])
        page.keyboard.press("Escape")
        expect(page.locator("#way")).to_be_focused()
        if options["viewport"] == PHONE:
            page.click("#people-toggle")
        expect(page.locator("#members")).to_be_visible()
        server.socket.close(code=1008)
        expect(page.locator("#strip")).to_be_visible()
        self.assertClean(page, "people and strip")
        self.assertEqual(page.evaluate(TOO_SMALL), [])

    @in_browser
    def test_phone_by_day(self) -> None:
        self.everything(viewport=PHONE, color_scheme="light")

    @in_browser
    def test_phone_by_night(self) -> None:
        self.everything(viewport=PHONE, color_scheme="dark")

    @in_browser
    def test_desk_by_day(self) -> None:
        self.everything(viewport=DESKTOP, color_scheme="light")

    @in_browser
    def test_desk_by_night(self) -> None:
        self.everything(viewport=DESKTOP, color_scheme="dark", locale="en-US")

    @in_browser
    def test_an_empty_room_says_what_to_do(self) -> None:
        page = self.window(bypass_csp=True, reduced_motion="reduce", viewport=PHONE)
        page.goto(self.address("空山"))
        enter(page, "王维")
        expect(page.locator("#empty")).to_contain_text("说第一句吧")
        self.assertClean(page, "empty room")
        page.click("#empty-share")
        expect(page.get_by_role("dialog", name="请人来")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#empty-share")).to_be_focused()
        say(page, "空山不见人")
        expect(page.locator("#empty")).to_be_hidden()

    @in_browser
    def test_what_others_say_is_spoken_and_what_oneself_says_is_not(self) -> None:
        page = self.window()
        server = ScriptedServer(page)
        server.store("早就说过")
        page.goto(self.address())
        enter(page, "李白")
        say(page, "我说")
        server.send(type="said", room="lobby", **server.store("新说"))
        expect(page.locator("#spoken")).to_have_text("杜甫: 新说")


class LayoutTests(PageTestCase):
    def talk(self, **options: object) -> tuple[Page, ScriptedServer]:
        page = self.window(**options)
        server = ScriptedServer(page)
        server.store("别人说的")
        page.goto(self.address())
        enter(page, "李白")
        return page, server

    @in_browser
    def test_the_day_stands_in_the_middle_of_the_log(self) -> None:
        for viewport in (PHONE, DESKTOP):
            page, server = self.talk(viewport=viewport)
            server.on_say = lambda command: None
            say(page, "今天我说")
            expect(page.locator(".day:not(:empty)")).to_have_count(2)
            log = page.locator("#log").bounding_box()
            for middle in page.locator(".day:not(:empty)").evaluate_all(MIDDLES):
                self.assertAlmostEqual(middle, log["x"] + log["width"] / 2, delta=1)

    @in_browser
    def test_all_words_grow_with_the_browsers_font(self) -> None:
        page, server = self.talk()
        server.send(type="typing", room="lobby", user="x", nick="杜甫")
        say(page, "太长" * 20)
        places = ["h1", "#count", ".head", ".text", "#typing", "#hint", "#send", ".face", "#text"]
        size = "(node) => [parseFloat(getComputedStyle(node).fontSize), node.offsetHeight]"
        before = [page.locator(place).first.evaluate(size) for place in places]
        page.context.new_cdp_session(page).send(
            "Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}}
        )
        page.wait_for_function("() => getComputedStyle(document.body).fontSize === '32px'")
        for place, (font, height) in zip(places, before, strict=True):
            grown, taller = page.locator(place).first.evaluate(size)
            self.assertEqual(grown, font * 2, place)
            self.assertGreater(taller, height * 1.4, place)

    @in_browser
    def test_a_long_nick_takes_two_lines_of_the_list_at_most(self) -> None:
        page, server = self.talk()
        server.send(type="entered", room="lobby", user="w", nick="W" * 32, count=2)
        nick = page.locator("#members .nick", has_text="WW")
        self.assertEqual(nick.bounding_box()["height"], 48)
        self.assertEqual(page.locator("#members li").last.get_attribute("title"), "W" * 32)

    @in_browser
    def test_the_tab_counts_what_is_said_while_nobody_looks(self) -> None:
        page, server = self.talk()
        expect(page).to_have_title("大厅 · chatroom")
        server.send(type="said", room="lobby", **server.store("看见的"))
        expect(page.locator("#messages li")).to_have_count(2)
        expect(page).to_have_title("大厅 · chatroom")
        page.evaluate(HIDE, True)
        for text in ("一", "二"):
            server.send(type="said", room="lobby", **server.store(text))
        expect(page).to_have_title("(2) 大厅 · chatroom")
        page.evaluate(HIDE, False)
        expect(page).to_have_title("大厅 · chatroom")
        page.evaluate(HIDE, True)
        server.send(type="said", room="lobby", **server.store("三"))
        expect(page).to_have_title("(1) 大厅 · chatroom")


class ChineseLinesTests(PageTestCase):
    host = "chat.test"

    @in_browser
    def test_sentences_of_an_empty_room_break_after_their_stops(self) -> None:
        for viewport in (PHONE, DESKTOP):
            page = self.open("王维", "空山", viewport=viewport)
            for lines in page.locator("#empty p").evaluate_all(LINES):
                for line in lines:
                    self.assertIn(line[-1], "，。：", lines)


class PhoneTests(PageTestCase):
    @in_browser
    def test_nothing_is_wider_than_the_screen(self) -> None:
        page = self.open("李" * 32, "字" * 60, viewport=PHONE)
        for text in ("长" * 500, "w" * 500, "https://example.org/" + "w" * 300, "一\n" * 30):
            say(page, text)
        expect(page.locator("#messages li[data-seq]")).to_have_count(4)
        for selector in ("html", "#log"):
            wide, seen = page.eval_on_selector(
                selector, "(node) => [node.scrollWidth, node.clientWidth]"
            )
            self.assertLessEqual(wide, seen, selector)

    @in_browser
    def test_nor_on_the_narrowest(self) -> None:
        for locale in ("zh-CN", "en-US"):
            page = self.open(
                locale, "字" * 60, viewport={"width": 320, "height": 568}, locale=locale
            )
            for way in ("websocket", "asking", "held"):
                page.click("#way")
                page.check(f"#way-{way}")
                expect(page.locator(f"#now-{way}")).to_be_visible()
                for selector in ("#ways", "html", "header"):
                    wide, seen = page.eval_on_selector(
                        selector, "(node) => [node.scrollWidth, node.clientWidth]"
                    )
                    self.assertLessEqual(wide, seen, (way, selector))
                page.click("#ways-close")
                expect(page.locator("#room")).to_be_in_viewport(ratio=1)
                self.assertGreater(page.locator("#room").bounding_box()["width"], 30)

    @in_browser
    def test_the_choice_of_a_way_can_be_left_on_any_screen(self) -> None:
        for width, height in ((320, 568), (320, 360), (844, 390), (1280, 800)):
            page = self.open("李白", viewport={"width": width, "height": height})
            page.click("#way")
            expect(page.locator("#ways-close")).to_be_in_viewport(ratio=1)
            page.locator("#ways-note").scroll_into_view_if_needed()
            expect(page.locator("#ways-note")).to_be_in_viewport(ratio=1)
            expect(page.locator("#ways-close")).to_be_in_viewport(ratio=1)
            page.click("#ways-close")
            expect(page.locator("#ways")).to_be_hidden()

    @in_browser
    def test_the_way_is_chosen_by_keyboard_alone(self) -> None:
        page = self.open("李白")
        page.focus("#way")
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog", name="传送方式")).to_be_visible()
        expect(page.get_by_role("radio", name="自动")).to_be_focused()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("radio", name="长轮询")).to_be_checked()
        expect(page.locator("#now-held")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="传送方式： 长轮询")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("radio", name="长轮询")).to_be_focused()

    @in_browser
    def test_the_composer_stays_above_the_keyboard(self) -> None:
        page = self.open("李白", viewport=PHONE)
        for number in range(20):
            say(page, f"第 {number} 句")
        expect(page.locator("#messages li[data-seq]")).to_have_count(20)
        # A scroll event of the last message may come after the change of size and before anybody has reacted to it.
        page.evaluate("""visualViewport.addEventListener("resize",
            () => document.querySelector("#log").dispatchEvent(new Event("scroll")))""")
        page.set_viewport_size({"width": 360, "height": 400})
        expect(page.locator("#send")).to_be_in_viewport(ratio=1)
        expect(page.locator("#messages li").last).to_be_in_viewport(ratio=1)

    @in_browser
    def test_the_people_slide_in_and_out(self) -> None:
        page = self.open("李白", viewport=PHONE)
        ready(page)
        expect(page.locator("#people")).to_be_hidden()
        page.click("#people-toggle")
        expect(page.locator("#members")).to_contain_text("李白")
        page.focus("#rename")
        page.keyboard.press("Escape")
        expect(page.locator("#people")).to_be_hidden()
        expect(page.locator("#people-toggle")).to_be_focused()
        # From wherever one is.
        page.click("#people-toggle")
        page.focus("#text")
        page.keyboard.press("Escape")
        expect(page.locator("#people")).to_be_hidden()
