"""The drawer shows what travels: what the server recorded or the browser measured, and nothing else."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.web.axe import AxeTestCase
from tests.web.browser import DESKTOP, PHONE, PageTestCase, in_browser, ready, say, texts
from tests.web.test_talking import arrived
from tests.web.test_ways import WaysTestCase

FACTS = (
    "(items) => items.map((item) => item.querySelector('.fact').innerText.replace(/\\s+/g, ' '))"
)


class WireTests(PageTestCase):
    def watch(self, page: Page, way: str = "") -> None:
        page.click("#way")
        if way:
            page.check(f"#way-{way}")
        expect(page.locator("#ways")).to_be_visible()

    def facts(self, page: Page) -> list[str]:
        found: list[str] = page.locator("#wire-list li").evaluate_all(FACTS)
        return found

    @in_browser
    def test_each_frame_is_the_servers_own_telling(self) -> None:
        page = self.open("李白")
        told: list[dict[str, Any]] = []
        sockets: list[str] = []

        def follow(socket: Any) -> None:
            sockets.append(socket.url)
            socket.on("framereceived", lambda frame: told.append(json.loads(frame)))

        page.on("websocket", follow)
        self.watch(page)
        expect(page.locator("#handshake code").first).to_have_text("GET /ws?wire=1 HTTP/1.1")
        ready(page)
        say(page, "你好")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        frames = [event for event in told if event["type"] == "wire"]
        expect(page.locator("#wire-list li")).to_have_count(len(frames))
        for fact, frame in zip(self.facts(page), frames, strict=True):
            way = "发出" if frame["way"] == "up" else "收到"
            self.assertRegex(fact, rf"^[↑↓] ?{way} TEXT {frame['length']} 字节 ")
        self.assertEqual([url for url in sockets if "wire=1" not in url], [])
        handshake = next(event["handshake"] for event in told if event.get("handshake"))
        lines = page.locator("#handshake code").all_inner_texts()
        for head in (handshake["request"], handshake["response"]):
            self.assertIn(head["line"], lines)
            for name, value in head["headers"]:
                self.assertIn(f"{name}: {value}", lines)
        cookies = page.context.cookies()
        self.assertTrue(cookies)
        self.assertNotIn(cookies[0]["value"], page.content())
        expect(page.locator("#handshake")).to_contain_text("用上面的钥匙算出来的")

    @in_browser
    def test_held_requests_are_the_servers_record(self) -> None:
        page = self.open("李白")
        records: list[dict[str, Any]] = []
        page.on(
            "response",
            lambda answer: "/api/v1/wire" in answer.url and records.append(answer.json()),
        )
        self.watch(page, "held")
        expect(page.locator("#now-held")).to_be_visible()
        say(page, "长轮询")
        expect(page.locator("#wire-list")).to_contain_text("POST 200")
        expect(page.locator("#wire-list")).to_contain_text("服务器压着这个请求")
        expect(page.locator("#handshake code").first).to_have_text(
            "GET /socket.io/?EIO=4&transport=polling HTTP/1.1"
        )
        known = {
            f"{request['line'].split(' ')[0]} {request['status']} {request['received'] + request['sent']} 字节"
            for record in records
            for request in record["requests"]
        }
        polled = [fact for fact in self.facts(page) if re.search("GET|POST", fact)]
        self.assertGreater(len(polled), 3)
        for fact in polled:
            self.assertIn(re.search(r"(GET|POST) \d+ \d+ 字节", fact)[0], known)
        self.assertNotIn("sid=", re.sub("sid=…", "", page.locator("#ways").inner_text()))

    @in_browser
    def test_asking_is_what_the_browser_measured(self) -> None:
        page = self.open("李白")
        self.watch(page, "asking")
        say(page, "问")
        expect(page.locator("#wire-list")).to_contain_text("先领一个身份")
        expect(page.locator("#wire-list")).to_contain_text("把要说的交给服务器")
        expect(page.locator("#wire-list")).to_contain_text("服务器当场就答")
        expect(page.locator("#handshake-none")).to_be_visible()
        measured = page.evaluate("""performance.getEntriesByType("resource")
          .filter(({ name }) => new URL(name).pathname.startsWith("/api/v1/"))
          .map(({ responseStatus, encodedBodySize }) => `HTTP ${responseStatus} ${encodedBodySize} 字节`)""")
        for fact in self.facts(page):
            found = re.search(r"HTTP \d+ \d+ 字节", fact)
            self.assertTrue(found is None or found[0] in measured, fact)

    @in_browser
    def test_nothing_is_lost_and_nobody_is_seen_to_leave(self) -> None:
        near, page = self.open("杜甫"), self.open("李白")
        expect(near.locator("#count")).to_have_text("2 人在线")
        before = near.locator(".note").count()
        whole = []
        # Opened, closed, opened; each time, and at each choice, there is another connection.
        for turn, touched in enumerate(
            ("way", "way-held", "way-websocket", "way", "way", "way-held")
        ):
            page.click(f"#{touched}")
            whole.append(f"第 {turn} 句")
            say(page, whole[-1])
            arrived(near, len(whole))
        arrived(page, len(whole))
        self.assertEqual(texts(near), whole)
        self.assertEqual(texts(page), whole)
        self.assertEqual(near.locator(".note").count(), before)

    @in_browser
    def test_it_stops_and_is_cleared_and_closed(self) -> None:
        page = self.open("李白")
        self.watch(page)
        say(page, "一")
        expect(page.locator("#wire-list li").first).to_be_visible()
        ready(page)
        page.click("#wire-pause")
        count = page.locator("#wire-list li").count()
        say(page, "二")
        expect(page.locator("#messages li[data-seq]")).to_have_count(2)
        self.assertEqual(page.locator("#wire-list li").count(), count)
        page.click("#wire-pause")
        expect(page.locator("#wire-list li").nth(count)).to_be_visible()
        page.click("#wire-clear")
        expect(page.locator("#wire-none")).to_be_visible()
        with page.expect_websocket() as opened:
            page.keyboard.press("Escape")
        self.assertNotIn("wire", opened.value.url)
        expect(page.locator("#way")).to_be_focused()
        ready(page)
        say(page, "三")
        expect(page.locator("#messages li[data-seq]")).to_have_count(3)


class DoubtTests(WaysTestCase):
    """Nothing that is not so is said, and the drawer ends as it was left."""

    def watch_frames(self, page: Page) -> None:
        page.click("#way")
        expect(page.locator("#handshake code").first).to_have_text("GET /ws?wire=1 HTTP/1.1")
        ready(page)

    @in_browser
    def test_a_websocket_is_never_called_a_way_without_a_handshake(self) -> None:
        page = self.open("李白")
        page.evaluate("""() => {
          const none = document.querySelector("#handshake-none");
          window.said = false;
          new MutationObserver(() => { said ||= none.checkVisibility(); })
            .observe(document.querySelector("#ways"), { subtree: true, attributes: true, childList: true });
        }""")
        self.watch_frames(page)
        self.assertFalse(page.evaluate("said"))

    @in_browser
    def test_opened_while_it_connects_it_is_told_all_the_same(self) -> None:
        page = self.open("李白")
        # In one turn of the page: the connection that is to be described is still being made without.
        page.evaluate("""() => {
          for (const id of ["way-held", "way-websocket", "way"]) document.getElementById(id).click();
        }""")
        expect(page.locator("#handshake code").first).to_have_text("GET /ws?wire=1 HTTP/1.1")

    @in_browser
    def test_closed_while_it_connects_it_is_told_no_longer(self) -> None:
        page = self.open("李白")
        sockets: list[str] = []
        page.on("websocket", lambda socket: sockets.append(socket.url))
        page.evaluate("""async () => {
          const [button, drawer] = ["way", "ways"].map((id) => document.getElementById(id));
          button.click();
          while (drawer.hidden) await new Promise((resolve) => { setTimeout(resolve); });
          button.click();
        }""")
        say(page, "床前明月光")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        ready(page)
        self.assertNotIn("wire=1", sockets[-1])
        self.watch_frames(page)

    @in_browser
    def test_the_handshake_stays_as_it_is_while_one_reads_it(self) -> None:
        page = self.by("held", "李白")
        page.click("#way")
        expect(page.locator("#handshake code").first).to_contain_text("GET /socket.io/")
        page.evaluate("document.querySelector('#handshake code').dataset.seen = 'yes'")
        for _ in range(2):
            with page.expect_response(lambda answer: "/api/v1/wire" in answer.url):
                pass
        expect(page.locator("#handshake code[data-seen]")).to_have_count(1)

    @in_browser
    def test_a_header_is_explained_by_what_it_says(self) -> None:
        page = self.by("held", "李白")
        page.click("#way")
        kept = page.locator("#handshake p", has_text="Connection: keep-alive")
        expect(kept.locator("code")).to_have_count(1)
        expect(kept.locator("small")).to_have_count(0)
        page.check("#way-websocket")
        turned = page.locator("#handshake p", has_text="Connection: Upgrade")
        expect(turned.locator("small").first).to_contain_text("换用法")

    @in_browser
    def test_what_is_given_goes_out_and_what_was_cut_off_was_not_answered(self) -> None:
        page = self.by("asking", "李白")
        page.click("#way")
        say(page, "床前明月光")
        given = page.locator("#wire-list li", has_text="把要说的交给服务器")
        expect(given.locator(".unseen")).to_have_text("发出")
        # The way that the page was opened with was left while it held a request.
        cut = page.locator("#wire-list li", has=page.locator("b", has_text=re.compile("^HTTP$")))
        expect(cut.locator(".why").first).to_have_text("这个请求还没等到回答就断了。")

    @in_browser
    def test_it_is_cleared_even_while_it_is_stopped(self) -> None:
        page = self.open("李白")
        self.watch_frames(page)
        expect(page.locator("#wire-list li")).not_to_have_count(0)
        page.click("#wire-pause")
        page.click("#wire-clear")
        expect(page.locator("#wire-list li")).to_have_count(0)
        expect(page.locator("#wire-none")).to_be_visible()

    @in_browser
    def test_the_people_and_the_drawer_do_not_lie_over_one_another(self) -> None:
        page = self.open("李白")
        page.click("#way")
        for viewport in (PHONE, DESKTOP):
            page.set_viewport_size(viewport)
            expect(page.locator("#ways")).to_be_visible()
            expect(page.locator("#people")).to_be_hidden()
        for viewport in (PHONE, DESKTOP):
            page.set_viewport_size(viewport)
            page.click("#people-toggle")
            expect(page.locator("#people")).to_be_visible()
            expect(page.locator("#ways")).to_be_hidden()
            expect(page.locator("#way")).to_have_attribute("aria-expanded", "false")
            page.click("#way")
            expect(page.locator("#people")).to_be_hidden()

    @in_browser
    def test_the_page_grows_no_longer_by_it(self) -> None:
        for viewport in (PHONE, DESKTOP):
            page = self.open(f"李白 {viewport['width']}", viewport=viewport)
            self.watch_frames(page)
            expect(page.locator("#wire-list li").nth(3)).to_be_attached()
            self.assertLessEqual(
                page.evaluate("document.documentElement.scrollHeight - innerHeight"), 0
            )


class LooksTests(AxeTestCase):
    @in_browser
    def test_it_is_readable_and_leaves_room_to_talk(self) -> None:
        for viewport, locale in ((PHONE, "zh-CN"), (DESKTOP, "en-US")):
            page = self.open(
                "李白", bypass_csp=True, reduced_motion="reduce", viewport=viewport, locale=locale
            )
            page.click("#way")
            say(page, "你好")
            expect(page.locator("#wire-list li").nth(3)).to_be_attached()
            self.assertClean(page, "wire")
            expect(page.locator("#text")).to_be_in_viewport(ratio=1)
            expect(page.locator("#messages li").last).to_be_in_viewport(ratio=1)
            wide, seen = page.eval_on_selector(
                "#ways-list", "(node) => [node.scrollWidth, node.clientWidth]"
            )
            self.assertLessEqual(wide, seen)
