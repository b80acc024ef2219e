"""Making rooms, inviting to them, talking to one alone, and ending it."""

from typing import ClassVar

from playwright.sync_api import Page, expect

from tests.web.axe import AxeTestCase
from tests.web.browser import PHONE, PageTestCase, enter, in_browser, ready, say, texts
from tests.web.kept import kept
from tests.web.test_rooms import go, link

SECRET = "密室"


def make(page: Page, name: str, whose: str = "所有人", topic: str = "") -> None:
    page.click("#rooms-new")
    page.fill("#make-name", name)
    page.fill("#make-topic", topic)
    page.locator("#make").get_by_label(whose).check()
    page.locator("#make").get_by_role("button", name="建好它").click()


def open_menu(page: Page, entry: str) -> None:
    page.click("#menu-open")
    page.locator("#menu").get_by_role("button", name=entry, exact=True).click()


def invitation(page: Page, uses: str = "1 个") -> str:
    """A link that lets in so many, as the page of who made it shows it; on this computer."""
    open_menu(page, "用链接邀请")
    sheet = page.locator("#invitations")
    sheet.get_by_label(uses).check()
    sheet.get_by_role("button", name="生成链接").click()
    field = sheet.get_by_label("邀请链接")
    shown = field.input_value()
    sheet.get_by_role("button", name="关上").click()
    return page.url.partition("#")[0] + "#" + shown.partition("#")[2]


class OwnRoomsTestCase(AxeTestCase):
    def forgive(self, status: str) -> None:
        """The browser complains of each answer with such a status, which is what was asked for."""
        self.complaints = [each for each in self.complaints if f"status of {status}" not in each]


class MakingTests(OwnRoomsTestCase):
    @in_browser
    def test_a_public_one_stands_in_the_directory_with_its_topic(self) -> None:
        page, other = self.open("李白"), self.open("杜甫", locale="en-GB")
        make(page, "诗社", topic="唐诗三百首")
        expect(page.locator("#room")).to_have_text("诗社")
        ready(page)
        expect(page.locator("#topic")).to_have_text("唐诗三百首")
        say(page, "第一句")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        other.click("#rooms-all")
        row = other.locator("#directory li", has_text="诗社")
        expect(row).to_contain_text("唐诗三百首")
        expect(row).to_contain_text("1 here · now")
        other.fill("#directory-filter", "没有这样的")
        expect(other.locator("#directory")).to_contain_text("No room fits")
        other.fill("#directory-filter", "诗")
        expect(row).to_be_visible()
        row.get_by_role("link").click()
        expect(other.locator("#messages .text")).to_have_text(["第一句"])

    @in_browser
    def test_a_long_directory_is_closed_from_wherever_one_is_in_it(self) -> None:
        page = self.open("李白", viewport=PHONE)
        page.evaluate(
            """() => Promise.all(Array.from({ length: 25 }, (_, n) => fetch(`/api/v1/rooms/r${n}/messages`, {
              method: "POST", body: JSON.stringify({ text: "here" }) })))"""
        )
        sheet = page.locator("#directory")

        def open_directory() -> None:
            page.click("#rooms-all")
            expect(sheet.locator("li", has_text="r24")).to_be_attached()

        page.click("#rooms-toggle")
        open_directory()
        sheet.locator("li").last.scroll_into_view_if_needed()
        close = sheet.get_by_role("button", name="关上")
        expect(close).to_be_in_viewport(ratio=1)
        close.click()
        expect(sheet).to_be_hidden()
        open_directory()
        page.fill("#directory-filter", "r7")
        page.keyboard.press("Escape")
        expect(sheet).to_be_hidden()
        open_directory()
        page.mouse.click(PHONE["width"] / 2, 6)
        expect(sheet).to_be_hidden()

    @in_browser
    def test_one_that_is_not_listed_is_found_by_its_link_alone(self) -> None:
        page, other = self.open("李白"), self.open("杜甫")
        make(page, "后院", "有链接的人")
        expect(page.locator("#room")).to_have_text("后院")
        ready(page)
        say(page, "悄悄地")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        other.click("#rooms-all")
        expect(other.locator("#directory [role=status]").first).to_be_attached()
        expect(other.locator("#directory li", has_text="后院")).to_have_count(0)
        other.goto(page.url)
        ready(other)
        expect(other.locator("#messages .text")).to_have_text(["悄悄地"])

    @in_browser
    def test_what_is_wrong_with_a_name_is_said_at_it(self) -> None:
        other, page = self.open("杜甫", "诗社"), self.open("李白")
        say(other, "占了")
        expect(other.locator("#messages li[data-seq]")).to_have_count(1)
        for name, why in (
            ("", "先起个名字"),
            ("字" * 65, "最多 64 个字"),
            ("甲/乙", "不能有“/”"),
            ("@甲", "“@”开头"),
            ("诗社", "已经有叫这个名字"),
        ):
            make(page, name)
            expect(page.locator("#make-name-why")).to_contain_text(why)
            expect(page.locator("#make-name")).to_be_focused()
            expect(page.locator("#make-name")).to_have_attribute("aria-invalid", "true")
            page.keyboard.press("Escape")
        self.assertEqual(page.url, self.address())
        self.forgive("400")


