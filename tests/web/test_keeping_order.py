"""What owners and moderators do on the page, and what the others see of it."""

from playwright.sync_api import Page, expect

from tests.web.axe import AxeTestCase
from tests.web.browser import PageTestCase, in_browser, ready, say
from tests.web.test_acts import open_acts

ROOM = "诗社"


def talk(test: PageTestCase, **options: object) -> tuple[Page, Page]:
    """Who made the room and so owns it, and a guest who said something."""
    one, other = test.open("李白", ROOM, **options), test.open("杜甫", ROOM)
    say(other, "床前明月光")
    expect(one.locator(".message")).to_have_count(1)
    expect(one.locator("body[data-keeps]")).to_be_attached()
    return one, other


def open_person(page: Page) -> None:
    page.locator(".head .nick", has_text="杜甫").first.click()
    expect(page.locator("#person .acts")).to_be_visible()


def act(page: Page, name: str) -> None:
    page.locator("#person").get_by_role("button", name=name, exact=True).click()


def deeds(page: Page) -> list[str]:
    return page.locator(".deed").all_inner_texts()


class PersonTests(PageTestCase):
    @in_browser
    def test_a_mute_is_seen_by_all_and_can_be_taken_back(self) -> None:
        one, other = talk(self)
        other.fill("#text", "写了一半")
        open_person(one)
        act(one, "禁言…")
        one.get_by_label("1小时").check()
        one.fill("#terms-reason", "刷屏")
        one.keyboard.press("Enter")
        expect(one.locator("#person")).to_be_hidden()
        expect(other.locator("#hint")).to_contain_text("不能在这里发言：刷屏")
        expect(other.locator("#send")).to_be_disabled()
        other.press("#text", "Enter")
        self.assertEqual(other.input_value("#text"), "写了一半")
        for page in (one, other):
            expect(page.locator(".deed")).to_contain_text("李白禁言了杜甫")
        expect(one.locator("#spoken")).to_contain_text("李白禁言了杜甫")
        # No message, and not the newest one either.
        expect(other).to_have_title("诗社 · chatroom")
        expect(other.locator(".message")).to_have_count(1)
        one.locator(".notice").get_by_role("button", name="撤回").click()
        expect(other.locator("#send")).to_be_enabled()
        expect(other.locator("#hint")).to_have_text("")
        say(other, "写完了")
        expect(one.locator(".message")).to_have_count(2)
        self.assertEqual(deeds(one)[1], "李白解除了杜甫的禁言")

    @in_browser
    def test_by_keyboard_from_a_message(self) -> None:
        one, other = talk(self)
        one.keyboard.press("Escape")
        one.keyboard.press("ArrowUp")
        one.keyboard.press("Enter")
        one.get_by_role("button", name="管理杜甫…").press("Enter")
        expect(one.locator("#person .acts")).to_be_visible()
        expect(one.locator("#person")).to_contain_text("访客")
        one.get_by_role("button", name="设为管理员").press("Enter")
        expect(other.locator("#keep")).to_be_visible()
        expect(other.locator(".deed")).to_have_text("李白把杜甫设为管理员")
        expect(one.locator("#person")).to_be_hidden()
        # A moderator may do nothing to who owns the room, or to oneself.
        other.click("#person-" + one_id(other, "李白"))
        expect(other.locator("#person")).to_contain_text("你不能管")
        expect(other.locator("#person .acts button")).to_have_text(["发私信"])

    @in_browser
    def test_who_may_nothing_sees_nothing_of_it(self) -> None:
        one, other = talk(self)
        say(one, "好诗")
        expect(other.locator(".message")).to_have_count(2)
        expect(other.locator("#keep")).to_be_hidden()
        other.locator(".head .nick", has_text="李白").click()
        expect(other.locator("#person .acts button")).to_have_text(["发私信"])
        other.keyboard.press("Escape")
        open_acts(other, "好诗")
        expect(other.locator("#act-delete, #act-versions").filter(visible=True)).to_have_count(0)
        expect(other.locator("#act-person")).to_have_text("找李白…")

    @in_browser
    def test_messages_of_others_are_deleted_and_their_earlier_texts_read(self) -> None:
        one, other = talk(self)
        open_acts(other, "床前")
        other.click("#act-edit")
        say(other, "疑是地上霜")
        say(other, "低头")
        expect(one.locator(".edited")).to_have_count(1)
        open_acts(one, "疑是")
        one.click("#act-versions")
        expect(one.locator("#texts li p")).to_have_text(["床前明月光", "疑是地上霜"])
        one.keyboard.press("Escape")
        open_acts(one, "低头")
        one.click("#act-delete")
        one.click("#act-delete")
        expect(other.locator(".gone")).to_have_count(1)
        open_person(one)
        act(one, "删掉 TA 说过的一切")
        act(one, "真的全删掉？删了就找不回来")
        expect(other.locator(".gone")).to_have_count(2)

    @in_browser
    def test_on_a_phone_that_asks_by_requests(self) -> None:
        one, other = talk(self, viewport={"width": 320, "height": 640}, has_touch=True)
        one.click("#way")
        one.check("#way-asking")
        one.click("#ways-close")
        ready(one)
        one.click("#people-toggle")
        one.click("#people-toggle")
        open_person(one)
        act(one, "请出聊天室…")
        one.click(".terms .danger")
        expect(other.locator("#shut")).to_contain_text("请你离开")
        expect(one.locator(".deed")).to_have_text("李白把杜甫请出了聊天室")
        self.assertEqual(one.evaluate("document.documentElement.scrollWidth"), 320)


