"""The modules that know nothing of the page, each by itself; in Chromium, so that no other JavaScript is needed."""

from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.web.browser import PageTestCase, browser, in_browser

WEB = Path(__file__).parents[2] / "web"
HERE = "http://modules.test/"


@cache
def bench() -> Page:
    """One empty page for all of them; its modules come straight from the files."""
    page = browser().new_page(timezone_id="Asia/Shanghai")
    page.route(
        HERE + "js/**", lambda route: route.fulfill(path=WEB / urlsplit(route.request.url).path[1:])
    )
    page.route(HERE, lambda route: route.fulfill(body="<!DOCTYPE html>", content_type="text/html"))
    page.goto(HERE)
    return page


class ModuleTestCase(PageTestCase):
    module = ""

    async def prepare(self) -> None:
        """No server is needed."""

    def run_in(self, body: str, argument: Any = None) -> Any:
        """Runs `body` with the module as `its`."""
        return bench().evaluate(
            f"async (given) => {{ const its = await import('/js/{self.module}.js'); {body} }}",
            argument,
        )


class LinksTests(ModuleTestCase):
    module = "text/links"

    @in_browser
    def test_links(self) -> None:
        for text, links in {
            "没有链接": [],
            "看 https://a.example/静夜思，很好": ["https://a.example/静夜思"],
            "看（https://a.example/?q=月）吧": ["https://a.example/?q=月"],
            "「http://a.example」": ["http://a.example"],
            "(https://a.example/x_(y)).": ["https://a.example/x_(y)"],
            "https://a.example, https://b.example!": ["https://a.example", "https://b.example"],
            "HTTPS://A.EXAMPLE/": ["HTTPS://A.EXAMPLE/"],
            "javascript:alert(1) data:text/html,x ftp://a.example": [],
            "javascript://https://a.example": ["https://a.example"],
            "https://bank.example@evil.example/": [],
            "https://a.example/\u202egpj.exe": ["https://a.example/"],
            "https://a.example/\u200bx": ["https://a.example/"],
            "https:// http://[": [],
            "https://a.example/<b>": ["https://a.example/"],
            "https://" + "a" * 50_000 + ")" * 3_000: None,
        }.items():
            found = self.run_in("return its.linksOf(given)", text)
            for link in found:
                self.assertTrue(text[link["index"] :].startswith(link["text"]))
            if links is not None:
                self.assertEqual([link["text"] for link in found], links, text)


class TextTests(ModuleTestCase):
    module = "text/text"

    @in_browser
    def test_names_and_numbers(self) -> None:
        answers = self.run_in(
            """const names = await import("/js/text/names.js");
        return {
          lengths: ["", "李白", "🐳x", "e\\u0301"].map(its.lengthOf),
          blank: ["", " ", "\\n\\t", "　", " x "].map(its.isBlank),
          initials: ["李白", "ada", "诗人7", "🐳鲸", ""].map(names.initialOf),
          hues: new Set(Array.from({ length: 200 }, (_, i) => names.hueOf("user" + i))).size,
          same: names.hueOf("a") === names.hueOf("a"),
          sendable: its.sendable("a\\0b\\ud800c").includes("\\0") || its.sendable("\\ud800") === "\\ud800",
          ids: new Set(Array.from({ length: 1000 }, its.freshId)).size,
          id: /^[0-9a-f]{32}$/.test(its.freshId()),
        }""",
        )
        self.assertEqual(
            answers,
            {
                "lengths": [0, 2, 2, 2],
                "blank": [True, True, True, True, False],
                "initials": ["白", "A", "诗", "鲸", ""],
                "hues": 8,
                "same": True,
                "sendable": False,
                "ids": 1000,
                "id": True,
            },
        )


