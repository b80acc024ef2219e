"""What stands in the log: for who only looks, who comes back, who has scrolled up; who came and went between."""

from typing import ClassVar

from playwright.sync_api import Page, expect

from tests.web.browser import PHONE, PageTestCase, enter, in_browser, ready, say, texts
from tests.web.scripted import ScriptedServer

IN_VIEW = """(node) => {
  const [one, log] = [node.getBoundingClientRect(), document.querySelector("#log").getBoundingClientRect()];
  return one.top - log.top;
}"""
HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


class LookingTests(PageTestCase):
    """Before one has a name."""

    @in_browser
    def test_the_talk_is_there_at_once_and_goes_on(self) -> None:
        one = self.open("李白", "静夜思")
        say(one, "床前明月光")
        looker = self.window(viewport=PHONE)
        looker.goto(self.address("静夜思"))
        expect(looker.locator("#messages .text")).to_have_text(["床前明月光"])
        expect(looker.get_by_role("textbox", name="大家怎么叫你？")).to_be_visible()
        expect(looker.locator("#composer")).to_be_hidden()
        say(one, "疑是地上霜")
        expect(looker.locator("#messages .text")).to_have_text(["床前明月光", "疑是地上霜"])
        expect(one.locator("#count")).to_have_text("1 人在线")
        self.assertEqual(one.locator(".note").count(), 0)

    @in_browser
    def test_coming_in_moves_nothing(self) -> None:
        one = self.open("李白")
        say(one, "床前明月光")
        looker = self.window()
        looker.goto(self.address())
        said = looker.locator("#messages .message").first
        expect(said).to_be_visible()
        said.evaluate("(node) => { node.mark = 'the same'; }")
        enter(looker, "杜甫")
        self.assertEqual(said.evaluate("(node) => node.mark"), "the same")
        expect(looker.locator("#text")).to_be_focused()
        expect(looker.locator("#count")).to_have_text("2 人在线")

    @in_browser
    def test_an_empty_room_that_fills(self) -> None:
        looker = self.window()
        looker.goto(self.address("空山"))
        expect(looker.locator("#empty")).to_be_visible()
        one = self.open("王维", "空山")
        say(one, "空山不见人")
        expect(looker.locator("#messages .text")).to_have_text(["空山不见人"])
        expect(looker.locator("#empty")).to_be_hidden()

    @in_browser
    def test_a_refused_name_leaves_one_looking(self) -> None:
        looker = self.window()
        server = ScriptedServer(looker)
        server.on_hello = lambda command: server.send(
            type="error", code="bad_field", message="No.", ref="hello"
        )
        one = self.open("李白")
        say(one, "床前明月光")
        looker.goto(self.address())
        looker.fill("#nick", "坏名")
        looker.press("#nick", "Enter")
        expect(looker.locator("#nick-why")).to_have_text("名字里有不能用的符号，换一个吧。")
        expect(looker.locator("#nick")).to_be_focused()
        say(one, "疑是地上霜")
        expect(looker.locator("#messages .text")).to_have_text(["床前明月光", "疑是地上霜"])