def one_id(page: Page, nick: str) -> str:
    """The end of the id that a button has in the list of who is here."""
    return page.locator(".person", has_text=nick).get_attribute("id").removeprefix("person-")


class PanelTests(PageTestCase):
    @in_browser
    def test_the_room_is_kept_from_it(self) -> None:
        one, other = talk(self)
        one.click("#keep")
        one.click("#rule-lock")
        expect(one.locator("#rule-lock")).to_have_attribute("aria-pressed", "true")
        expect(other.locator("#locked")).to_be_visible()
        one.select_option("#rule-slow", "300")
        one.check("#rule-announcements")
        expect(other.locator("#hint")).to_have_text("这里只有管理员能发言。")
        expect(other.locator("#send")).to_be_disabled()
        one.uncheck("#rule-announcements")
        expect(other.locator("#send")).to_be_enabled()
        say(other, "慢慢说")
        expect(other.locator("#send")).to_contain_text("秒")
        expect(other.locator("#send")).to_be_disabled()
        one.fill("#rule-password", "芝麻开门")
        one.keyboard.press("Enter")
        expect(one.get_by_role("button", name="去掉密码")).to_be_visible()
        self.assertEqual(one.input_value("#rule-password"), "")
        expect(one.locator(".record li")).to_have_count(5)
        expect(one.locator(".record li").last).to_contain_text("李白锁上了聊天室")
        # Who was here has become a member.
        row = one.locator(".kept li", has_text="杜甫")
        expect(row).to_contain_text("成员")
        row.get_by_role("button", name="更改").click()
        act(one, "设为管理员")
        expect(one.locator("#person")).to_be_hidden()
        expect(row).to_contain_text("管理员")
        expect(other.locator("#keep")).to_be_visible()
        # A moderator's words need no wait.
        expect(other.locator("#send")).to_be_enabled()
        other.click("#keep")
        expect(other.locator("#rule-password")).to_be_hidden()
        other.click("#rule-lock")
        expect(one.locator("#rule-lock")).to_have_attribute("aria-pressed", "false")

    @in_browser
    def test_what_was_done_comes_page_by_page(self) -> None:
        one, _ = talk(self)
        one.evaluate("""async () => {
          for (let slow = 1; slow <= 25; slow += 1) {
            await fetch("/api/v1/rooms/诗社/rules", { method: "PATCH", body: JSON.stringify({ slow }) });
          }
        }""")
        one.click("#keep")
        expect(one.locator(".record li")).to_have_count(20)
        one.get_by_role("button", name="更早的").click()
        expect(one.locator(".record li")).to_have_count(25)
        expect(one.locator(".record li").nth(20)).to_be_focused()
        expect(one.locator(".record li").last).to_contain_text("1 秒一条")
        expect(one.get_by_role("button", name="更早的")).to_be_hidden()

    @in_browser
    def test_a_ban_is_listed_and_lifted_and_the_focus_stays(self) -> None:
        one, other = talk(self)
        open_person(one)
        act(one, "封禁…")
        one.get_by_label("永远").check()
        one.click(".terms .danger")
        expect(other.locator("#shut")).to_contain_text("没有期限")
        one.click("#keep")
        lift = one.locator("#panel").get_by_role("button", name="解除封禁")
        lift.press("Enter")
        expect(lift).to_have_count(0)
        expect(one.locator("#panel")).to_contain_text("没有人。")
        self.assertTrue(
            one.evaluate("document.querySelector('#panel').contains(document.activeElement)")
        )
        other.get_by_role("button", name="再试一次").click()
        ready(other)


class LooksTests(AxeTestCase):
    def assertReadable(self, page: Page, where: str) -> None:
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            self.assertClean(page, f"{where} {theme}")

    @in_browser
    def test_every_view_is_readable(self) -> None:
        one, other = talk(self, bypass_csp=True, reduced_motion="reduce")
        one.click("#keep")
        expect(one.locator(".record")).to_be_attached()
        self.assertReadable(one, "panel")
        one.keyboard.press("Escape")
        open_person(one)
        self.assertReadable(one, "person")
        act(one, "封禁…")
        self.assertReadable(one, "terms")
        one.click(".terms .danger")
        expect(one.locator(".deed")).to_be_visible()
        self.assertReadable(one, "notice")
        expect(other.locator("#shut")).to_be_visible()