class PlaceTests(ModuleTestCase):
    module = "state/place"

    @in_browser
    def test_rooms_and_sockets(self) -> None:
        rooms = self.run_in(
            "return given.map(its.roomOf)",
            ["/", "/r/%E5%A4%A7%E5%8E%85", "/r/大厅", "/r/a%20b/@12", "/r/%ff", "/r/", "/other"],
        )
        self.assertEqual(rooms, ["lobby", "大厅", "大厅", "a b", "%ff", "lobby", "lobby"])
        sockets = self.run_in(
            "return given.map((url) => its.socketOf(new URL(url)))",
            ["http://192.168.1.5:3000/r/x?y#z", "https://chat.example/"],
        )
        self.assertEqual(sockets, ["ws://192.168.1.5:3000/ws", "wss://chat.example/ws"])

    @in_browser
    def test_an_address_to_hand_on_is_readable_and_still_the_same(self) -> None:
        for address, readable in {
            "http://a.example/r/%E9%9D%99%E5%A4%9C%E6%80%9D": "http://a.example/r/静夜思",
            "http://a.example/r/a%20b": "http://a.example/r/a%20b",
            "http://a.example/r/%2541%2F%23": "http://a.example/r/%2541%2F%23",
            "http://a.example/r/%E6%9C%88%EF%BC%8C%E4%BD%A0": "http://a.example/r/月%EF%BC%8C你",
            "http://a.example/r/%E3%80%80%E2%80%AEx": "http://a.example/r/%E3%80%80%E2%80%AEx",
            "http://a.example/r/%ff%E6": "http://a.example/r/%ff%E6",
        }.items():
            said, same = self.run_in(
                "const said = its.readable(given); return [said, new URL(said).href]", address
            )
            self.assertEqual((said, same), (readable, address))

    @in_browser
    def test_which_addresses_open_on_this_computer_only(self) -> None:
        hosts = ["localhost:8080", "127.0.0.1", "[::1]:80", "192.168.1.5", "localhost.example"]
        found = self.run_in(
            "return given.map((host) => its.opensOnlyHere(new URL('http://' + host)))", hosts
        )
        self.assertEqual(found, [True, True, True, False, False])


class ClosingTests(ModuleTestCase):
    module = "line/closing"

    @in_browser
    def test_what_comes_after_a_close(self) -> None:

        def after(
            code: int, reason: str = "", attempt: int = 0, chance: float = 0.5, longest: int = 30
        ) -> Any:
            return self.run_in(
                "const [code, reason, attempt, chance, longest] = given;"
                "return its.afterClose({ code, reason }, attempt, longest, () => chance)",
                [code, reason, attempt, chance, longest],
            )

        self.assertEqual(after(1001, '{"reconnect":2.7}'), {"wait": 2.7})
        for nonsense in (
            "",
            "bye",
            "null",
            '{"reconnect":"soon"}',
            '{"reconnect":-1}',
            '{"reconnect":1e9}',
        ):
            self.assertEqual(after(1001, nonsense), {"wait": 0.375}, nonsense)
        self.assertEqual(after(4008), {"wait": 0})
        self.assertGreater(after(4008, attempt=1)["wait"], 0)
        self.assertEqual(
            [after(1006, attempt=attempt, chance=1)["wait"] for attempt in (0, 1, 2, 6, 50)],
            [0.5, 1, 2, 30, 30],
        )
        self.assertEqual(after(1006, attempt=9, chance=0), {"wait": 15})
        self.assertEqual(after(1006, attempt=9, chance=1, longest=5), {"wait": 5})
        self.assertEqual(after(1001, '{"reconnect":20}', longest=5), {"wait": 20})
        for code in (1003, 1007, 1008, 1009, 4003):
            self.assertIn("why", after(code))