class RestrictedTests(OwnRoomsTestCase):
    options: ClassVar = {"make_rooms": "hosts"}

    @in_browser
    def test_where_only_hosts_make_rooms_it_says_so(self) -> None:
        page = self.open("李白")
        for whose in ("所有人", "只有成员"):
            make(page, "诗社", whose)
            expect(page.locator("#make-name-why")).to_contain_text("只有它的主人")
            page.keyboard.press("Escape")
        self.forgive("403")


class PrivateTests(OwnRoomsTestCase):
    def secret(self, page: Page) -> None:
        make(page, SECRET, "只有成员")
        expect(page.locator("#room")).to_have_text(SECRET)
        ready(page)
        say(page, "只说给自己人")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)

    @in_browser
    def test_who_is_invited_gives_a_name_and_is_in_and_the_link_is_used_up(self) -> None:
        page = self.open("李白")
        self.secret(page)
        address = invitation(page)
        guest = self.window(viewport=PHONE)
        guest.goto(address)
        expect(guest.locator("#nick-note")).to_contain_text("有人邀请你")
        enter(guest, "杜甫")
        expect(guest.locator("#room")).to_have_text(SECRET)
        self.assertEqual(texts(guest), ["只说给自己人"])
        self.assertNotIn("#", guest.url)
        guest.reload()
        ready(guest)
        expect(guest.locator("#room")).to_have_text(SECRET)
        late = self.window()
        late.goto(address)
        late.fill("#nick", "王维")
        late.click("#nick-submit")
        expect(late.locator("#shut")).to_contain_text("这个邀请不能用了")
        expect(late.locator("#shut").get_by_role("link", name="去大厅")).to_be_visible()
        self.assertNotIn("#", late.url)
        self.forgive("403")

    @in_browser
    def test_an_invitation_is_listed_and_taken_back(self) -> None:
        page = self.open("李白", bypass_csp=True, reduced_motion="reduce")
        self.secret(page)
        address = invitation(page, "不限")
        open_menu(page, "用链接邀请")
        row = page.locator("#invitations .kept li")
        expect(row).to_contain_text("李白 发出")
        expect(row).to_contain_text("不限")
        self.assertClean(page, "invitations")
        row.get_by_role("button", name="收回").click()
        expect(page.locator("#invitations")).to_contain_text("没有。")
        expect(page.locator("#invitations .sheet-status")).to_contain_text("已收回")
        late = self.window()
        late.goto(address)
        late.fill("#nick", "王维")
        late.click("#nick-submit")
        expect(late.locator("#shut")).to_contain_text("这个邀请不能用了")
        self.forgive("403")

    @in_browser
    def test_who_is_no_member_learns_nothing(self) -> None:
        page = self.open("李白")
        self.secret(page)
        for nick in (None, "杜甫"):
            stranger = self.window()
            if nick:
                stranger.goto(self.address())
                enter(stranger, nick)
            for address in (page.url, self.address() + "r/@" + "a" * 22):
                stranger.goto(address)
                expect(stranger.locator("#strip")).to_contain_text("没有对你开放")
                expect(stranger.locator("#strip-lobby")).to_be_visible()
                self.assertNotIn(SECRET, stranger.content())
        self.forgive("404")

    @in_browser
    def test_somebody_is_added_by_name_and_removed(self) -> None:
        page, other = self.open("李白", "诗社"), self.open("杜甫", "诗社")
        expect(page.locator("#members")).to_contain_text("杜甫")
        self.secret(page)
        open_menu(page, "成员")
        page.fill("#members-name", "df")
        page.get_by_role("button", name="让杜甫加入").click()
        expect(page.locator("#room-members .sheet-status")).to_contain_text("杜甫现在是成员了")
        expect(link(other, SECRET)).to_be_visible()
        go(other, SECRET)
        self.assertEqual(texts(other), ["只说给自己人"])
        address = other.url
        kept(other, "rooms", ["只说给自己人"])
        row = page.locator("#room-members .kept li", has_text="杜甫")
        row.get_by_role("button", name="移出").click()
        row.get_by_role("button", name="真的移出").click()
        expect(page.locator("#room-members .sheet-status")).to_contain_text("杜甫已被移出")
        # Nothing is left of it, and there is no way back but by who is in it.
        expect(other.locator("#shut")).to_contain_text("这里只有成员能进")
        expect(other.locator("#shut button")).to_have_count(0)
        expect(link(other, SECRET)).to_have_count(0)
        expect(other.locator("#messages > li")).to_have_count(0)
        expect(other.locator("#members")).not_to_contain_text("李白")
        self.assertNotIn("只说给自己人", other.content())
        kept(other, "rooms", [])
        other.goto(address)
        expect(other.locator("#strip")).to_contain_text("没有对你开放")
        self.assertNotIn("只说给自己人", other.content())
        self.assertNotIn(SECRET, other.content())
        self.forgive("404")

    @in_browser
    def test_the_last_owner_cannot_leave_the_others_alone(self) -> None:
        page = self.open("李白")
        self.secret(page)
        guest = self.window()
        guest.goto(invitation(page))
        enter(guest, "杜甫")
        open_menu(page, "退出聊天室")
        page.locator("#ending .danger").click()
        expect(page.locator("#ending .sheet-status")).to_contain_text("最后一个房主")
        page.keyboard.press("Escape")
        open_menu(guest, "退出聊天室")
        guest.locator("#ending .danger").click()
        expect(guest.locator("#room")).to_have_text("大厅")
        expect(guest.locator("#hint")).to_have_text("你退出了“密室”。")
        expect(link(guest, SECRET)).to_have_count(0)
        open_menu(page, "退出聊天室")
        page.locator("#ending .danger").click()
        expect(page.locator("#room")).to_have_text("大厅")
        self.forgive("403")

    @in_browser
    def test_what_was_done_tells_the_making_and_what_was_different_alone(self) -> None:
        page = self.open("李白")
        make(page, SECRET, "只有成员", topic="悄悄")
        expect(page.locator("#room")).to_have_text(SECRET)
        ready(page)
        invitation(page)
        open_menu(page, "关于这个聊天室")
        page.click("#about-archive")
        expect(page.locator("#about-archive")).to_have_text("重新开放")
        expect(page.locator(".deed").last).to_have_text("李白把聊天室归档了")
        page.keyboard.press("Escape")
        page.click("#keep")
        done = page.locator("#panel .record li")
        expect(done).to_have_count(3)
        for row, sentence in zip(
            done.all(),
            ("李白把聊天室归档了", "李白生成了一个邀请链接", "李白建了这个聊天室"),
            strict=True,
        ):
            self.assertTrue(row.inner_text().endswith(f" {sentence}"), row.inner_text())


