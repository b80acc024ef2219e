"""Two people, and what becomes of the talk when the line between them and the server is lost."""

from typing import ClassVar
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect
from twisted.internet import reactor
from twisted.internet.threads import blockingCallFromThread

from tests.web.browser import PHONE, PageTestCase, in_browser, ready, say, texts
from tests.web.cable import Cable

SAY_ALL = """(texts) => {
  for (const text of texts) {
    document.querySelector("#text").value = text;
    document.querySelector("#composer").requestSubmit();
  }
}"""


def arrived(page: Page, count: int) -> list[str]:
    expect(page.locator("#messages li[data-seq]")).to_have_count(count)
    return texts(page)


class TalkingTests(PageTestCase):
    secure = True

    @in_browser
    def test_two_windows_talk(self) -> None:
        one = self.open("李白", "静夜思")
        self.assertEqual(one.evaluate("isSecureContext"), self.secure)
        other = self.open("杜甫", "静夜思", viewport=PHONE, locale="en-US")
        expect(one.locator("#count")).to_have_text("2 人在线")
        expect(other.locator("#count")).to_have_text("2 here")
        say(one, "举头望明月")
        self.assertEqual(arrived(other, 1), ["举头望明月"])
        say(other, "低头思故乡")
        self.assertEqual(arrived(one, 2), ["举头望明月", "低头思故乡"])
        self.assertEqual(arrived(other, 2), ["举头望明月", "低头思故乡"])
        expect(one.locator("#messages .mine")).to_have_count(1)
        expect(one.locator("#messages li:not(.mine) .nick")).to_have_text("杜甫")
        other.context.close()
        self.contexts.remove(other.context)
        expect(one.locator("#count")).to_have_text("1 人在线")
        expect(one.locator("#members li")).to_have_count(1)

    @in_browser
    def test_the_others_see_that_one_is_typing(self) -> None:
        one, other = self.open("李白"), self.open("杜甫")
        other.locator("#text").press_sequentially("嗯")
        expect(one.locator("#typing")).to_have_text("杜甫正在输入…")
        expect(other.locator("#typing")).to_be_empty()
        other.press("#text", "Enter")
        expect(one.locator("#typing")).to_be_empty()


class TalkingOverPlainHttpTests(TalkingTests):
    """As most visitors come: by a name that is not localhost, over http, where the browser has no secure context."""

    host = "chat.test"
    secure = False


class HistoryTests(PageTestCase):
    options: ClassVar = {"rate": 0}

    @in_browser
    def test_who_comes_later_finds_the_last_fifty_and_scrolls_up_for_the_rest(self) -> None:
        one = self.open("李白")
        said = [f"第 {number} 句" for number in range(1, 61)]
        one.evaluate(SAY_ALL, said)
        arrived(one, 60)
        later = self.open("孟浩然", viewport=PHONE)
        self.assertEqual(arrived(later, 50), said[10:])
        expect(later.locator("li[data-seq='60']")).to_be_in_viewport()
        later.evaluate("document.querySelector('#log').scrollTop = 100")
        reading = later.locator("#messages li", has_text="第 15 句")
        before = reading.bounding_box()["y"]
        self.assertEqual(arrived(later, 60), said)
        self.assertEqual(round(reading.bounding_box()["y"] - before), 0)
        say(one, "又一句")
        expect(later.locator("#new")).to_have_text("1 条新消息")
        self.assertEqual(round(reading.bounding_box()["y"] - before), 0)
        later.click("#new")
        expect(later.locator("li[data-seq='61']")).to_be_in_viewport()
        expect(later.locator("#new")).to_be_hidden()


class LostConnectionTests(PageTestCase):
    """李白's window goes through the cable; 杜甫's does not."""

    def lay_cable(self) -> tuple[Cable, Page, Page]:
        cable = Cable("127.0.0.1", urlsplit(self.url).port)
        port = blockingCallFromThread(reactor, reactor.listenTCP, 0, cable, interface="127.0.0.1")
        self.addCleanup(port.stopListening)
        self.addCleanup(cable.cut)
        far = self.open("李白", url=f"http://127.0.0.1:{port.getHost().port}")
        return cable, far, self.open("杜甫")

    @in_browser
    def test_what_was_missed_comes_and_nothing_twice(self) -> None:
        cable, far, near = self.lay_cable()
        say(far, "一")
        arrived(near, 1)
        say(near, "二")
        arrived(far, 2)
        cable.unplug()
        expect(far.locator("body[data-ready]")).to_have_count(0)
        expect(near.locator("#count")).to_have_text("1 人在线")
        for text in ("三", "四", "五"):
            say(near, text)
        say(far, "六")
        expect(far.locator("#messages .pending")).to_have_count(1)
        arrived(near, 5)
        cable.plug()
        ready(far)
        whole = ["一", "二", "三", "四", "五", "六"]
        self.assertEqual(arrived(near, 6), whole)
        self.assertEqual(arrived(far, 6), whole)
        expect(far.locator("#messages .pending")).to_have_count(0)
        expect(near.locator("#count")).to_have_text("2 人在线")

    @in_browser
    def test_a_message_whose_receipt_was_lost_is_there_once(self) -> None:
        cable, far, near = self.lay_cable()
        cable.mute()
        say(far, "只说一次")
        arrived(near, 1)
        expect(far.locator("#messages .pending")).to_have_count(1)
        cable.unplug()
        cable.plug()
        self.assertEqual(arrived(far, 1), ["只说一次"])
        say(far, "后来")
        self.assertEqual(arrived(near, 2), ["只说一次", "后来"])

    @in_browser
    def test_a_line_that_died_without_a_sound_is_noticed(self) -> None:
        cable, far, near = self.lay_cable()
        far.clock.install()
        far.reload()
        ready(far)
        cable.mute()
        say(near, "听得见吗")
        arrived(near, 1)
        # Silence, a question, no answer to it: only then a new line, which is not mute.
        far.clock.run_for(34_000)
        self.assertEqual(texts(far), [])
        far.clock.run_for(4_000)
        self.assertEqual(arrived(far, 1), ["听得见吗"])

    @in_browser
    def test_who_says_something_into_a_dead_line_need_not_wait_for_long(self) -> None:
        cable, far, near = self.lay_cable()
        far.clock.install()
        far.reload()
        ready(far)
        cable.mute()
        say(far, "听得见吗")
        arrived(near, 1)
        far.clock.run_for(3_500)
        expect(far.locator("#messages .pending")).to_have_count(1)
        # A question after four seconds, and a new line four seconds later; a second each, and half of one, for the clocks.
        far.clock.run_for(7_000)
        self.assertEqual(arrived(far, 1), ["听得见吗"])
        self.assertEqual(arrived(near, 1), ["听得见吗"])

    @in_browser
    def test_the_strip_says_what_is_the_matter_but_not_at_once(self) -> None:
        cable, far, _ = self.lay_cable()
        far.clock.install()
        far.reload()
        ready(far)
        cable.unplug()
        expect(far.locator("body[data-ready]")).to_have_count(0)
        far.clock.run_for(4_000)
        expect(far.locator("#strip")).to_be_hidden()
        for _ in range(20):
            far.clock.run_for(500)
        expect(far.locator("#strip")).to_contain_text("没连上服务器")
        cable.plug()
        far.evaluate("dispatchEvent(new Event('online'))")
        ready(far)
        far.clock.run_for(1_000)
        expect(far.locator("#strip")).to_be_hidden()
