"""By whatever way the chat is carried: the same talk, and from one to another without a loss."""

import re
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Route, expect
from twisted.internet import reactor
from twisted.internet.threads import blockingCallFromThread

from tests.web.browser import PHONE, PageTestCase, enter, in_browser, ready, say, texts
from tests.web.cable import Cable
from tests.web.test_acts import open_acts

NAMES = {"websocket": "WebSocket", "held": "长轮询", "asking": "每 2 秒问一次"}
SAY_ALL = """(texts) => {
  for (const text of texts) {
    document.querySelector("#text").value = text;
    document.querySelector("#composer").requestSubmit();
  }
}"""
SAY_ALONG = f"(texts) => texts.forEach((text, at) => setTimeout(({SAY_ALL}), at * 250, [text]))"
FIFTEEN = [f"第 {number} 句" for number in range(1, 16)]


def arrived(page: Page, whole: list[str]) -> None:
    expect(page.locator("#messages li[data-seq] .text")).to_have_text(whole)
    expect(page.locator("#messages .pending, #messages .failed")).to_have_count(0)


def carried_by(page: Page, name: str) -> None:
    expect(page.locator("#way-name")).to_have_text(NAMES[name])
    ready(page)


def choose(page: Page, name: str) -> None:
    page.click("#way")
    page.check(f"#way-{name}")
    page.click("#ways-close")


def pass_time(page: Page, seconds: int) -> None:
    """Slowly, so that there is time for the answers."""
    for _ in range(seconds):
        page.clock.run_for(1_000)
        page.wait_for_timeout(20)


class WaysTestCase(PageTestCase):
    def listen(self, message: ConsoleMessage) -> None:
        # A room that nobody was in yet is 404, a session that is over 400.
        if not message.text.startswith("Failed to load resource"):
            super().listen(message)

    def by(self, way: str, nick: str, room: str = "lobby", url: str = "", **options: Any) -> Page:
        """Comes in with a way chosen, by the page's own memory of an earlier choice."""
        page = self.window(**options)
        page.goto(self.address(room, url or None))
        page.evaluate("(way) => localStorage.setItem('way', way)", way)
        page.reload()
        enter(page, nick)
        carried_by(page, way)
        return page

    def lay_cable(self) -> tuple[Cable, str]:
        cable = Cable("127.0.0.1", urlsplit(self.url).port)
        port = blockingCallFromThread(reactor, reactor.listenTCP, 0, cable, interface="127.0.0.1")
        self.addCleanup(port.stopListening)
        self.addCleanup(cable.cut)
        return cable, f"http://127.0.0.1:{port.getHost().port}"


