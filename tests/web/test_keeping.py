"""What outlives the page: the draft, what is unsent, and the talk as it was seen last."""

import json
from typing import ClassVar

from playwright.sync_api import Page, expect

from tests.web.browser import PageTestCase, enter, in_browser, ready, say, texts
from tests.web.kept import kept
from tests.web.scripted import ScriptedServer

PUT = """(row) => new Promise((resolve) => {
  const asked = indexedDB.open("chatroom");
  asked.onsuccess = () => {
    const put = asked.result.transaction("unsent", "readwrite").objectStore("unsent").put(row);
    put.onsuccess = () => { asked.result.close(); resolve(); };
  };
})"""


class DraftTests(PageTestCase):
    @in_browser
    def test_each_room_keeps_its_own(self) -> None:
        page = self.open("李白", "静夜思")
        page.fill("#text", "床前明\n月光")
        page.goto(self.address("大厅"))
        ready(page)
        self.assertEqual(page.input_value("#text"), "")
        page.goto(self.address("静夜思"))
        ready(page)
        self.assertEqual(page.input_value("#text"), "床前明\n月光")
        height = page.locator("#text").bounding_box()["height"]
        self.assertGreater(height, 60)
        page.press("#text", "Enter")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        page.reload()
        ready(page)
        self.assertEqual(page.input_value("#text"), "")

    @in_browser
    def test_each_window_keeps_its_own(self) -> None:
        one = self.open("李白", "静夜思")
        one.fill("#text", "床前明月光")
        other = one.context.new_page()
        other.goto(self.address("静夜思"))
        ready(other)
        # A new window goes on where one was.
        self.assertEqual(other.input_value("#text"), "床前明月光")
        other.fill("#text", "疑是地上霜")
        one.reload()
        ready(one)
        self.assertEqual(one.input_value("#text"), "床前明月光")
        other.press("#text", "Enter")
        expect(other.locator("#messages li[data-seq]")).to_have_count(1)
        one.reload()
        ready(one)
        self.assertEqual(one.input_value("#text"), "床前明月光")


class UnsentTests(PageTestCase):
    host = "chat.test"
    options: ClassVar = {"rate": 0}

    def scripted(self) -> tuple[Page, ScriptedServer]:
        page = self.window()
        server = ScriptedServer(page)
        page.goto(self.address())
        enter(page, "李白")
        return page, server

    @in_browser
    def test_it_survives_a_reload_and_goes_once_and_in_order(self) -> None:
        page, server = self.scripted()
        server.on_say = lambda command: None
        for text in ("一", "二", "三"):
            say(page, text)
        expect(page.locator(".pending")).to_have_count(3)
        kept(page, "unsent", ["一", "二", "三"])
        server.on_say = server.accept
        page.reload()
        ready(page)
        expect(page.locator("#messages li[data-seq]")).to_have_count(3)
        self.assertEqual(texts(page), ["一", "二", "三"])
        self.assertEqual([command["text"] for command in server.said], ["一", "一", "二", "三"])
        self.assertEqual(server.said[0]["id"], server.said[1]["id"])
        kept(page, "unsent", [])

    @in_browser
    def test_what_arrived_though_its_receipt_did_not_is_there_once(self) -> None:
        """Through the real server, which knows it by its id."""
        page = self.window()
        page.goto(self.address())
        enter(page, "李白")
        sent: list[str] = []
        page.on(
            "websocket",
            lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame))),
        )
        page.reload()
        ready(page)
        say(page, "只说一次")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        page.evaluate(
            PUT,
            {
                "id": next(json.loads(frame)["id"] for frame in sent if '"say"' in frame),
                "room": "lobby",
                "text": "只说一次",
                "nick": "李白",
                "at": 1,
                "status": "pending",
                "turn": 1,
            },
        )
        page.reload()
        ready(page)
        expect(page.locator(".pending")).to_have_count(0)
        self.assertEqual(texts(page), ["只说一次"])
        kept(page, "unsent", [])

    @in_browser
    def test_a_refused_one_stays_until_it_is_discarded(self) -> None:
        page, server = self.scripted()
        server.on_say = lambda command: server.refuse("unavailable")
        say(page, "没发出去")
        expect(page.locator(".failed")).to_have_count(1)
        server.on_say = server.accept
        page.reload()
        ready(page)
        expect(page.locator(".failed .text")).to_have_text("没发出去")
        expect(page.locator(".fate")).to_contain_text("服务器现在存不下来")
        page.click(".discard")
        expect(page.locator(".failed")).to_have_count(0)
        kept(page, "unsent", [])
        page.reload()
        ready(page)
        self.assertEqual(texts(page), [])
        self.assertEqual(len(server.said), 1)

    @in_browser
    def test_where_nothing_can_be_kept_one_can_talk(self) -> None:
        page = self.window()
        page.add_init_script("""
          Object.defineProperty(window, "indexedDB", { get() { throw new DOMException("no", "SecurityError"); } });
          Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } });
        """)
        page.goto(self.address())
        enter(page, "李白")
        say(page, "一样能聊")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)


class HistoryTests(PageTestCase):
    @in_browser
    def test_the_talk_is_there_before_the_server_answers(self) -> None:
        page = self.window()
        server = ScriptedServer(page)
        server.store("旧话", user="other")
        page.goto(self.address())
        enter(page, "李白")
        say(page, "我的话")
        expect(page.locator("#messages li[data-seq]")).to_have_count(2)
        kept(page, "rooms", ["旧话", "我的话"])
        server.store("错过的", user="other")
        server.on_hello = lambda command: None
        page.reload()
        expect(page.locator("#messages .text")).to_have_text(["旧话", "我的话"])
        expect(page.locator("#messages .mine")).to_have_count(1)
        del server.on_hello
        server.on_hello({"ref": "hello"})
        ready(page)
        expect(page.locator("#messages .text")).to_have_text(["旧话", "我的话", "错过的"])
        joins = [command for command in server.heard if command["type"] == "join"]
        self.assertEqual((joins[-1]["since"], joins[-1]["epoch"]), (2, "e1"))

    @in_browser
    def test_what_is_no_longer_true_is_replaced(self) -> None:
        page = self.window()
        server = ScriptedServer(page)
        server.store("旧话")
        page.goto(self.address())
        enter(page, "李白")
        kept(page, "rooms", ["旧话"])
        server.epoch, server.log = "e2", []
        server.store("新话")
        page.reload()
        ready(page)
        self.assertEqual(texts(page), ["新话"])
