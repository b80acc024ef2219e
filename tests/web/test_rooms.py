"""One's rooms on the page: the list of them, and going from one to another."""

from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.web.axe import AxeTestCase
from tests.web.browser import PHONE, PageTestCase, enter, in_browser, ready, say, texts
from tests.web.kept import kept
from tests.web.scripted import ScriptedServer

MINUTE = 60_000
NOW = 1_700_000_000_000


def listing(page: Page, rooms: list[dict[str, Any]]) -> None:
    """Answers what the page asks about rooms."""

    def answer(route: Route) -> None:
        route.fulfill(json={"rooms": rooms, "more": False})

    page.route("**/api/v1/rooms?*", answer)


def listed(name: str, ago: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "topic": "",
        "count": 1,
        "seq": 0,
        "at": NOW - ago * MINUTE,
        "mine": True,
        **more,
    }


def link(page: Page, name: str) -> Any:
    return page.locator("#rooms-list a", has=page.locator("bdi", has_text=name))


def names(page: Page) -> list[str]:
    return page.locator("#rooms-list bdi").all_inner_texts()


def go(page: Page, name: str) -> None:
    link(page, name).click()
    expect(page.locator("#room")).to_have_text(name)
    ready(page)


class SwitchingTests(PageTestCase):
    def in_two(self, **options: Any) -> Page:
        """Who has talked in the lobby and is in 诗社 now."""
        page = self.open("李白", **options)
        say(page, "在大厅")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        page.keyboard.press("Control+k")
        expect(page.get_by_role("combobox")).to_be_focused()
        page.keyboard.type("诗社")
        expect(page.get_by_role("option", name="新建“诗社”")).to_be_visible()
        page.keyboard.press("Enter")
        page.locator("#make").get_by_role("button", name="建好它").click()
        expect(page.locator("#room")).to_have_text("诗社")
        ready(page)
        return page

    @in_browser
    def test_the_address_the_name_and_the_talk_change_without_a_reload(self) -> None:
        page = self.in_two()
        page.evaluate("window.same = true")
        self.assertTrue(page.url.endswith("/r/%E8%AF%97%E7%A4%BE"))
        expect(page).to_have_title("诗社 · chatroom")
        expect(page.locator("#messages .text")).to_have_count(0)
        say(page, "在诗社")
        go(page, "大厅")
        expect(page).to_have_title("大厅 · chatroom")
        self.assertEqual(texts(page), ["在大厅"])
        expect(link(page, "大厅")).to_have_attribute("aria-current", "page")
        expect(page.locator("#spoken")).to_contain_text("现在在大厅")
        expect(page.locator("#text")).to_be_focused()
        page.go_back()
        expect(page.locator("#messages .text")).to_have_text(["在诗社"])
        page.go_forward()
        expect(page.locator("#messages .text")).to_have_text(["在大厅"])
        self.assertTrue(page.evaluate("window.same"))
        page.go_back()
        expect(page.locator("#room")).to_have_text("诗社")
        page.reload()
        ready(page)
        expect(page.locator("#room")).to_have_text("诗社")
        expect(page.locator("#messages .text")).to_have_text(["在诗社"])

    @in_browser
    def test_what_one_was_writing_waits_in_its_room(self) -> None:
        page = self.in_two()
        page.fill("#text", "写给诗社")
        go(page, "大厅")
        self.assertEqual(page.input_value("#text"), "")
        page.fill("#text", "写给大厅")
        go(page, "诗社")
        self.assertEqual(page.input_value("#text"), "写给诗社")
        page.reload()
        ready(page)
        self.assertEqual(page.input_value("#text"), "写给诗社")
        page.click("#rooms-toggle")

    @in_browser
    def test_what_is_said_elsewhere_is_counted_and_is_there_at_once(self) -> None:
        page, other = self.in_two(), self.open("杜甫")
        say(other, "第一句")
        expect(link(page, "大厅")).to_contain_text("1 条新消息")
        expect(page).to_have_title("诗社 · chatroom")
        say(other, "@李白 第二句")
        expect(link(page, "大厅")).to_contain_text("2 条新消息，1 条找你")
        expect(page).to_have_title("@(1) 诗社 · chatroom")
        self.assertEqual(names(page)[0], "大厅")
        self.assertEqual(texts(page), [])
        go(page, "大厅")
        self.assertEqual(texts(page), ["在大厅", "第一句", "@李白 第二句"])
        expect(page.locator(".divider")).to_have_count(1)
        expect(page).to_have_title("大厅 · chatroom")
        expect(link(page, "大厅").locator(".badge")).to_have_count(0)

    @in_browser
    def test_nobody_sees_one_leave_a_room_that_one_only_looks_away_from(self) -> None:
        page, other = self.in_two(), self.open("杜甫")
        expect(other.locator("#members")).to_contain_text("李白")
        go(page, "大厅")
        go(page, "诗社")
        say(page, "还在")
        go(page, "大厅")
        say(page, "也在")
        expect(other.locator("#messages .text")).to_have_text(["在大厅", "也在"])
        expect(other.locator(".note")).to_have_count(0)

    @in_browser
    def test_a_message_goes_to_the_room_in_which_it_was_written(self) -> None:
        page, other = self.in_two(), self.open("杜甫", "诗社")
        page.context.set_offline(True)
        page.evaluate("dispatchEvent(new Event('offline'))")
        say(page, "写给诗社")
        expect(page.locator("#messages .pending")).to_have_count(1)
        link(page, "大厅").click()
        expect(page.locator("#room")).to_have_text("大厅")
        self.assertEqual(texts(page), ["在大厅"])
        page.context.set_offline(False)
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(other.locator("#messages .text")).to_have_text(["写给诗社"], timeout=30_000)
        expect(page.locator("#room")).to_have_text("大厅")
        ready(page)
        go(page, "诗社")
        expect(page.locator("#messages .pending")).to_have_count(0)
        self.assertEqual(texts(page), ["写给诗社"])

    @in_browser
    def test_what_waits_for_another_room_is_sent_after_a_reload(self) -> None:
        page, other = self.in_two(), self.open("杜甫", "诗社")
        page.context.set_offline(True)
        page.evaluate("dispatchEvent(new Event('offline'))")
        say(page, "等着")
        kept(page, "unsent", ["等着"])
        page.context.set_offline(False)
        page.goto(self.address())
        ready(page)
        expect(other.locator("#messages .text")).to_have_text(["等着"])

    @in_browser
    def test_by_each_way(self) -> None:
        for way in ("held", "asking"):
            page = self.open(f"用{way}", "甲")
            page.click("#way")
            page.check(f"#way-{way}")
            expect(page.locator(f"#now-{way}")).to_be_visible()
            page.click("#ways-close")
            say(page, f"{way} 在甲")
            expect(page.locator("#messages li[data-seq]").last).to_contain_text(way)
            page.evaluate("""() => {
              history.pushState(null, "", "/r/乙");
              dispatchEvent(new PopStateEvent("popstate"));
            }""")
            expect(page.locator("#room")).to_have_text("乙")
            ready(page)
            say(page, f"{way} 在乙")
            expect(page.locator("#messages li[data-seq]").last).to_contain_text(f"{way} 在乙")
            go(page, "甲")
            expect(page.locator("#messages li[data-seq]").last).to_contain_text(f"{way} 在甲")

    @in_browser
    def test_who_has_no_name_yet_looks_into_other_rooms_as_well(self) -> None:
        other = self.open("杜甫", "诗社")
        say(other, "看得见")
        expect(other.locator("#messages li[data-seq]")).to_have_count(1)
        page = self.window()
        page.goto(self.address())
        expect(page.locator("#empty")).to_be_visible()
        page.click("#rooms-all")
        page.locator("#directory").get_by_role("link", name="诗社").click()
        expect(page.locator("#messages .text")).to_have_text(["看得见"])
        expect(page.locator("#nick")).to_be_visible()
        enter(page, "李白")
        say(page, "进来了")
        expect(other.locator("#messages .text")).to_have_text(["看得见", "进来了"])