class EachWayTests(WaysTestCase):
    @in_browser
    def test_people_of_all_three_talk(self) -> None:
        pages = [self.by(way, f"诗人 {way}", "静夜思") for way in NAMES]
        whole: list[str] = []
        for page, text in zip(pages, ("床前明月光", "疑是地上霜", "举头望明月"), strict=True):
            say(page, text)
            whole.append(text)
            for other in pages:
                arrived(other, whole)
        for page in pages:
            expect(page.locator("#messages .mine")).to_have_count(1)
            page.reload()
            ready(page)
            arrived(page, whole)

    @in_browser
    def test_fifteen_in_a_row_stay_in_their_order(self) -> None:
        for way in NAMES:
            page = self.by(way, "李白", way)
            page.evaluate(SAY_ALL, FIFTEEN)
            arrived(page, FIFTEEN)
            arrived(self.open("杜甫", way), FIFTEEN)

    @in_browser
    def test_what_others_say_meanwhile_stands_where_it_belongs(self) -> None:
        near, page = self.open("杜甫"), self.by("asking", "李白")
        say(near, "一")
        arrived(near, ["一"])
        say(page, "二")
        arrived(page, ["一", "二"])
        choose(page, "websocket")
        arrived(page, ["一", "二"])

    @in_browser
    def test_what_others_change_is_seen_without_a_reload(self) -> None:
        cable, far_away = self.lay_cable()
        cable.websockets = "refuse"
        near = self.open("李白")
        for text in ("床前", "再见", "明月"):
            say(near, text)
            expect(near.locator("#text")).to_have_value("")
        looking = self.window()
        looking.goto(self.address(url=far_away))
        far = [self.by(way, f"诗人 {way}", url=far_away) for way in ("held", "asking")]
        for page in (*far, looking):
            arrived(page, ["床前", "再见", "明月"])
        near.press("#text", "ArrowUp")
        near.keyboard.type("光")
        near.keyboard.press("Enter")
        open_acts(near, "床前")
        near.locator("#acts-quick button").first.click()
        open_acts(near, "再见")
        near.click("#act-delete")
        near.click("#act-delete")
        say(near, "疑是地上霜")
        for page in (*far, looking):
            arrived(page, ["床前", "这条删掉了", "明月光改过", "疑是地上霜"])
            expect(page.locator(".reaction")).to_have_text("👍 1")
            self.assertNotIn("再见", page.inner_html("#messages"))
        far[1].locator(".reaction").click()
        for page in (near, *far, looking):
            expect(page.locator(".reaction")).to_have_text("👍 2")
        near.locator(".reaction").click()
        for page in (near, *far, looking):
            expect(page.locator(".reaction")).to_have_text("👍 1")

    @in_browser
    def test_what_cannot_be_recovered_is_read_anew(self) -> None:
        near, page = self.open("杜甫"), self.by("asking", "李白")
        say(near, "一")
        arrived(page, ["一"])

        def mislead(route: Route) -> None:
            route.continue_(url=re.sub("epoch=[^&]*", "epoch=other", route.request.url))

        page.route("**/events?*", mislead)
        expect(page.locator("body[data-ready]")).to_have_count(0)
        open_acts(near, "一")
        near.locator("#acts-quick button").first.click()
        say(near, "二")
        page.unroute_all()
        arrived(page, ["一", "二"])
        expect(page.locator(".reaction")).to_have_text("👍 1")
        say(page, "三")
        for each in (near, page):
            arrived(each, ["一", "二", "三"])

    @in_browser
    def test_who_is_here_and_typing_is_told_by_the_ways_that_know(self) -> None:
        near = self.open("杜甫")
        held = self.by("held", "李白")
        expect(held.locator("#count")).to_have_text("2 人在线")
        near.locator("#text").press_sequentially("嗯")
        expect(held.locator("#typing")).to_have_text("杜甫正在输入…")
        asking = self.by("asking", "王维", viewport=PHONE)
        expect(asking.locator("#count")).to_have_text("谁在线")
        asking.click("#people-toggle")
        expect(asking.locator("#members li")).to_have_count(1)
        expect(asking.locator("#members-more")).to_contain_text("别人也看不到你在线")

    @in_browser
    def test_names_are_refused_and_changed(self) -> None:
        near = self.open("杜甫")
        for way in ("held", "asking"):
            page = self.window()
            page.goto(self.address())
            page.evaluate("(way) => localStorage.setItem('way', way)", way)
            page.reload()
            page.fill("#nick", "李\u200b白")
            page.click("#nick-submit")
            expect(page.locator("#nick-why")).to_have_text("名字里有不能用的符号，换一个吧。")
            enter(page, "李白")
            page.click("#rename")
            page.fill("#nick", f"太白 {way}")
            page.click("#nick-submit")
            expect(page.locator("#entrance")).to_be_hidden()
            say(page, way)
            expect(near.locator("#messages .nick").last).to_have_text(f"太白 {way}")
            page.close()

    @in_browser
    def test_a_room_whose_name_cannot_be_is_said_so(self) -> None:
        for way in ("held", "asking"):
            page = self.by(way, "李白")
            page.goto(self.address("x" * 70))
            expect(page.locator("#strip-sentence")).to_contain_text("聊天室的名字太长")
            expect(page.locator("#strip-lobby")).to_be_visible()

    @in_browser
    def test_older_messages_come_on_scrolling_up(self) -> None:
        one = self.open("李白")
        said = [f"第 {number} 句" for number in range(1, 56)]
        # Thirty at once and three a second are what the rate allows.
        one.evaluate(SAY_ALL, said[:28])
        expect(one.locator("#messages li[data-seq]")).to_have_count(28)
        for text in said[28:]:
            say(one, text)
            expect(one.locator("#text")).to_have_value("")
            one.wait_for_timeout(350)
        expect(one.locator("#messages li[data-seq]")).to_have_count(55)
        for way in ("held", "asking"):
            page = self.by(way, "杜甫", viewport=PHONE)
            arrived(page, said[5:])
            page.evaluate("document.querySelector('#log').scrollTop = 0")
            arrived(page, said)

    @in_browser
    def test_a_page_that_is_closed_leaves_at_once(self) -> None:
        near, page = self.open("杜甫"), self.by("held", "李白")
        expect(near.locator("#count")).to_have_text("2 人在线")
        # A page that is really closed tells nobody here what it sends.
        with page.expect_request(lambda request: request.post_data == "1"):
            page.evaluate("dispatchEvent(new Event('pagehide'))")
        expect(page.locator("body[data-ready]")).to_have_count(0)
        ready(page)
        expect(near.locator("#count")).to_have_text("2 人在线")
        page.goto("about:blank")
        expect(near.locator("#count")).to_have_text("1 人在线")

    @in_browser
    def test_never_two_held_requests_at_a_time(self) -> None:
        near, page = self.open("杜甫"), self.window()
        at_once, most = 0, 0

        def begun(request: Any) -> None:
            nonlocal at_once, most
            if "sid=" in request.url and request.method == "GET":
                at_once += 1
                most = max(most, at_once)

        def done(request: Any) -> None:
            nonlocal at_once
            if "sid=" in request.url and request.method == "GET":
                at_once -= 1

        page.on("request", begun)
        page.on("requestfinished", done)
        page.on("requestfailed", done)
        page.goto(self.address())
        page.evaluate("localStorage.setItem('way', 'held')")
        page.reload()
        enter(page, "李白")
        near.evaluate(SAY_ALL, FIFTEEN)
        page.evaluate(SAY_ALL, ["一", "二", "三"])
        expect(page.locator("#messages li[data-seq]")).to_have_count(18)
        self.assertEqual(most, 1)