class DirectTests(PageTestCase):
    @in_browser
    def test_two_talk_alone_and_the_other_is_told(self) -> None:
        page, other = self.open("李白"), self.open("杜甫")
        page.locator(".person", has_text="杜甫").click()
        page.locator("#person").get_by_role("button", name="发私信").click()
        expect(page.locator("#room")).to_have_text("杜甫")
        ready(page)
        say(page, "悄悄话")
        expect(link(other, "李白")).to_contain_text("1 条新消息，1 条找你")
        expect(other).to_have_title("@(1) 大厅 · chatroom")
        go(other, "李白")
        self.assertEqual(texts(other), ["悄悄话"])
        expect(other).to_have_title("李白 · chatroom")
        other.click("#rename")
        other.fill("#nick", "子美")
        other.keyboard.press("Enter")
        expect(page.locator("#room")).to_have_text("子美")
        # There is nobody to invite, and nothing to keep in order.
        expect(page.locator("#share-toggle")).to_be_hidden()
        page.click("#menu-open")
        expect(page.locator("#menu .acts button")).to_have_text(["保存聊天记录…", "退出聊天室"])

    @in_browser
    def test_with_somebody_who_is_away(self) -> None:
        page, other = self.open("李白"), self.open("杜甫")
        say(other, "我走了")
        expect(page.locator("#messages .text")).to_have_text(["我走了"])
        other.goto("about:blank")
        expect(page.locator("#members")).not_to_contain_text("杜甫")
        page.locator(".head .nick", has_text="杜甫").click()
        page.locator("#person").get_by_role("button", name="发私信").click()
        expect(page.locator("#room")).to_have_text("杜甫")
        ready(page)
        say(page, "等你回来")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        other.goto(self.address())
        ready(other)
        expect(link(other, "李白")).to_contain_text("1 条新消息")


