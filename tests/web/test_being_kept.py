"""Where one may not write, may not come in or has to go: why, for how long, and how one comes back."""

from typing import Any, ClassVar

from playwright.sync_api import Page, expect

from tests.web.axe import AxeTestCase
from tests.web.browser import PHONE, enter, in_browser, ready, say, texts
from tests.web.kept import kept
from tests.web.test_ways import WaysTestCase, pass_time

ROOM = "诗社"
SECRET = "4oL5aD0sQy1nT2XwVg8b3Jk6Zr7Hc9EfMpUqIxYlOs0"
ASK = """async ([method, path, fields]) => {
  const answer = await fetch(`/api/v1/rooms/诗社/${path}`, { method, body: fields && JSON.stringify(fields) });
  return answer.status;
}"""
# The id that everybody's own name has in the list of who is here.
WHO = """(nick) => [...document.querySelectorAll(".person")].find((each) => each.textContent.includes(nick))
  ?.id.replace("person-", "")"""


def order(page: Page, method: str, path: str, **fields: Any) -> None:
    assert page.evaluate(ASK, [method, path, fields or None]) in (200, 204), path


class KeptTestCase(WaysTestCase):
    def room(self) -> Page:
        """Who owns the room, and has said the first word."""
        owner = self.open("李白", ROOM)
        say(owner, "床前明月光")
        expect(owner.locator(".message[data-seq]")).to_have_count(1)
        return owner

    def id_of(self, owner: Page, nick: str) -> str:
        owner.wait_for_function(WHO, arg=nick)
        return owner.evaluate(WHO, nick)

    def come(self, way: str = "websocket", **options: Any) -> Page:
        """As one who has a name, and has not been in the room."""
        page = self.window(**options)
        page.goto(self.address("别处"))
        page.evaluate("(way) => localStorage.setItem('way', way)", way)
        enter(page, "杜甫")
        page.goto(self.address(ROOM))
        return page


class OutTests(KeptTestCase):
    @in_browser
    def test_who_was_removed_is_told_why_and_may_come_back(self) -> None:
        owner = self.room()
        for way in ("websocket", "held"):
            page = self.window()
            page.clock.install()
            page.goto(self.address(ROOM))
            page.evaluate("(way) => localStorage.setItem('way', way)", way)
            page.reload()
            enter(page, way)
            order(owner, "DELETE", f"members/{self.id_of(owner, way)}?reason=刷屏")
            expect(page.locator("#shut h2")).to_have_text("管理员请你离开了这个聊天室")
            expect(page.locator("#shut")).to_contain_text("原因：刷屏")
            expect(page.locator("#composer")).to_be_hidden()
            expect(page.locator("#log")).to_be_hidden()
            expect(owner.locator(".person")).to_have_count(0)
            # It does not come back by itself.
            pass_time(page, 40)
            expect(owner.locator(".person")).to_have_count(0)
            page.get_by_role("button", name="重新进入").click()
            ready(page)
            expect(page.locator("#shut")).to_be_hidden()
            say(page, way)
            expect(owner.locator(".message", has_text=way)).to_have_count(1)
            page.close()
            expect(owner.locator(".person")).to_have_count(0)

    @in_browser
    def test_a_ban_holds_on_every_way_of_reading(self) -> None:
        owner = self.room()
        for way in ("websocket", "held", "asking"):
            page = self.come(way)
            ready(page)
            user = page.evaluate("""async () => {
              const answer = await fetch("/api/v1/guests", { method: "POST", body: '{"nick":"杜甫"}' });
              return (await answer.json()).user;
            }""")
            order(owner, "PUT", f"bans/{user}", seconds=86400, reason="刷屏")
            for _ in range(2):
                expect(page.locator("#shut")).to_contain_text("你不能进这个聊天室")
                expect(page.locator("#shut")).to_contain_text("原因：刷屏")
                expect(page.locator("#shut")).to_contain_text("为止")
                page.reload()
            # Nor by looking without a name.
            page.evaluate("localStorage.removeItem('nick')")
            page.reload()
            expect(page.locator("#shut")).to_contain_text("原因：刷屏")
            order(owner, "DELETE", f"bans/{user}")
            page.get_by_role("button", name="再试一次").click()
            expect(page.locator("#nick")).to_be_visible()
            expect(page.locator(".message")).to_have_count(1)

    @in_browser
    def test_a_password_opens_the_room_on_every_way(self) -> None:
        owner = self.room()
        order(owner, "PATCH", "rules", password="芝麻开门")
        for way in ("websocket", "held", "asking"):
            page = self.come(way)
            field = page.get_by_label("密码", exact=True)
            expect(field).to_be_focused()
            expect(field).to_have_attribute("autocomplete", "current-password")
            field.fill("开门")
            field.press("Enter")
            expect(page.locator("#shut [role=alert]")).to_contain_text("密码不对")
            expect(field).to_have_attribute("aria-invalid", "true")
            field.fill("芝麻开门")
            field.press("Enter")
            ready(page)
            expect(page.locator("#text")).to_be_focused()
            self.assertEqual(texts(page), ["床前明月光"])
            page.context.close()
            self.contexts.remove(page.context)
        page = self.window(viewport=PHONE, has_touch=True)
        page.goto(self.address(ROOM))
        page.get_by_label("密码", exact=True).fill("芝麻开门")
        page.locator("#shut").get_by_role("button", name="进入").click()
        enter(page, "王维")

    @in_browser
    def test_a_locked_room_lets_in_whom_a_moderator_makes_a_member(self) -> None:
        owner = self.room()
        order(owner, "PATCH", "rules", locked=True)
        page = self.come()
        expect(page.locator("#shut h2")).to_have_text("这个聊天室锁上了")
        order(owner, "PATCH", "rules", locked=False)
        page.get_by_role("button", name="再试一次").click()
        ready(page)