class CutTests(WaysTestCase):
    @in_browser
    def test_each_comes_back_with_what_was_missed(self) -> None:
        cable, far_away = self.lay_cable()
        for way in NAMES:
            cable.plug()
            far, near = self.by(way, "李白", way, far_away), self.open("杜甫", way)
            say(far, "一")
            arrived(near, ["一"])
            cable.unplug()
            expect(far.locator("body[data-ready]")).to_have_count(0)
            say(near, "二")
            arrived(near, ["一", "二"])
            say(far, "三")
            expect(far.locator("#messages .pending")).to_have_count(1)
            cable.plug()
            carried_by(far, way)
            arrived(far, ["一", "二", "三"])
            arrived(near, ["一", "二", "三"])
            far.context.close()
            self.contexts.remove(far.context)

    @in_browser
    def test_a_message_whose_receipt_was_lost_is_there_once(self) -> None:
        cable, far_away = self.lay_cable()
        for way in NAMES:
            far, near = self.by(way, "李白", way, far_away), self.open("杜甫", way)
            cable.mute()
            # Not by the keyboard: that one is writing would be told first, and have no answer either.
            far.evaluate(SAY_ALL, ["只说一次"])
            arrived(near, ["只说一次"])
            expect(far.locator("#messages .pending")).to_have_count(1)
            cable.unplug()
            cable.plug()
            arrived(far, ["只说一次"])
            say(far, "后来")
            arrived(near, ["只说一次", "后来"])
            far.context.close()
            self.contexts.remove(far.context)