class PlaceTests(PageTestCase):
    options: ClassVar = {"rate": 0}

    def talk(self, count: int, **options: object) -> tuple[Page, Page]:
        """One who talks, and one who was there, saw some of it, and is away again."""
        one, other = self.open("李白"), self.open("杜甫", **options)
        for number in range(count):
            say(one, f"第 {number} 句")
        expect(other.locator("#messages li[data-seq]")).to_have_count(count)
        return one, other

    @in_browser
    def test_who_comes_back_finds_where_the_new_begins(self) -> None:
        one, other = self.talk(3, viewport=PHONE)
        expect(other.locator(".divider")).to_have_count(0)
        other.goto("about:blank")
        for number in range(30):
            say(one, f"新 {number}")
        expect(one.locator("#messages li[data-seq]")).to_have_count(33)
        other.goto(self.address())
        ready(other)
        first = other.locator(".divider + .message")
        expect(first.locator(".text")).to_have_text("新 0")
        expect(first).to_be_in_viewport()
        expect(other.locator("#new")).to_have_text("30 条新消息")
        say(one, "还在说")
        expect(other.locator("#new")).to_have_text("31 条新消息")
        expect(first).to_be_in_viewport()
        other.click("#new")
        expect(other.locator("li[data-seq='34']")).to_be_in_viewport()
        # It stays where it was found for as long as one looks.
        expect(first.locator(".text")).to_have_text("新 0")
        other.reload()
        ready(other)
        expect(other.locator("li[data-seq='34']")).to_be_in_viewport()
        expect(other.locator(".divider")).to_have_count(0)

    @in_browser
    def test_ones_own_are_never_new(self) -> None:
        one, other = self.talk(1)
        expect(one.locator("#messages li[data-seq]")).to_have_count(1)
        one.goto("about:blank")
        say(other, "杜甫说")
        expect(other.locator("#messages li[data-seq]")).to_have_count(2)
        one.goto(self.address())
        ready(one)
        expect(one.locator(".divider + .message .text")).to_have_text("杜甫说")
        say(one, "我说")
        expect(one.locator("#messages li[data-seq]")).to_have_count(3)
        expect(one.locator(".divider")).to_have_count(1)

    @in_browser
    def test_what_came_to_a_hidden_page_is_divided_off_when_one_is_back(self) -> None:
        one, other = self.talk(2)
        other.evaluate(HIDE, True)
        say(one, "一")
        say(one, "二")
        expect(other.locator("#messages li[data-seq]")).to_have_count(4)
        expect(other.locator(".divider")).to_have_count(0)
        other.evaluate(HIDE, False)
        expect(other.locator(".divider + .message .text")).to_have_text("一")

    @in_browser
    def test_the_place_is_kept_when_sizes_change(self) -> None:
        one, other = self.talk(40, viewport=PHONE)
        expect(other.locator("#new")).to_be_hidden()
        other.evaluate("document.querySelector('#log').scrollTop = 600")
        expect(other.locator("#new")).to_have_text("回到最新")
        reading = other.locator("#messages li", has_text="第 20 句")
        other.evaluate("document.querySelector('#log').scrollTo(0, 700)")
        other.wait_for_function("() => document.querySelector('#log').scrollTop === 700")
        first = other.evaluate("""() => {
          const top = document.querySelector("#log").getBoundingClientRect().top;
          return [...document.querySelectorAll("#messages li")]
            .find((item) => item.getBoundingClientRect().bottom > top).dataset.seq;
        }""")
        reading = other.locator(f"li[data-seq='{first}']")
        bottom = "(node) => Math.round(node.getBoundingClientRect().bottom)"
        before = reading.evaluate(bottom)
        # The keyboard comes, the phone is turned, and something above grows late.
        for width, height in ((360, 400), (740, 360), (360, 740)):
            other.set_viewport_size({"width": width, "height": height})
            other.wait_for_function(f"innerWidth === {width}")
            expect(reading).to_be_in_viewport()
        self.assertEqual(reading.evaluate(bottom), before)
        other.evaluate(
            "document.querySelector('#messages .text').style.setProperty('height', '300px')"
        )
        other.wait_for_function(
            "([seq, before]) => Math.round(document.querySelector(`li[data-seq='${seq}']`)"
            ".getBoundingClientRect().bottom) === before",
            arg=[first, before],
        )
        say(one, "又一句")
        expect(other.locator("#new")).to_have_text("1 条新消息")
        self.assertEqual(reading.evaluate(bottom), before)