class MessagesTests(ModuleTestCase):
    module = "state/messages"
    begin = """
      const said = (seq, more = {}) => ({ type: "said", seq, user: "other", nick: "杜甫", text: "t" + seq, at: seq, ...more });
      const room = new its.Messages();
      room.me = "me";
      room.joined({ epoch: "e", seq: 4 });
      room.page({ messages: [said(3), said(4)], more: true });
      const seen = () => room.all.map(({ seq, id }) => seq ?? id);
    """

    def told(self, body: str) -> Any:
        return self.run_in(self.begin + body)

    @in_browser
    def test_order(self) -> None:
        self.assertEqual(
            self.told(
                """
          room.said(said(5)); room.said(said(5)); room.said(said(7, { again: true })); room.said(said(6)); room.said(said(7));
          room.page({ messages: [said(1), said(2)], more: false });
          return [seen(), room.position, room.oldest, room.more]""",
            ),
            [[1, 2, 3, 4, 5, 6, 7], {"since": 7, "epoch": "e"}, 1, False],
        )

    @in_browser
    def test_ones_own_stand_last_until_they_have_a_number(self) -> None:
        self.assertEqual(
            self.told(
                """
          const first = room.compose("a", "x", "李白", 0); room.compose("b", "y", "李白", 0);
          room.said(said(5));
          const before = seen();
          room.said(said(6, { id: "b", user: "someone else" }));
          const isNews = room.said(said(7, { id: "a", user: "me" })) !== null;
          return [before, seen(), room.sent.at(-1) === first, first.status, isNews]""",
            ),
            [[3, 4, 5, "a", "b"], [3, 4, 5, 6, 7, "b"], True, "sent", False],
        )

    @in_browser
    def test_a_receipt_from_before_the_page_only_ends_the_waiting(self) -> None:
        self.assertEqual(
            self.told(
                """
          room.compose("a", "x", "李白", 0);
          room.said(said(2, { id: "a", user: "me", again: true }));
          return [seen(), room.last]""",
            ),
            [[3, 4], 4],
        )

    @in_browser
    def test_a_first_page_that_never_came_leaves_no_position(self) -> None:
        self.assertEqual(
            self.told(
                """
          const fresh = new its.Messages();
          fresh.joined({ epoch: "e", seq: 9 });
          fresh.said(said(10));
          const early = fresh.position;
          fresh.page({ messages: [said(9), said(10)], more: true });
          return [early, fresh.position, fresh.sent.length]""",
            ),
            [{}, {"since": 10, "epoch": "e"}, 2],
        )

    @in_browser
    def test_recovered_or_not(self) -> None:
        self.assertEqual(
            self.told(
                """
          room.compose("a", "x", "李白", 0);
          room.joined({ epoch: "e", seq: 9, recovered: true });
          const kept = [seen(), room.position];
          room.joined({ epoch: "f", seq: 2, recovered: false });
          // Until it is known what is true now, the reader keeps what there was.
          const between = [seen(), room.position];
          room.page({ messages: [said(2)], more: false });
          return [kept, between, seen(), room.position]""",
            ),
            [
                [[3, 4, "a"], {"since": 4, "epoch": "e"}],
                [[3, 4, "a"], {}],
                [2, "a"],
                {"since": 2, "epoch": "f"},
            ],
        )

    @in_browser
    def test_failing_and_trying_again(self) -> None:
        self.assertEqual(
            self.told(
                """
          const message = room.compose("a", "x", "李白", 0);
          const waiting = [room.waiting.length];
          message.onItsWay = true; waiting.push(room.waiting.length);
          room.disconnected(); waiting.push(room.waiting.length);
          room.fail("a", "why"); waiting.push(room.waiting.length, message.status);
          room.retry("a"); waiting.push(room.waiting.length, message.status);
          return [...waiting, room.fail("unknown", "why") ?? null]""",
            ),
            [1, 0, 1, 0, "failed", 1, "pending", None],
        )

    @in_browser
    def test_a_long_stay_is_cut(self) -> None:
        self.assertEqual(
            self.told(
                """
          room.more = false;
          for (let seq = 5; seq < 50; seq += 1) room.said(said(seq));
          room.keepNewest(10);
          return [room.all.length, room.oldest, room.more, room.last]""",
            ),
            [10, 40, True, 49],
        )


