"""What the page does when the server refuses, closes, forgets, or answers twice."""

from playwright.sync_api import ConsoleMessage, Page, expect

from tests.web.browser import PageTestCase, enter, in_browser, ready, say, texts
from tests.web.scripted import ScriptedServer


class TroubleTests(PageTestCase):
    def scripted(self, **options: str) -> tuple[Page, ScriptedServer]:
        page = self.window(**options)
        server = ScriptedServer(page)
        page.goto(self.address())
        return page, server

    def talking(self, **options: str) -> tuple[Page, ScriptedServer]:
        page, server = self.scripted(**options)
        enter(page, "李白")
        return page, server

    @in_browser
    def test_a_refused_message_says_why_and_goes_again_under_its_id(self) -> None:
        page, server = self.talking(locale="en-US")
        server.on_say = lambda command: server.refuse("some_new_code", "The moon is not up yet.")
        say(page, "举头")
        expect(page.locator(".failed .fate")).to_contain_text("The moon is not up yet.")
        server.on_say = server.accept
        page.get_by_role("button", name="Send again").click()
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        expect(page.locator(".failed, .pending")).to_have_count(0)
        first, second = server.said
        self.assertEqual(first, second)

    @in_browser
    def test_a_reader_of_chinese_gets_the_reason_in_chinese(self) -> None:
        page, server = self.talking()
        server.on_say = lambda command: server.refuse("unavailable", "Storage is away.")
        say(page, "举头")
        expect(page.locator(".failed .fate")).to_contain_text("服务器现在存不下来")

    @in_browser
    def test_a_message_is_seen_at_once_and_its_node_stays(self) -> None:
        page, server = self.talking()
        server.on_say = lambda command: None
        say(page, "在路上")
        expect(page.locator("#messages .pending .text")).to_have_text("在路上")
        page.evaluate("document.querySelector('#messages li').kept = true")
        server.send(type="said", room="lobby", **server.store("先到"))
        server.accept(server.said[0])
        expect(page.locator("#messages li[data-seq]")).to_have_count(2)
        self.assertEqual(texts(page), ["先到", "在路上"])
        self.assertTrue(page.evaluate("document.querySelector('#messages li:last-child').kept"))

    @in_browser
    def test_a_message_that_takes_long_says_so_and_does_not_end_a_line_that_lives(self) -> None:
        page, server = self.talking()
        server.on_say = lambda command: None
        page.clock.install()
        page.reload()
        ready(page)
        before = server.connections
        say(page, "在路上")
        height = "(node) => node.getBoundingClientRect().height"
        fate = page.locator(".pending .fate")
        page.clock.run_for(2_000)
        self.assertLessEqual(fate.evaluate(height), 1)
        expect(fate).to_have_text("还没送到")
        for _ in range(10):
            page.clock.run_for(1_500)
            page.wait_for_timeout(20)  # for the answer to a ping
        self.assertGreater(fate.evaluate(height), 10)
        self.assertIn("ping", [command["type"] for command in server.heard])
        self.assertEqual(server.connections, before)
        server.accept(server.said[0])
        expect(page.locator("#messages .fate")).to_be_empty()

    @in_browser
    def test_too_fast_keeps_everything_and_counts_down(self) -> None:
        page, server = self.talking()
        server.on_say = lambda command: server.refuse("too_fast", retry_after=2)
        say(page, "一")
        expect(page.locator("#hint")).to_have_text(
            "发得有点快，还没送到的 2 秒后自动发出。正在写的还在这里。"
        )
        say(page, "二")
        self.assertEqual(page.input_value("#text"), "二")
        server.on_say = server.accept
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        expect(page.locator("#hint")).to_be_empty()
        page.press("#text", "Enter")
        expect(page.locator("#messages li[data-seq]")).to_have_count(2)
        self.assertEqual(texts(page), ["一", "二"])
        self.assertEqual(len({command["id"] for command in server.said}), 2)

    @in_browser
    def test_a_text_over_the_limit_stays_in_the_field(self) -> None:
        page, server = self.talking()
        say(page, "🐳" * 21)
        expect(page.locator("#hint")).to_contain_text("21")
        self.assertEqual(page.input_value("#text"), "🐳" * 21)
        say(page, "🐳" * 20)
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        self.assertEqual(len(server.said), 1)

    @in_browser
    def test_it_does_not_come_back_by_itself_where_that_would_not_help(self) -> None:
        page, server = self.talking()
        server.on_say = lambda command: None
        say(page, "太大")
        expect(page.locator(".pending")).to_have_count(1)
        page.clock.install()
        for code in (1003, 1007, 1008, 1009, 4003):
            before = server.connections
            server.socket.close(code=code)
            button = page.get_by_role("button", name="重新进入")
            expect(button).to_be_visible()
            expect(page.locator("#strip-sentence")).not_to_be_empty()
            expect(page.locator(".failed")).to_have_count(1)
            page.evaluate("dispatchEvent(new Event('online'))")
            page.clock.run_for(2_000)
            self.assertEqual(server.connections, before, code)
            button.click()
            ready(page)
        self.assertEqual(len(server.said), 1)

    @in_browser
    def test_it_comes_back_when_it_is_told_to(self) -> None:
        page, server = self.talking()
        page.clock.install()
        server.socket.close(code=1001, reason='{"reconnect":20}')
        expect(page.locator("body[data-ready]")).to_have_count(0)
        page.clock.run_for(19_000)
        self.assertEqual(server.connections, 1)
        page.clock.run_for(2_000)
        ready(page)
        server.socket.close(code=4008)
        page.clock.run_for(100)
        ready(page)
        self.assertEqual(server.connections, 3)

    @in_browser
    def test_what_was_on_its_way_goes_again_under_its_id(self) -> None:
        page, server = self.talking()
        server.on_say = lambda command: None
        say(page, "一")
        say(page, "二")
        expect(page.locator(".pending")).to_have_count(2)
        server.on_say = server.accept
        server.socket.close(code=4008)
        expect(page.locator("#messages li[data-seq]")).to_have_count(2)
        self.assertEqual(texts(page), ["一", "二"])
        # The second waits for what becomes of the first, so that nothing changes their order.
        self.assertEqual([command["text"] for command in server.said], ["一", "一", "二"])
        self.assertEqual(server.said[0], server.said[1])

    @in_browser
    def test_what_cannot_be_recovered_is_forgotten_and_read_anew(self) -> None:
        page, server = self.talking()
        server.send(type="said", room="lobby", **server.store("旧的"))
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        server.epoch, server.log = "e2", []
        server.store("新的")
        server.socket.close(code=4008)
        expect(page.locator("#messages .text")).to_have_text("新的")
        join = [command for command in server.heard if command["type"] == "join"][-1]
        self.assertEqual((join["since"], join["epoch"]), (1, "e1"))

    @in_browser
    def test_a_receipt_that_is_repeated_makes_no_second_message(self) -> None:
        page, server = self.talking()
        say(page, "一")
        server.send(type="said", room="lobby", again=True, **server.log[0])
        server.send(type="said", room="lobby", **server.log[0])
        say(page, "二")
        expect(page.locator("#messages li[data-seq]")).to_have_count(2)
        self.assertEqual(texts(page), ["一", "二"])

    @in_browser
    def test_a_refused_nick_is_asked_for_again(self) -> None:
        page, server = self.scripted()
        let_in = server.on_hello
        server.on_hello = lambda command: server.send(
            type="error", code="bad_field", message="Not a name.", ref="hello"
        )
        page.fill("#nick", "﷽")
        page.click("#nick-submit")
        expect(page.locator("#nick-why")).to_have_text("名字里有不能用的符号，换一个吧。")
        expect(page.locator("#entrance")).to_be_visible()
        server.on_hello = let_in
        enter(page, "李白")

    @in_browser
    def test_a_nick_that_the_server_refuses_is_explained_in_the_readers_language(self) -> None:
        for locale, odd, long in (
            ("zh-CN", "名字里有不能用的符号，换一个吧。", "名字太长了，改短一点。"),
            (
                "en-US",
                "This name has characters that cannot be used; choose another.",
                "This name is too long. Make it shorter.",
            ),
        ):
            page = self.window(locale=locale)
            page.goto(self.address())
            # Twenty characters here, and forty when the server has written each as a letter and its mark.
            for nick, why in (("李\u200b白", odd), ("\u0958" * 20, long)):
                page.fill("#nick", nick)
                page.click("#nick-submit")
                expect(page.locator("#nick-why")).to_have_text(why)
                expect(page.locator("#nick")).to_have_value(nick)
            enter(page, locale)
            expect(page.locator("#hint")).to_be_empty()
            page.click("#rename")
            page.fill("#nick", "a\u202eb")
            page.click("#nick-submit")
            expect(page.locator("#nick-why")).to_have_text(odd)

    @in_browser
    def test_a_room_that_may_not_be_entered_says_so(self) -> None:
        page, server = self.scripted()
        server.on_join = lambda command: server.send(
            type="error", code="forbidden", message="No.", ref="join"
        )
        page.fill("#nick", "李白")
        page.click("#nick-submit")
        expect(page.locator("#strip")).to_contain_text("你在这里不能这样做。")
        expect(page.locator("#strip-lobby")).to_be_hidden()
        expect(page.locator("#strip-button")).to_be_visible()

    @in_browser
    def test_one_is_oneself_among_the_people_though_the_server_named_fifty_others(self) -> None:
        page, server = self.scripted()
        server.members = [{"user": str(number), "nick": f"诗人{number}"} for number in range(50)]
        enter(page, "李白")
        expect(page.locator("#members li")).to_have_count(51)
        expect(page.locator("#members li").first).to_contain_text("李白")
        expect(page.locator("#rename")).to_be_visible()

    @in_browser
    def test_who_comes_and_goes_in_a_large_room(self) -> None:
        page, server = self.talking()
        server.send(
            type="presence",
            room="lobby",
            count=60,
            entered=[{"user": "a", "nick": "杜甫"}],
            left=[],
        )
        expect(page.locator("#count")).to_have_text("60 人在线")
        expect(page.locator("#members li")).to_have_count(2)
        expect(page.locator("#members-more")).to_have_text("还有 58 人")
        server.send(type="renamed", user="a", nick="子美", was="杜甫")
        expect(page.locator("#members")).to_contain_text("子美")
        server.send(
            type="presence",
            room="lobby",
            count=59,
            entered=[],
            left=[{"user": "a", "nick": "子美"}],
        )
        expect(page.locator("#members li")).to_have_count(1)
        server.send(type="presence", room="elsewhere", count=7, entered=[], left=[])
        server.send(type="left", room="lobby", user="b", nick="王维", count=58)
        expect(page.locator("#count")).to_have_text("58 人在线")


class RefusedRoomTests(PageTestCase):
    # The page asks for the room before anybody has a name, and the browser tells of the answer.
    expected = "Failed to load resource: the server responded with a status of 4"

    def listen(self, message: ConsoleMessage) -> None:
        if not message.text.startswith(self.expected):
            super().listen(message)

    @in_browser
    def test_a_room_whose_name_cannot_be_sends_one_to_the_lobby(self) -> None:
        page = self.window()
        for room in ("x" * 70, "a\u202eb"):
            page.goto(self.address(room))
            if page.locator("#entrance").is_visible():
                page.fill("#nick", "李白")
                page.click("#nick-submit")
            expect(page.locator("#strip-sentence")).to_have_text(
                "聊天室的名字太长，或有不能用的字符，换个地址。"
            )
            expect(page.locator("#strip-button")).to_be_hidden()
            expect(page.locator("#text")).to_be_disabled()
            expect(page.locator("#send")).to_be_disabled()
            expect(page.locator("#count")).to_have_text("谁在线")
        page.click("#strip-lobby")
        ready(page)
        expect(page.locator("#text")).to_be_enabled()
        expect(page.locator("#count")).to_have_text("1 人在线")
        self.assertEqual(page.url, self.address())
