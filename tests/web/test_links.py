"""Links to messages: the place opens in the talk, one reads on from it to both sides, and goes back."""

from typing import Any, ClassVar

from playwright.sync_api import Page, expect

from tests.web.axe import AxeTestCase
from tests.web.browser import PHONE, PageTestCase, enter, in_browser, ready, say
from tests.web.test_acts import open_acts

SEQS = """() => [...document.querySelectorAll("#messages li[data-seq]")].map(({ dataset }) => +dataset.seq)"""
IN_THE_MIDDLE = """(seq) => {
  const [one, log] = [`li[data-seq='${seq}']`, "#log"]
    .map((name) => document.querySelector(name).getBoundingClientRect());
  return Math.abs((one.top + one.bottom - log.top - log.bottom) / 2) < log.height / 4;
}"""
# Fills the room by the page's own cookie, faster than by its field.
TALK = """async ([room, count]) => {
  const socket = new WebSocket(`ws://${location.host}/ws?room=${encodeURIComponent(room)}`);
  await new Promise((resolve) => { socket.onopen = resolve; });
  for (let number = 1; number <= count; number += 1) {
    socket.send(JSON.stringify({ type: "say", text: `第 ${number} 句`, ref: String(number) }));
  }
  await new Promise((resolve) => {
    socket.onmessage = ({ data }) => JSON.parse(data).ref === String(count) && resolve();
  });
  socket.close();
}"""
POST = """([room, fields]) => fetch(`/api/v1/rooms/${encodeURIComponent(room)}/messages`,
  { method: "POST", body: JSON.stringify(fields) }).then((answer) => answer.json())"""
ASK = """([method, path]) => fetch(path, { method })"""


class LinksTestCase(PageTestCase):
    options: ClassVar[dict[str, Any]] = {"rate": 0}

    def talk(self, count: int, room: str = "lobby", **options: Any) -> Page:
        """Somebody who has said so much there, and stays."""
        page = self.open("李白", room, **options)
        page.evaluate(TALK, [room, count])
        expect(page.locator(f"li[data-seq='{count}']")).to_be_attached()
        return page

    def place(self, seq: int, room: str = "lobby") -> str:
        return self.address().rstrip("/") + f"/r/{room}/@{seq}"

    def assert_at(self, page: Page, seq: int) -> None:
        marked = page.locator("#messages [aria-current]")
        expect(marked).to_have_count(1)
        expect(marked).to_have_attribute("data-seq", str(seq))
        expect(marked).to_be_in_viewport()

    def assert_whole(self, page: Page) -> list[int]:
        """No number is left out on the page, where all numbers are messages."""
        seqs = page.evaluate(SEQS)
        self.assertEqual(seqs, list(range(seqs[0], seqs[-1] + 1)))
        return seqs


