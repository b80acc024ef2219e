"""What stays while something else changes: the place on the page, the focus, what one has written."""

import re
from typing import ClassVar

from playwright.sync_api import Locator, Page, expect

from tests.web.browser import PHONE, PageTestCase, enter, in_browser, ready, say
from tests.web.kept import kept
from tests.web.scripted import ScriptedServer

LONG = "\n".join(f"第{line}行" for line in range(60))


def top(node: Locator) -> float:
    box = node.bounding_box()
    assert box
    return box["y"]


def bottom(node: Locator) -> float:
    box = node.bounding_box()
    assert box
    return box["y"] + box["height"]


class PlaceTests(PageTestCase):
    options: ClassVar = {"rate": 0}

    @in_browser
    def test_unfolding_keeps_the_beginning_and_folding_the_button(self) -> None:
        page = self.open("李白", viewport=PHONE)
        other = self.open("杜甫")
        for number in range(40):
            say(other, f"第{number}句")
        say(other, LONG)
        message = page.locator(".message").last
        button = page.get_by_role("button", name="展开全文")
        expect(button).to_be_visible()
        before = top(message)
        button.click()
        self.assertAlmostEqual(top(message), before, delta=1)
        expect(page.locator("#new")).to_be_visible(timeout=500)
        for number in range(40):
            say(other, f"后来第{number}句")
        expect(page.get_by_text("后来第39句")).to_be_attached()
        less = page.get_by_role("button", name="收起")
        less.evaluate("(node) => node.scrollIntoView({ block: 'center' })")
        page.wait_for_timeout(100)
        before = bottom(less)
        less.click()
        expect(button).to_be_visible()
        self.assertAlmostEqual(bottom(button), before, delta=1)

    @in_browser
    def test_who_reads_along_goes_on_reading_along_after_a_look_into_something(self) -> None:
        page = self.open("李白", viewport=PHONE)
        other = self.open("杜甫")
        for kind in (".note-line", ".unfold"):
            if kind == ".unfold":
                say(other, LONG)
            for _ in range(2):
                page.locator(kind).click()
            for number in range(15):
                say(other, f"{kind} {number}")
            expect(page.get_by_text(f"{kind} 14")).to_be_in_viewport()
            expect(page.locator("#new")).to_be_hidden()

    @in_browser
    def test_a_note_opens_where_it_stands(self) -> None:
        page = self.open("李白", viewport=PHONE)
        for number in range(20):
            say(page, f"第{number}句")
        for nick in ("杜甫", "王维", "孟浩然"):
            self.open(nick)
        line = page.locator(".note-line")
        expect(line).to_contain_text("孟浩然")
        before = top(line)
        line.click()
        expect(page.locator(".note-all li")).to_have_count(3)
        self.assertAlmostEqual(top(line), before, delta=1)

    @in_browser
    def test_who_comes_in_while_reading_far_above_stays_there(self) -> None:
        one = self.open("李白")
        for number in range(60):
            say(one, f"第{number}句")
        expect(one.locator(".message.pending")).to_have_count(0)
        looker = self.window(viewport=PHONE)
        looker.goto(self.address())
        expect(looker.get_by_text("第59句", exact=True)).to_be_visible()
        looker.locator("#log").evaluate("(log) => { log.scrollTop = 300; }")
        expect(looker.locator("#new")).to_be_visible()
        read = looker.get_by_text("第20句", exact=True)
        read.evaluate("(node) => node.scrollIntoView({ block: 'center' })")
        looker.wait_for_timeout(100)
        offset = top(read) - top(looker.locator("#log"))
        enter(looker, "杜甫")
        looker.wait_for_timeout(200)
        self.assertAlmostEqual(top(read) - top(looker.locator("#log")), offset, delta=2)