class SlowTests(PageTestCase):
    @in_browser
    def test_the_frame_is_there_at_once_and_a_late_answer_is_dropped(self) -> None:
        page = self.window()
        listing(page, [listed("甲", 1), listed("乙", 2)])
        server = ScriptedServer(page)
        asked: list[dict[str, Any]] = []
        page.goto(self.address())
        enter(page, "李白")
        server.on_join = asked.append
        link(page, "甲").click()
        expect(page.locator("#room")).to_have_text("甲")
        expect(page.locator("body[data-live]")).to_have_count(0)
        link(page, "乙").click()
        expect(page.locator("#room")).to_have_text("乙")
        server.store("话")
        for command in asked:
            ScriptedServer.on_join(server, command)
        ready(page)
        # What comes of the room that is not shown any more is kept in its own.
        server.send(type="said", room="甲", **server.store("甲的话"))
        expect(link(page, "甲")).to_contain_text("1 条新消息")
        expect(page.locator("#messages .text")).to_have_text(["话"])

    @in_browser
    def test_without_a_network_what_is_known_opens_and_the_rest_says_so(self) -> None:
        page = self.open("李白", "甲")
        say(page, "记得住")
        kept(page, "rooms", ["记得住"])
        listing(page, [listed("甲", 1), listed("没来过", 2)])
        page.goto(self.address())
        ready(page)
        expect(link(page, "没来过")).to_be_visible()
        page.context.set_offline(True)
        page.evaluate("dispatchEvent(new Event('offline'))")
        expect(page.locator("body[data-live]")).to_have_count(0, timeout=20_000)
        link(page, "甲").click()
        expect(page.locator("#messages .text")).to_have_text(["记得住"])
        expect(page.locator("#empty")).to_be_hidden()
        link(page, "没来过").click()
        expect(page.locator("#empty-sentence")).to_contain_text("没有连上", timeout=20_000)