class SwitchTests(WaysTestCase):
    """李白's window goes through the cable; 杜甫's does not."""

    @in_browser
    def test_held_requests_where_no_websocket_gets_through_and_back_when_it_does(self) -> None:
        cable, far_away = self.lay_cable()
        far, near = self.open("李白", url=far_away), self.open("杜甫")
        far.clock.install()
        far.reload()
        carried_by(far, "websocket")
        say(far, "一")
        arrived(near, ["一"])
        cable.block()
        expect(far.locator("body[data-ready]")).to_have_count(0)
        far.evaluate(SAY_ALL, ["二", "三"])
        pass_time(far, 5)
        carried_by(far, "held")
        say(near, "四")
        arrived(near, ["一", "二", "三", "四"])
        arrived(far, ["一", "二", "三", "四"])
        expect(far.locator("#strip-sentence")).to_contain_text("这里连不上 WebSocket")
        expect(far.locator("#strip-button")).to_be_hidden()
        pass_time(far, 13)
        expect(far.locator("#strip")).to_be_hidden()
        cable.websockets = "pass"
        far.evaluate("dispatchEvent(new Event('online'))")
        # All along, so that some are on their way while the ways change.
        far.evaluate(SAY_ALONG, FIFTEEN)
        near.evaluate(SAY_ALL, ["甲", "乙", "丙"])
        carried_by(far, "websocket")
        expect(near.locator("#messages li[data-seq]")).to_have_count(22)
        whole = texts(near)
        arrived(far, whole)
        self.assertEqual([text for text in whole if text.startswith("第")], FIFTEEN)
        self.assertEqual(len(set(whole)), 22)

    @in_browser
    def test_a_proxy_that_cuts_websockets_after_their_greeting_leaves_held_requests(self) -> None:
        cable, far_away = self.lay_cable()
        cable.websockets = "cut"
        far = self.open("李白", url=far_away)
        carried_by(far, "held")
        expect(far.locator("#strip-sentence")).to_contain_text("WebSocket")
        say(far, "一")
        arrived(far, ["一"])
        carried_by(far, "held")

    @in_browser
    def test_held_requests_come_back_soon_after_the_server(self) -> None:
        cable, far_away = self.lay_cable()
        cable.websockets = "refuse"
        far = self.open("李白", url=far_away)
        carried_by(far, "held")
        far.clock.install()
        far.reload()
        carried_by(far, "held")
        sockets: list[str] = []
        far.on("websocket", lambda socket: sockets.append(socket.url))
        cable.unplug()
        expect(far.locator("body[data-ready]")).to_have_count(0)
        for _ in range(30):
            pass_time(far, 1)
            expect(far.locator("#way-name")).to_have_text(NAMES["held"])
        self.assertEqual(sockets, [])
        cable.plug()
        pass_time(far, 6)
        carried_by(far, "held")

    @in_browser
    def test_where_the_chosen_websocket_is_kept_away_automatic_is_offered(self) -> None:
        cable, far_away = self.lay_cable()
        far = self.by("websocket", "李白", url=far_away)
        for trouble in ("refuse", "cut"):
            choose(far, "websocket")
            cable.websockets = trouble
            blockingCallFromThread(reactor, cable.cut)
            expect(far.locator("#strip-sentence")).to_have_text("这里连不上 WebSocket。")
            far.get_by_role("button", name="改用自动").click()
            carried_by(far, "held")
            cable.websockets = "pass"

    @in_browser
    def test_a_choice_connects_at_once(self) -> None:
        cable, far_away = self.lay_cable()
        far = self.by("websocket", "李白", url=far_away)
        far.clock.install()
        cable.unplug()
        expect(far.locator("body[data-ready]")).to_have_count(0)
        pass_time(far, 100)
        expect(far.locator("#strip-sentence")).to_contain_text("没连上服务器")
        cable.plug()
        choose(far, "auto")
        carried_by(far, "websocket")

    @in_browser
    def test_it_looks_again_once_a_minute_and_tells_of_it_once(self) -> None:
        cable, far_away = self.lay_cable()
        far = self.window()
        far.clock.install()
        cable.websockets = "refuse"
        far.goto(self.address(url=far_away))
        far.fill("#nick", "李白")
        far.click("#nick-submit")
        pass_time(far, 3)
        carried_by(far, "held")
        expect(far.locator("#strip-sentence")).to_contain_text("这里连不上 WebSocket")
        pass_time(far, 70)
        expect(far.locator("#strip")).to_be_hidden()
        carried_by(far, "held")
        cable.websockets = "pass"
        pass_time(far, 60)
        carried_by(far, "websocket")

    @in_browser
    def test_a_proxy_that_swallows_websockets_is_given_five_seconds(self) -> None:
        cable, far_away = self.lay_cable()
        far = self.window()
        far.clock.install()
        cable.websockets = "swallow"
        far.goto(self.address(url=far_away))
        far.fill("#nick", "李白")
        far.click("#nick-submit")
        far.clock.run_for(4_500)
        expect(far.locator("#way-name")).to_have_text("WebSocket")
        far.clock.run_for(2_500)
        carried_by(far, "held")
        say(far, "一")
        arrived(far, ["一"])

    @in_browser
    def test_the_others_see_nobody_leave_and_come(self) -> None:
        far, near = self.open("李白"), self.open("杜甫")
        expect(near.locator("#count")).to_have_text("2 人在线")
        near.evaluate("""() => {
          window.counts = new Set();
          const count = document.querySelector("#count");
          new MutationObserver(() => counts.add(count.textContent)).observe(count,
            { childList: true, characterData: true, subtree: true });
        }""")
        for way in ("held", "websocket", "held"):
            choose(far, way)
            carried_by(far, way)
            say(far, way)
            expect(near.locator("#messages li[data-seq] .text").last).to_have_text(way)
        for way in ("websocket", "held", "websocket"):
            far.evaluate("(id) => document.getElementById(id).click()", f"way-{way}")
        carried_by(far, "websocket")
        say(far, "到了")
        expect(near.locator("#messages li[data-seq] .text").last).to_have_text("到了")
        self.assertEqual(near.evaluate("[...counts].filter((count) => count !== '2 人在线')"), [])

    @in_browser
    def test_a_choice_holds_and_survives_a_reload(self) -> None:
        page, near = self.open("李白"), self.open("杜甫")
        whole: list[str] = []
        for way in ("held", "asking", "websocket", "asking", "held"):
            choose(page, way)
            page.evaluate(SAY_ALL, [f"{way} {len(whole)}"])
            whole.append(f"{way} {len(whole)}")
            carried_by(page, way)
            say(near, f"near {len(whole)}")
            whole.append(f"near {len(whole)}")
            expect(near.locator("#messages li[data-seq]")).to_have_count(len(whole))
            expect(page.locator("#messages li[data-seq]")).to_have_count(len(whole))
            page.reload()
            carried_by(page, way)
            page.click("#way")
            expect(page.locator(f"#way-{way}")).to_be_checked()
            page.click("#ways-close")
        self.assertEqual(sorted(texts(page)), sorted(whole))
        self.assertEqual(texts(page), texts(near))
        choose(page, "auto")
        carried_by(page, "websocket")