class TypingTests(ModuleTestCase):
    module = "state/typing"

    @in_browser
    def test_it_ends_by_itself_or_with_what_was_said(self) -> None:
        self.assertEqual(
            self.run_in(
                """
          const typing = new its.Typing();
          typing.heard({ user: "a", nick: "李白" }, 0);
          typing.heard({ user: "b", nick: "杜甫" }, 3000);
          const names = [typing.names(5999), typing.names(6000)];
          typing.stopped("b");
          return [...names, typing.names(6001)]""",
            ),
            [["李白", "杜甫"], ["杜甫"], []],
        )

    @in_browser
    def test_the_others_are_told_once_in_three_seconds(self) -> None:
        self.assertEqual(
            self.run_in(
                """
          const typing = new its.Typing();
          const told = [0, 1, 2999, 3000, 3001].map((now) => typing.mayTell(now));
          typing.said();
          return [...told, typing.mayTell(3002)]""",
            ),
            [True, False, False, True, False, True],
        )


class TimeTests(ModuleTestCase):
    module = "text/time"

    @in_browser
    def test_days_are_the_readers_own(self) -> None:
        self.assertEqual(
            self.run_in(
                """
          const calendar = new its.Calendar("zh-CN");
          const now = Date.parse("2026-11-22T16:30:00Z");  // half past midnight, the 23rd
          return [
            ...["2026-11-22T16:00:00Z", "2026-11-22T15:59:00Z", "2026-11-20T12:00:00Z", "2025-11-20T12:00:00Z"]
              .map((at) => calendar.day(Date.parse(at), now)),
            its.sameDay(now, Date.parse("2026-11-22T15:00:00Z")),
          ]""",
            ),
            ["今天", "昨天", "11月20日星期五", "2025年11月20日星期四", False],
        )

    @in_browser
    def test_what_stands_together(self) -> None:
        self.assertEqual(
            self.run_in(
                """
          const noon = new Date(2026, 10, 22, 12).getTime();
          const message = (at, user = "a") => ({ user, nick: user, at });
          const [minute, midnight] = [60_000, new Date(2026, 10, 23).getTime()];
          return [
            its.continues(message(noon), null),
            its.continues(message(noon + 4 * minute), message(noon)),
            its.continues(message(noon + 5 * minute), message(noon)),
            its.continues(message(noon + minute, "b"), message(noon)),
            its.continues(message(midnight), message(midnight - minute)),
          ]""",
            ),
            [False, True, False, False, False],
        )


class ChoiceTests(ModuleTestCase):
    module = "line/choice"
    begin = """
      localStorage.clear();
      const choice = new its.Choice(() => ({}));
      const fails = (times, silent = false) => {
        const names = [];
        for (let time = 0; time < times; time += 1) { choice.failed({ silent }); names.push(choice.name); }
        return names;
      };
    """

    @in_browser
    def test_held_requests_after_two_failures_and_the_first_again_when_they_fail_too(self) -> None:
        self.assertEqual(
            self.run_in(self.begin + "return [choice.name, ...fails(5)]"),
            ["websocket", "websocket", "held", "websocket", "websocket", "held"],
        )

    @in_browser
    def test_one_failure_without_any_answer_is_enough_and_one_success_forgives(self) -> None:
        self.assertEqual(self.run_in(self.begin + "return fails(1, true)"), ["held"])
        self.assertEqual(
            self.run_in(
                self.begin + "fails(1); choice.lasted(); return [...fails(1), choice.isSecondBest]"
            ),
            ["websocket", False],
        )

    @in_browser
    def test_held_requests_that_carried_the_chat_are_tried_again_for_ever(self) -> None:
        self.assertEqual(
            self.run_in(
                self.begin + "fails(2); choice.opened(); return [...fails(4), choice.shown]"
            ),
            ["held"] * 5,
        )

    @in_browser
    def test_the_name_is_that_of_what_carried_the_chat_until_another_does(self) -> None:
        self.assertEqual(
            self.run_in(
                self.begin
                + "const seen = []; const see = () => seen.push([choice.name, choice.shown]);"
                "choice.opened(); fails(2); see(); choice.opened(); see();"
                "choice.choose('asking'); choice.choose('auto'); see(); return seen"
            ),
            [["held", "websocket"], ["held", "held"], ["websocket", "websocket"]],
        )

    @in_browser
    def test_what_was_chosen_is_tried_for_ever_and_remembered(self) -> None:
        self.assertEqual(
            self.run_in(
                self.begin
                + """
          const found = [];
          for (const wish of ["websocket", "held", "asking", "auto"]) {
            choice.choose(wish);
            const { name } = choice;
            if (wish !== "auto") found.push(fails(3, true).every((tried) => tried === name));
            const later = new its.Choice(() => ({}));
            found.push([later.wish, later.name, later.isSecondBest]);
          }
          localStorage.setItem("way", "constructor");
          found.push(new its.Choice(() => ({})).wish);
          return found""",
            ),
            [
                True,
                ["websocket", "websocket", False],
                True,
                ["held", "held", False],
                True,
                ["asking", "asking", False],
                ["auto", "websocket", False],
                "auto",
            ],
        )

    @in_browser
    def test_held_requests_go_on_when_the_choice_is_left_to_the_page(self) -> None:
        self.assertEqual(
            self.run_in(
                self.begin + "choice.choose('held'); choice.choose('auto');"
                "return [choice.name, choice.isSecondBest]"
            ),
            ["held", True],
        )