class ListTests(AxeTestCase):
    @in_browser
    def test_it_has_ones_own_rooms_with_what_is_new_in_each(self) -> None:
        page = self.window(bypass_csp=True, reduced_motion="reduce")
        listing(
            page,
            [
                listed("诗社", 3, unread=12, mentions=2),
                listed("@" + "a" * 22, 1, kind="private", title="密室", unread=120),
                listed(
                    "@" + "b" * 22,
                    2,
                    kind="direct",
                    unread=1,
                    **{"with": {"user": "u", "nick": "杜甫"}},
                ),
                listed("长" * 64, 9),
                listed("غرفة", 10),
                {**listed("别人的", 1), "mine": False},
            ],
        )
        ScriptedServer(page)
        page.goto(self.address())
        enter(page, "李白")
        expect(page.locator("#rooms-list li")).to_have_count(6)
        self.assertEqual(names(page), ["密室", "杜甫", "诗社", "长" * 64, "غرفة", "大厅"])
        self.assertEqual(
            page.locator(".badge").all_inner_texts(),
            ["99+", "@1", "@2"],
        )
        expect(link(page, "密室")).to_contain_text("私密")
        expect(link(page, "杜甫")).to_contain_text("1 条新消息，1 条找你")
        expect(page).to_have_title("@(3) 大厅 · chatroom")
        wide, seen = page.locator("#rooms").evaluate(
            "(node) => [node.scrollWidth, node.clientWidth]"
        )
        self.assertLessEqual(wide, seen)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            self.assertClean(page, f"list {theme}")

    @in_browser
    def test_two_hundred_scroll_and_none_jumps_from_under_the_pointer(self) -> None:
        page = self.window()
        rooms = [listed(f"房间{number}", number + 1) for number in range(200)]
        listing(page, rooms)
        server = ScriptedServer(page)
        page.goto(self.address())
        enter(page, "李白")
        expect(page.locator("#rooms-list li")).to_have_count(201)
        go(page, "房间150")
        go(page, "大厅")
        page.locator("#rooms-list").hover()
        before = names(page)
        server.send(type="said", room="房间150", **server.store("新的"))
        expect(link(page, "房间150").locator(".badge")).to_have_text("1")
        self.assertEqual(names(page), before)
        page.mouse.move(700, 400)
        expect(page.locator("#rooms-list bdi").first).to_have_text("房间150")
        took = page.evaluate("""() => {
          const began = performance.now();
          for (let turn = 0; turn < 10; turn += 1) document.querySelector("#rooms-toggle").click();
          return performance.now() - began;
        }""")
        self.assertLess(took, 2_000)

    @in_browser
    def test_the_column_folds_and_stays_so(self) -> None:
        page = self.open("李白")
        expect(page.locator("#rooms")).to_be_visible()
        page.click("#rooms-toggle")
        expect(page.locator("#rooms")).to_be_hidden()
        expect(page.locator("#rooms-toggle")).to_have_attribute("aria-expanded", "false")
        page.reload()
        ready(page)
        expect(page.locator("#rooms")).to_be_hidden()
        page.click("#rooms-toggle")
        expect(page.locator("#rooms")).to_be_visible()

    @in_browser
    def test_on_a_phone_it_slides_in_holds_the_focus_and_gives_it_back(self) -> None:
        page = self.window(viewport=PHONE, has_touch=True, is_mobile=True, bypass_csp=True)
        listing(page, [listed("甲", 1, unread=3, mentions=1)])
        ScriptedServer(page)
        page.goto(self.address())
        enter(page, "李白")
        expect(page.locator("#rooms")).to_be_hidden()
        expect(page.locator("#rooms-toggle")).to_have_attribute("data-calling", "1")
        page.tap("#rooms-toggle")
        expect(link(page, "大厅")).to_be_focused()
        for _ in range(6):
            page.keyboard.press("Tab")
            inside = "!document.activeElement.closest('main, header')"
            self.assertTrue(page.evaluate(inside))
        self.assertClean(page, "drawer")
        page.keyboard.press("Escape")
        expect(page.locator("#rooms")).to_be_hidden()
        expect(page.locator("#rooms-toggle")).to_be_focused()
        page.tap("#rooms-toggle")
        page.touchscreen.tap(355, 400)
        expect(page.locator("#rooms")).to_be_hidden()
        page.tap("#rooms-toggle")
        link(page, "甲").tap()
        expect(page.locator("#room")).to_have_text("甲")
        expect(page.locator("#rooms")).to_be_hidden()
        self.assertEqual(page.evaluate("document.documentElement.scrollWidth"), PHONE["width"])

    @in_browser
    def test_it_is_asked_for_again_on_coming_back(self) -> None:
        page = self.window()
        rooms = [listed("甲", 1)]
        listing(page, rooms)
        page.goto(self.address())
        enter(page, "李白")
        expect(link(page, "甲")).to_be_visible()
        rooms.append(listed("乙", 2, unread=4))
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(link(page, "乙")).to_contain_text("4 条新消息")