class EndingTests(PageTestCase):
    @in_browser
    def test_an_archived_room_is_read_and_says_that_nobody_writes(self) -> None:
        page, other = self.open("李白", "诗社"), self.open("杜甫", "诗社")
        open_menu(page, "关于这个聊天室")
        page.click("#about-archive")
        expect(page.locator("#about-archive")).to_have_text("重新开放")
        for each in (page, other):
            expect(each.locator("#hint")).to_contain_text("已经归档")
            expect(each.locator("#send")).to_be_disabled()
            expect(each.locator(".deed").last).to_have_text("李白把聊天室归档了")
        page.click("#about-archive")
        expect(other.locator("#send")).to_be_enabled()

    @in_browser
    def test_a_deleted_room_is_gone_for_everybody_in_it(self) -> None:
        page, other = self.open("李白", "诗社"), self.open("杜甫", "诗社")
        say(page, "要没了")
        expect(other.locator("#messages .text")).to_have_text(["要没了"])
        open_menu(page, "删除聊天室")
        page.fill("#destroy-name", "诗")
        page.keyboard.press("Enter")
        expect(page.locator("#destroy-name-why")).to_contain_text("名字对不上")
        page.fill("#destroy-name", "诗社")
        page.keyboard.press("Enter")
        expect(page.locator("#hint")).to_have_text("“诗社”已经删除。")
        expect(other.locator("#hint")).to_have_text("“诗社”已经被删除，不在了。")
        for each in (page, other):
            expect(each.locator("#room")).to_have_text("大厅")
            expect(link(each, "诗社")).to_have_count(0)
            self.assertEqual(each.evaluate("location.pathname"), "/")
        self.assertEqual(texts(other), [])

    @in_browser
    def test_the_topic_is_said_and_seen(self) -> None:
        page, other = self.open("李白", "诗社"), self.open("杜甫", "诗社")
        open_menu(page, "关于这个聊天室")
        page.fill("#about-topic", "题" * 251)
        page.keyboard.press("Enter")
        expect(page.locator("#about-topic-why")).to_contain_text("最多 250 个字")
        page.fill("#about-topic", "题" * 250)
        page.keyboard.press("Enter")
        expect(page.locator("#about")).to_be_hidden()
        expect(other.locator("#topic")).to_have_text("题" * 250)
        self.assertEqual(other.evaluate("document.documentElement.scrollWidth"), 1280)
        other.click("#menu-open")
        expect(other.locator("#menu .topic")).to_have_text("题" * 250)