class PulseTests(ModuleTestCase):
    module = "line/pulse"

    @in_browser
    def test_it_asks_after_silence_and_sooner_for_who_waits_for_an_answer(self) -> None:
        self.assertEqual(
            self.run_in("""
          const { now } = Date;
          let time = 0;
          Date.now = () => time;
          try {
            let asked = 0;
            const pulse = new its.Pulse(() => { asked += 1; });
            const told = [];
            const at = (ms, askedAt = Infinity) => { time = ms; pulse.listen(25_000, askedAt); told.push([asked, pulse.isGone]); };
            pulse.heard();
            at(25_000); at(25_001); at(35_001); at(35_002);
            pulse.heard();
            at(39_002, 35_000); at(39_003, 35_000); at(43_003, 35_000); at(43_004, 35_000);
            return told;
          } finally {
            Date.now = now;
          }"""),
            [
                [0, False],
                [1, False],
                [1, False],
                [1, True],
                [1, False],
                [2, False],
                [2, False],
                [2, True],
            ],
        )


class LookoutTests(ModuleTestCase):
    module = "line/lookout"
    begin = """
      const { setTimeout: later } = window;
      const told = [];
      const timers = [];
      window.setTimeout = (run, ms) => timers.push({ run, ms });
      const way = { send: ({ type }) => told.push(type), close: () => told.push("close") };
      const choice = { isSecondBest: true, tryFirst: () => way, goBack: () => told.push("back") };
      const line = { state: "open", changeTo: () => told.push("change") };
      try { new its.Lookout(choice, line).look(); } finally { window.setTimeout = later; }
      const last = () => timers.at(-1);
      const timed = (run) => {
        window.setTimeout = (act, ms) => timers.push({ run: act, ms });
        try { run(); } finally { window.setTimeout = later; }
      };
    """

    def looked(self, body: str) -> Any:
        return self.run_in(self.begin + body)

    @in_browser
    def test_it_goes_back_to_what_has_answered_and_is_still_open_a_moment_later(self) -> None:
        told, early = self.looked(
            """
          way.onopen();
          timed(() => way.onmessage({ type: "pong" }));
          const early = [...told, last().ms];
          last().run();
          return [told, early];"""
        )
        self.assertEqual(early, ["ping", 3_000])
        self.assertEqual(told, ["ping", "back", "change"])

    @in_browser
    def test_what_does_not_answer_or_is_cut_in_that_moment_is_blocked(self) -> None:
        for trouble in (
            "last().run();",
            "way.onopen(); last().run();",
            """way.onopen(); timed(() => way.onmessage({ type: "pong" })); way.onclose();""",
        ):
            told, blocked = self.looked(trouble + "return [told, choice.isBlocked];")
            self.assertEqual([each for each in told if each != "ping"], ["close"], trouble)
            self.assertTrue(blocked)