class KeyTests(PageTestCase):
    def among(self) -> Page:
        page = self.window()
        listing(
            page,
            [listed("甲", 1), listed("乙", 2, unread=1), listed("清平调", 3, topic="云想衣裳")],
        )
        ScriptedServer(page)
        page.goto(self.address())
        enter(page, "李白")
        expect(page.locator("#rooms-list li")).to_have_count(4)
        return page

    @in_browser
    def test_with_alt_the_arrows_lead_from_room_to_room(self) -> None:
        page = self.among()
        for key, name in (
            ("Alt+ArrowDown", "甲"),
            ("Alt+ArrowDown", "乙"),
            ("Alt+ArrowUp", "甲"),
            ("Alt+Shift+ArrowDown", "甲"),
            ("Alt+ArrowUp", "大厅"),
        ):
            page.keyboard.press(key)
            expect(page.locator("#room")).to_have_text(name)
        # In an empty field ↑ alone would be for one's last message.
        expect(page.locator("#task")).to_be_hidden()

    @in_browser
    def test_the_switcher_finds_by_letters_and_by_pinyin(self) -> None:
        page = self.among()
        page.keyboard.press("Control+k")
        field = page.get_by_role("combobox", name="去哪个聊天室")
        expect(field).to_be_focused()
        # What is new comes first.
        expect(page.get_by_role("option").first).to_contain_text("乙")
        page.keyboard.type("qpd")
        expect(page.get_by_role("option").first).to_contain_text("清平调")
        expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
        page.keyboard.press("ArrowUp")
        expect(page.get_by_role("option", name="新建“qpd”")).to_have_attribute(
            "aria-selected", "true"
        )
        page.keyboard.press("ArrowDown")
        chosen = field.get_attribute("aria-activedescendant")
        expect(page.locator(f"#{chosen}")).to_contain_text("清平调")
        page.keyboard.press("Enter")
        expect(page.locator("#room")).to_have_text("清平调")
        expect(page.locator("#switcher")).to_be_hidden()
        page.keyboard.press("Control+k")
        expect(field).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#switcher")).to_be_hidden()
        expect(page.locator("#text")).to_be_focused()

    @in_browser
    def test_an_enter_of_the_input_method_goes_nowhere(self) -> None:
        page = self.among()
        page.keyboard.press("Control+k")
        field = page.get_by_role("combobox")
        expect(field).to_be_focused()
        field.evaluate("""(field) => {
          field.dispatchEvent(new CompositionEvent("compositionstart"));
          const enter = { key: "Enter", isComposing: true, bubbles: true, cancelable: true };
          field.dispatchEvent(new KeyboardEvent("keydown", enter));
          field.dispatchEvent(new CompositionEvent("compositionend"));
          field.dispatchEvent(new KeyboardEvent("keydown", { ...enter, isComposing: false }));
        }""")
        expect(page.locator("#switcher")).to_be_visible()
        expect(page.locator("#room")).to_have_text("大厅")

    @in_browser
    def test_the_keys_are_in_the_list(self) -> None:
        page = self.among()
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        expect(page.locator("#keys-list")).to_contain_text("去另一个聊天室")
        # Under a dialog nothing moves.
        page.keyboard.press("Alt+ArrowDown")
        expect(page.locator("#room")).to_have_text("大厅")