class PlaceTests(LinksTestCase):
    @in_browser
    def test_who_comes_by_a_link_is_at_its_message_before_and_after_the_name(self) -> None:
        self.talk(300)
        page = self.window()
        page.goto(self.place(120))
        self.assert_at(page, 120)
        self.assertTrue(page.evaluate(IN_THE_MIDDLE, 120))
        expect(page.locator("#nick")).to_be_focused()
        expect(page.locator("#spoken")).to_contain_text("李白的消息，")
        enter(page, "杜甫")
        self.assert_at(page, 120)
        expect(page.locator("#text")).to_be_focused()
        seqs = self.assert_whole(page)
        self.assertNotIn(300, seqs)
        page.reload()
        ready(page)
        self.assert_at(page, 120)
        expect(page.locator("li[data-seq='120']")).to_be_focused()

    @in_browser
    def test_one_reads_on_to_both_sides_and_never_over_a_hole(self) -> None:
        one = self.talk(300)
        page = self.window(viewport=PHONE)
        page.goto(self.place(120))
        enter(page, "杜甫")
        self.assert_at(page, 120)
        say(one, "现在说的")
        expect(page.locator("#new")).to_have_text("1 条新消息")
        self.assertNotIn(301, self.assert_whole(page))
        while page.evaluate(SEQS)[0] > 1:
            first = self.assert_whole(page)[0]
            page.evaluate("document.querySelector('#log').scrollTop = 0")
            page.wait_for_function(f"first => ({SEQS})()[0] < first", arg=first)
        while page.evaluate(SEQS)[-1] < 301:
            last = self.assert_whole(page)[-1]
            page.evaluate("document.querySelector('#log').scrollTop += 1e6")
            page.wait_for_function(f"last => ({SEQS})().at(-1) > last", arg=last)
        page.evaluate("document.querySelector('#log').scrollTop += 1e6")
        expect(page.locator("#new")).to_be_hidden()
        say(one, "又说的")
        expect(page.locator("li[data-seq='302']")).to_be_in_viewport()
        self.assert_whole(page)

    @in_browser
    def test_nothing_is_read_by_being_there(self) -> None:
        one = self.talk(300)
        page = self.open("杜甫")
        page.goto("about:blank")
        say(one, "没人看过")
        page.goto(self.place(10))
        ready(page)
        self.assert_at(page, 10)
        say(one, "也没人看过")
        expect(page.locator("#new")).to_contain_text("条新消息")
        page.click("#new")
        expect(page.locator(".divider + .message .text")).to_have_text("没人看过")
        self.assertEqual(page.url, self.place(10).replace("/@10", ""))

    @in_browser
    def test_what_is_said_there_is_said_now(self) -> None:
        self.talk(200)
        page = self.window(viewport=PHONE, has_touch=True)
        page.goto(self.place(10))
        enter(page, "杜甫")
        self.assert_at(page, 10)
        page.fill("#text", "我来了")
        page.click("#send")
        expect(page.locator("li[data-seq='201']")).to_be_in_viewport()
        self.assertNotIn("@", page.url)
        self.assertNotIn(10, self.assert_whole(page))
        expect(page.locator("#messages [aria-current]")).to_have_count(0)

    @in_browser
    def test_escape_goes_back_and_the_back_button_returns(self) -> None:
        self.talk(200)
        page = self.window()
        page.goto(self.place(10))
        enter(page, "杜甫")
        self.assert_at(page, 10)
        page.locator("#text").focus()
        page.keyboard.press("Escape")
        expect(page.locator("#log")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("li[data-seq='200']")).to_be_in_viewport()
        expect(page.locator("#text")).to_be_focused()
        page.go_back()
        self.assert_at(page, 10)
        page.go_forward()
        expect(page.locator("li[data-seq='200']")).to_be_in_viewport()

    @in_browser
    def test_a_deleted_message_has_its_tombstone_there(self) -> None:
        one = self.talk(200)
        one.evaluate(ASK, ["DELETE", "/api/v1/rooms/lobby/messages/10"])
        page = self.window()
        page.goto(self.place(10))
        self.assert_at(page, 10)
        expect(page.locator("[aria-current] .gone")).to_have_text("这条删掉了")

    @in_browser
    def test_what_becomes_of_it_meanwhile_is_seen(self) -> None:
        one = self.talk(200)
        page = self.window()
        page.goto(self.place(10))
        enter(page, "杜甫")
        self.assert_at(page, 10)
        open_acts(page, "第 10 句")
        page.locator("#acts-quick button").first.click()
        expect(page.locator("[aria-current] .reaction")).to_have_text("👍 1")
        one.evaluate(ASK, ["DELETE", "/api/v1/rooms/lobby/messages/10"])
        expect(page.locator("[aria-current] .gone")).to_be_visible()

    @in_browser
    def test_a_number_that_is_no_message_opens_beside_it_and_says_so(self) -> None:
        one = self.talk(120)
        one.evaluate(ASK, ["PUT", "/api/v1/rooms/lobby/messages/1/reactions/👍"])
        one.evaluate(TALK, ["lobby", 120])
        expect(one.locator("li[data-seq='241']")).to_be_attached()
        chinese = "这里没有这条消息，这是离它最近的地方。"
        english = "That message isn’t here. This is the place nearest to it."
        for locale, sentence, seq, nearest in (
            ("zh-CN", chinese, 121, 120),
            ("zh-CN", chinese, 999, 241),
            ("en-GB", english, 0, 1),
            ("en-GB", english, 10**30, 241),
        ):
            page = self.window(locale=locale)
            page.goto(self.place(seq))
            expect(page.locator("#hint")).to_have_text(sentence)
            expect(page.locator(f"li[data-seq='{nearest}']")).to_be_in_viewport()
            expect(page.locator("#messages [aria-current]")).to_have_count(0)
        page = self.window()
        page.goto(self.place(3, "没人来过"))
        enter(page, "杜甫")
        say(page, "第一句")
        expect(page.locator("li[data-seq='1']")).to_be_visible()

    @in_browser
    def test_by_each_way(self) -> None:
        self.talk(200)
        for way in ("held", "asking"):
            page = self.open("杜甫")
            page.click("#way")
            page.check(f"#way-{way}")
            ready(page)
            page.goto(self.place(10))
            ready(page)
            self.assert_at(page, 10)
            self.assert_whole(page)

    @in_browser
    def test_who_only_looks_sees_a_change_and_still_does_on_coming_in(self) -> None:
        one = self.talk(200)
        page = self.window()
        page.goto(self.place(10))
        self.assert_at(page, 10)
        same = page.locator("li[data-seq='12']")
        same.evaluate("(node) => { node.mark = 'the same'; }")
        one.evaluate(ASK, ["DELETE", "/api/v1/rooms/lobby/messages/11"])
        expect(page.locator("li[data-seq='11'] .gone")).to_be_visible()
        enter(page, "杜甫")
        expect(page.locator("li[data-seq='11'] .gone")).to_be_visible()
        self.assert_at(page, 10)
        self.assertEqual(same.evaluate("(node) => node.mark"), "the same")