class ComingsTests(PageTestCase):
    def notes(self, page: Page) -> list[str]:
        return page.locator(".note-line").all_inner_texts()

    def scripted(self) -> tuple[Page, ScriptedServer]:
        page = self.window()
        server = ScriptedServer(page)
        server.store("早")
        page.goto(self.address())
        enter(page, "李白")
        return page, server

    def come(self, server: ScriptedServer, *nicks: str, type: str = "entered") -> None:
        for nick in nicks:
            server.send(type=type, room="lobby", user=f"u {nick}", nick=nick, count=2)

    @in_browser
    def test_who_came_and_went_is_one_line(self) -> None:
        page, server = self.scripted()
        self.come(server, "杜甫", "王维")
        expect(page.locator(".note-line")).to_have_text(["杜甫和王维进来了"])
        self.come(server, "孟浩然", "高适")
        expect(page.locator(".note-line")).to_have_text(["杜甫、王维和另外2人进来了"])
        self.come(server, "王维", type="left")
        self.come(server, "岑参", type="left")
        expect(page.locator(".note-line")).to_have_text(["杜甫、孟浩然和高适进来了，岑参离开了"])
        server.send(type="renamed", user="u 杜甫", nick="子美", was="杜甫")
        expect(page.locator(".note-line")).to_have_text(["子美、孟浩然和高适进来了，岑参离开了"])
        server.send(type="said", room="lobby", **server.store("后来"))
        server.send(type="renamed", user="u 杜甫", nick="少陵", was="子美")
        expect(page.locator(".note-line").last).to_have_text("子美改名为少陵")

    @in_browser
    def test_who_loads_the_page_again_is_not_told_of(self) -> None:
        page, server = self.scripted()
        self.come(server, "杜甫")
        server.send(type="said", room="lobby", **server.store("后来"))
        self.come(server, "杜甫", type="left")
        expect(page.locator(".note-line").last).to_have_text("杜甫离开了")
        self.come(server, "杜甫")
        expect(page.locator(".note")).to_have_count(1)

    @in_browser
    def test_it_opens_and_tells_each(self) -> None:
        page, server = self.scripted()
        self.come(server, "杜甫")
        self.come(server, "杜甫", type="left")
        line = page.locator(".note-line")
        expect(line).to_have_text("有人来过又走了")
        expect(page.locator(".note-all")).to_be_hidden()
        line.click()
        expect(line).to_have_attribute("aria-expanded", "true")
        expect(page.locator(".note-all li")).to_have_count(2)
        expect(page.locator(".note-all li").last).to_contain_text("杜甫离开了")
        line.press("Enter")
        expect(page.locator(".note-all")).to_be_hidden()

    @in_browser
    def test_who_came_before_anybody_spoke_stays_there(self) -> None:
        one, other = self.open("李白"), self.open("杜甫")
        expect(one.locator(".note-line")).to_have_text(["杜甫进来了"])
        say(other, "人到齐了")
        expect(one.locator(".note + .message .text")).to_have_text("人到齐了")

    @in_browser
    def test_it_stands_where_it_happened(self) -> None:
        page, server = self.scripted()
        self.come(server, "杜甫")
        server.send(type="said", room="lobby", **server.store("后来"))
        self.come(server, "王维")
        expect(page.locator(".note-line")).to_have_text(["杜甫进来了", "王维进来了"])
        kinds = page.locator("#messages > li").evaluate_all(
            "(items) => items.map((item) => item.classList[0])"
        )
        self.assertEqual(kinds, ["message", "note", "message", "note"])


class LongTests(PageTestCase):
    @in_browser
    def test_a_long_message_is_folded_and_unfolds(self) -> None:
        page = self.open("李白", viewport=PHONE)
        say(page, "\n".join(f"第 {number} 行" for number in range(60)))
        button = page.get_by_role("button", name="展开全文")
        expect(button).to_have_attribute("aria-expanded", "false")
        folded = page.locator("#messages .text").bounding_box()["height"]
        self.assertLess(folded, 300)
        button.click()
        expect(page.get_by_role("button", name="收起")).to_be_visible()
        self.assertGreater(page.locator("#messages .text").bounding_box()["height"], 1_000)

    @in_browser
    def test_code_is_copied_as_it_is(self) -> None:
        self.host = "chat.test"
        page = self.open("李白")
        say(page, "看\n```python\nif x:\n\tprint('**')\n```")
        expect(page.locator(".code code")).to_have_text("if x:\n\tprint('**')")
        page.click(".copy-code")
        expect(page.locator(".copy-code")).to_have_text("复制好了")
        page.fill("#text", "")
        page.locator("#text").focus()
        page.keyboard.press("Control+V")
        self.assertEqual(page.input_value("#text"), "if x:\n\tprint('**')")

    @in_browser
    def test_numbers_stay_as_they_were_written(self) -> None:
        page = self.open("李白")
        page.fill("#text", "2. 选 A\n5. 选 D")
        page.press("#text", "Enter")
        items = page.locator("#messages ol li")
        expect(items).to_have_count(2)
        numbers = items.evaluate_all("(items) => items.map(({ value }) => value)")
        self.assertEqual(numbers, [2, 5])

    @in_browser
    def test_what_a_message_is_made_of(self) -> None:
        page, other = self.open("李白"), self.open("杜甫")
        say(page, "**重点**，*斜*，`x < y`，@杜甫 看")
        text = other.locator("#messages .text")
        expect(text.locator("strong")).to_have_text("重点")
        expect(text.locator("em")).to_have_text("斜")
        expect(text.locator("code")).to_have_text("x < y")
        expect(text.locator(".to-me")).to_have_text("@杜甫")
        expect(other.locator(".message.to-me")).to_have_count(1)
        expect(page.locator(".message.to-me")).to_have_count(0)
        say(page, "> 引\n\n- 一\n- 二")
        expect(other.locator("blockquote")).to_have_text("引")
        expect(other.locator("#messages .text ul li")).to_have_text(["一", "二"])
        say(page, "🎉🎉")
        expect(other.locator(".message.big .text")).to_have_text("🎉🎉")
        self.assertIn("x < y", texts(other)[0])