class CostTests(WaysTestCase):
    def requests(self, page: Page, way: str) -> int:
        told = page.locator(f"#cost-{way}").inner_text()
        return int(re.search(r"最近一分钟 (\d+) 个请求$", told)[1])

    @in_browser
    def test_each_way_tells_what_it_has_cost(self) -> None:
        near, page = self.open("杜甫"), self.open("李白")
        page.click("#way")
        expect(page.locator("#now-websocket")).to_be_visible()
        cost = page.locator("#cost-websocket")
        # One when the page came, and one to be told of each frame.
        expect(cost).to_have_text(
            re.compile(r"^进来用了 2 个请求、[\d,]+ 字节\s最近一分钟 2 个请求$")
        )
        expect(page.locator("#cost-held, #cost-asking").filter(visible=True)).to_have_count(0)
        heard: list[int] = []
        page.on(
            "websocket",
            lambda socket: socket.on(
                "framereceived",
                lambda text: '"type":"wire"' in text or heard.append(len(text.encode())),
            ),
        )
        page.reload()
        ready(page)
        page.click("#way")
        expect(page.locator("#handshake code").first).to_contain_text("wire=1")
        ready(page)
        before = len(heard)
        near.evaluate(SAY_ALL, ["一"])
        expect(cost).to_contain_text("1 条消息，每条 0 个请求、1 帧、")
        self.assertEqual(len(heard), before + 1)
        expect(cost).to_contain_text(f"、1 帧、{heard[-1]} 字节")

    @in_browser
    def test_asking_costs_though_nothing_is_said_and_holding_does_not(self) -> None:
        page = self.open("李白")
        page.clock.install()
        page.reload()
        ready(page)
        growth = {}
        for way in ("asking", "held"):
            choose(page, way)
            carried_by(page, way)
            page.click("#way")
            expect(page.locator(f"#now-{way}")).to_be_visible()
            page.clock.run_for(1_000)
            before = self.requests(page, way)
            pass_time(page, 14)
            growth[way] = self.requests(page, way) - before
            page.click("#ways-close")
        self.assertGreaterEqual(growth["asking"], 4)
        self.assertEqual(growth["held"], 0)

    @in_browser
    def test_what_is_told_is_what_went_out(self) -> None:
        page = self.open("李白")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        choose(page, "held")
        carried_by(page, "held")
        for text in ("一", "二"):
            page.evaluate(SAY_ALL, [text])
            expect(page.locator("#messages .pending")).to_have_count(0)
        page.click("#way")
        page.wait_for_timeout(1_100)
        told = page.locator("#cost-held").inner_text()
        out = len([url for url in asked if re.search("/socket.io/|/api/v1/(?!wire)", url)])
        # The last one is still held.
        self.assertIn(f"最近一分钟 {out - 1} 个请求", told)
        self.assertIn("2 条消息，每条 2 个请求、", told)
        self.assertGreater(out, 6)