class ClickTests(LinksTestCase):
    @in_browser
    def test_a_link_in_a_message_opens_in_place_and_the_back_button_leads_back(self) -> None:
        page = self.talk(200, "诗社")
        page.evaluate("document.body.mark = 'the same'")
        say(page, f"看 {self.place(10, '诗社')}，和 {self.place(1, '别处')}")
        page.locator("li[data-seq='201'] a").first.click()
        self.assert_at(page, 10)
        expect(page.locator("li[data-seq='10']")).to_be_focused()
        self.assertTrue(page.url.endswith("/@10"))
        page.go_back()
        expect(page.locator("li[data-seq='201']")).to_be_in_viewport()
        expect(page.locator("li[data-seq='201']")).to_be_focused()
        page.go_forward()
        self.assert_at(page, 10)
        page.click("#back")
        expect(page.locator("li[data-seq='201']")).to_be_in_viewport()
        self.assertEqual(page.evaluate("document.body.mark"), "the same")
        with page.context.expect_page() as opened:
            page.locator("li[data-seq='201'] a").last.click()
        opened.value.wait_for_url("**/@1")
        expect(opened.value.locator("#room")).to_have_text("别处")

    @in_browser
    def test_what_is_quoted_far_back_is_fetched_and_leads_there(self) -> None:
        one = self.talk(200)
        for seq in (5, 10, 150):
            one.evaluate(POST, ["lobby", {"text": f"答 {seq}", "reply_to": seq}])
        page = self.window()
        page.goto(self.address())
        enter(page, "杜甫")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.reload()
        ready(page)
        quotes = page.locator(".quoted")
        expect(quotes).to_have_text(["李白 第 5 句", "李白 第 10 句", "李白 第 150 句"])
        pages = [url.partition("?")[2] for url in asked if "before=" in url]
        self.assertEqual(pages, ["before=11&limit=6", "before=151&limit=1"])
        one.evaluate(ASK, ["DELETE", "/api/v1/rooms/lobby/messages/5"])
        expect(quotes.first).to_have_text("李白 这条删掉了")
        quotes.nth(1).click()
        self.assert_at(page, 10)
        page.click("#back")
        expect(page.locator("li[data-seq='202']")).to_be_focused()
        expect(page.locator("li[data-seq='202']")).to_be_in_viewport()
        expect(page.locator("#back")).to_be_hidden()

    @in_browser
    def test_what_is_quoted_in_view_is_only_marked(self) -> None:
        one = self.talk(3)
        one.evaluate(POST, ["lobby", {"text": "答", "reply_to": 2}])
        one.locator(".quoted").click()
        self.assert_at(one, 2)
        self.assertNotIn("@", one.url)
        expect(one.locator("#back")).to_be_hidden()

    @in_browser
    def test_without_a_connection_one_is_told(self) -> None:
        page = self.talk(300)
        page.reload()
        ready(page)
        say(page, self.place(10))
        link = page.locator("#messages a")
        expect(link).to_be_visible()
        page.route("**/messages?*", lambda route: route.abort())
        link.click()
        expect(page.locator("#hint")).to_have_text("现在没连上，连上了再试。")
        self.assertNotIn("@", page.url)


class CopyTests(LinksTestCase):
    host = "chat.test"

    @in_browser
    def test_the_link_of_a_message_is_copied_and_leads_there(self) -> None:
        for locale, label in (("zh-CN", "复制链接"), ("en-GB", "Copy link")):
            page = self.open("李白" + locale, "诗社", locale=locale)
            say(page, "床前明月光")
            open_acts(page, "床前明月光")
            page.get_by_role("button", name=label).click()
            expect(page.locator("#acts")).to_be_hidden()
            expect(page.locator("#hint")).to_have_text(
                "Copied" if locale == "en-GB" else "复制好了"
            )
            page.fill("#text", "")
            page.keyboard.press("Control+V")
            expect(page.locator("#text")).to_have_value(self.place(1, "诗社"))


class LooksTests(AxeTestCase):
    options: ClassVar[dict[str, Any]] = {"rate": 0}

    @in_browser
    def test_nothing_is_wrong_with_it(self) -> None:
        one = self.open("李白")
        one.evaluate(TALK, ["lobby", 120])
        one.evaluate(POST, ["lobby", {"text": "答", "reply_to": 10}])
        for options in (
            {"viewport": {"width": 320, "height": 640}, "locale": "en-GB"},
            {"color_scheme": "dark"},
            {"forced_colors": "active"},
            {"contrast": "more"},
        ):
            # axe is a script of our own making in a page that allows none.
            page = self.open("杜甫", bypass_csp=True, **options)
            page.locator(".quoted").click()
            expect(page.locator("#messages [aria-current]")).to_be_in_viewport()
            expect(page.locator("#back")).to_be_visible()
            self.assertClean(page, "links")
            self.assertEqual(page.evaluate("document.documentElement.scrollWidth - innerWidth"), 0)