class FocusTests(PageTestCase):
    @in_browser
    def test_in_the_list_of_people_it_stays_while_they_come_and_go(self) -> None:
        page = self.open("李白")
        page.focus("#rename")
        other = self.open("杜甫")
        expect(page.locator(".member")).to_have_count(2)
        expect(page.locator("#rename")).to_be_focused()
        other.close()
        expect(page.locator(".member")).to_have_count(1)
        expect(page.locator("#rename")).to_be_focused()
        page.keyboard.press("u")
        expect(page.locator("#people")).to_be_hidden()
        expect(page.locator("#people-toggle")).to_be_focused()

    @in_browser
    def test_from_a_note_that_goes_it_goes_to_the_messages(self) -> None:
        page = self.window()
        server = ScriptedServer(page)
        page.goto(self.address())
        enter(page, "李白")
        person = {"room": "lobby", "user": "u", "nick": "王维", "count": 2}
        server.send(type="left", **person)
        page.locator(".note-line").focus()
        server.send(type="entered", **person)
        expect(page.locator(".note")).to_have_count(0)
        expect(page.locator("#log")).to_be_focused()

    @in_browser
    def test_in_settings_what_one_stands_on_is_in_sight(self) -> None:
        for width, height in ((360, 640), (740, 360), (320, 256)):
            page = self.open("李白", viewport={"width": width, "height": height})
            page.click("#settings-toggle")
            expect(page.locator("#settings")).to_be_visible()
            for field in page.locator("#settings select, #settings input").all():
                field.focus()
                box, bar = field.bounding_box(), page.locator("#settings .buttons").bounding_box()
                assert box and bar
                is_clear = bar["y"] >= box["y"] + box["height"] or bar["y"] >= height
                self.assertTrue(is_clear, f"{field.get_attribute('id')} at {width} x {height}")

    @in_browser
    def test_it_goes_to_the_field_from_a_message_that_is_sent_again_or_let_go(self) -> None:
        page = self.window()
        server = ScriptedServer(page)
        page.goto(self.address())
        enter(page, "李白")
        server.on_say = lambda command: server.refuse("forbidden")
        for button in ("再发一次", "不发了"):
            if button == "再发一次":
                say(page, "举头")
            expect(page.locator(".failed")).to_have_count(1)
            page.get_by_role("button", name=button).press("Enter")
            expect(page.locator("#text")).to_be_focused()

    @in_browser
    def test_on_a_button_of_a_failed_message_it_stays_while_others_speak(self) -> None:
        page = self.window()
        server = ScriptedServer(page)
        page.goto(self.address())
        enter(page, "李白")
        server.on_say = lambda command: server.refuse("forbidden")
        say(page, "举头")
        page.locator(".again").focus()
        server.send(type="said", room="lobby", **server.store("望明月"))
        expect(page.get_by_text("望明月")).to_be_visible()
        expect(page.locator(".again")).to_be_focused()

    @in_browser
    def test_escape_of_an_input_method_leaves_one_where_one_renames(self) -> None:
        page = self.open("李白")
        page.click("#rename")
        page.evaluate(
            """() => {
              const field = document.querySelector("#nick");
              field.dispatchEvent(new CompositionEvent("compositionstart"));
              const key = { key: "Escape", isComposing: true, bubbles: true, cancelable: true };
              field.dispatchEvent(new KeyboardEvent("keydown", key));
            }"""
        )
        expect(page.locator("#nick")).to_be_focused()
        page.evaluate(
            """() => document.querySelector("#nick").dispatchEvent(new CompositionEvent("compositionend"))"""
        )
        page.wait_for_timeout(50)
        page.press("#nick", "Escape")
        expect(page.locator("#text")).to_be_focused()


class NetworkTests(PageTestCase):
    @in_browser
    def test_what_the_browser_says_of_the_network_is_looked_into(self) -> None:
        page = self.window()
        server = ScriptedServer(page)
        page.goto(self.address())
        enter(page, "李白")
        page.clock.install()
        page.reload()
        ready(page)
        before = server.connections
        # A server on this computer is still there.
        page.evaluate("dispatchEvent(new Event('offline'))")
        page.clock.run_for(4_000)
        self.assertEqual(server.connections, before)
        server.on_ping = lambda command: None
        page.evaluate("dispatchEvent(new Event('offline'))")
        page.clock.run_for(4_000)
        expect(page.locator("body[data-ready]")).to_have_count(1)
        self.assertEqual(server.connections, before + 1)


class DaysTests(PageTestCase):
    @in_browser
    def test_a_day_has_its_heading_whoever_came_in_the_night(self) -> None:
        page = self.window(timezone_id="Asia/Shanghai")
        server = ScriptedServer(page)
        page.clock.install(time="2026-11-24T22:00:00+08:00")
        page.goto(self.address())
        enter(page, "李白")

        def said(text: str) -> None:
            now = page.evaluate("Date.now()")
            server.send(type="said", room="lobby", **{**server.store(text), "at": now})
            expect(page.get_by_text(text)).to_be_attached()

        said("晚上")
        for type, when in (("left", "24T22:10:00"), ("entered", "25T08:00:00")):
            page.clock.set_fixed_time(f"2026-11-{when}+08:00")
            server.send(type=type, room="lobby", user=type, nick=type, count=2)
        said("早上")
        days = page.locator("#messages .day").filter(has_text=re.compile("."))
        expect(days).to_have_count(2)


class WindowsTests(PageTestCase):
    """Two windows of one person."""

    @in_browser
    def test_what_one_lets_go_the_other_does_not_send(self) -> None:
        one = self.open("李白")
        held = ScriptedServer(one)
        held.on_say = lambda command: None
        one.reload()
        ready(one)
        say(one, "不说了")
        kept(one, "unsent", ["不说了"])
        other = one.context.new_page()
        held_too = ScriptedServer(other)
        held_too.on_say = lambda command: held_too.refuse("forbidden")
        other.goto(self.address())
        expect(other.locator(".failed .text")).to_have_text("不说了")
        other.get_by_role("button", name="不发了").click()
        expect(one.locator(".message")).to_have_count(0)
        kept(one, "unsent", [])


class UnloadedTests(PageTestCase):
    def listen(self, message: object) -> None:
        """A file that does not come is what this is about."""

    def window_without(self, pattern: str) -> Page:
        page = self.window()
        page.route(pattern, lambda route: route.abort())
        page.goto(self.address())
        return page

    @in_browser
    def test_a_page_that_is_not_whole_says_so(self) -> None:
        page = self.window_without("**/js/state/room.js")
        expect(page.locator("#unloaded")).to_contain_text("没有取全")
        page.unroute("**/js/state/room.js")
        page.locator("#unloaded a").first.click()
        expect(page.locator("#entrance")).to_be_visible()
        expect(page.locator("#unloaded")).to_be_hidden()

    @in_browser
    def test_words_that_do_not_come_are_asked_for_again(self) -> None:
        page = self.window_without("**/locales/zh.json")
        page.wait_for_timeout(300)
        page.unroute("**/locales/zh.json")
        expect(page.locator("#nick-label")).to_have_text("大家怎么叫你？")