class WritingTests(KeptTestCase):
    @in_browser
    def test_slow_mode_counts_down_and_loses_nothing(self) -> None:
        owner = self.room()
        order(owner, "PATCH", "rules", slow=2)
        page = self.come()
        ready(page)
        say(page, "一")
        expect(page.locator("#send")).to_be_disabled()
        expect(page.locator("#send")).to_contain_text("秒")
        say(page, "二")
        self.assertEqual(page.input_value("#text"), "二")
        # Whoever did not know of it is slowed down by the server, and what was said goes out by itself.
        page.reload()
        ready(page)
        self.assertEqual(page.input_value("#text"), "二")
        page.press("#text", "Enter")
        for each in (page, owner):
            expect(each.locator("#messages li[data-seq] .text")).to_have_text(
                ["床前明月光", "一", "二"]
            )
        expect(page.locator(".failed, .pending")).to_have_count(0)

    @in_browser
    def test_what_was_done_while_one_was_away_stands_in_its_place(self) -> None:
        owner = self.room()
        page = self.come()
        ready(page)
        kept(page, "rooms", ["床前明月光"])
        page.goto("about:blank")
        order(owner, "PATCH", "rules", slow=5)
        order(owner, "PATCH", "rules", slow=0)
        say(owner, "疑是地上霜")
        expect(owner.locator("#messages li[data-seq]")).to_have_count(2)
        order(owner, "PATCH", "rules", locked=True)
        page.goto(self.address(ROOM))
        expect(page.locator(".deed")).to_have_count(3)
        # Of the three events one is a message, and so is one unread.
        self.assertEqual(
            page.locator("#messages > li").evaluate_all(
                "(all) => all.map((node) => node.matches('.message') ? '霜' : node.matches('.divider') ? '新' : '管')"
            ),
            ["霜", "管", "管", "新", "霜", "管"],
        )
        page.reload()
        ready(page)
        expect(page.locator(".divider")).to_have_count(0)
        expect(page.locator(".message")).to_have_count(2)


class OwnTests(KeptTestCase):
    options: ClassVar = {"owner_secret": SECRET}

    @in_browser
    def test_who_opens_the_link_owns_the_server_and_nobody_else_does(self) -> None:
        link = self.address() + "#own=" + SECRET
        page, other = self.window(), self.window()
        for each in (page, other):
            each.goto(self.address())
            expect(each.locator("#nick")).to_be_visible()
        for each, sentence in ((page, "服务器归你了"), (other, "已经用过了")):
            # The page is there already, and only the fragment is new.
            each.evaluate("(link) => { location.href = link; }", link)
            expect(each.locator(".notice")).to_contain_text(sentence)
            expect(each.locator("#spoken")).to_contain_text(sentence)
            self.assertEqual(each.evaluate("location.hash"), "")
        enter(page, "李白")
        enter(other, "杜甫")
        expect(other.locator("#keep")).to_be_hidden()
        page.click("#keep")
        page.get_by_role("button", name="整个服务器…").click()
        expect(page.locator("#panel h2")).to_have_text("整个服务器")
        page.keyboard.press("Escape")
        page.locator(".person", has_text="杜甫").click()
        page.get_by_role("button", name="在整个服务器封禁…").click()
        page.click(".terms .danger")
        expect(other.locator("#shut")).to_be_visible()
        page.locator(".notice").get_by_role("button", name="撤回").click()
        other.get_by_role("button", name="再试一次").click()
        ready(other)


class OutLooksTests(AxeTestCase, KeptTestCase):
    @in_browser
    def test_the_way_in_is_readable(self) -> None:
        owner = self.room()
        for rules, seen in (
            ({"password": "芝麻"}, "#room-password"),
            ({"locked": True}, "#shut button"),
        ):
            order(owner, "PATCH", "rules", **rules)
            page = self.come(bypass_csp=True)
            expect(page.locator(seen)).to_be_visible()
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme)
                self.assertClean(page, f"{seen} {theme}")
