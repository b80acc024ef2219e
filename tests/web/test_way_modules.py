"""The ways that carry the chat, each by itself, against a server that is made of answers."""

from typing import Any

from tests.web.browser import in_browser
from tests.web.test_modules import ModuleTestCase


class WaysTestCase(ModuleTestCase):
    """A way at one end, and at the other a server that answers one request after the other.

    `answers` are [status, body, headers?]; with none left, a request is held for ever.
    """

    begin = """
      const asked = [];
      window.fetch = (path, { method = "GET", body, headers, signal }) => new Promise((resolve, reject) => {
        asked.push([method, path, body ?? null, headers?.Authorization ?? null]);
        signal.addEventListener("abort", () => reject(signal.reason));
        const at = answers.findIndex(([to]) => path.includes(to) || to === method);
        if (at < 0) return;
        const [, status, text, more = {}] = answers.splice(at, 1)[0];
        resolve(new Response(typeof text === "string" ? text : JSON.stringify(text), { status, headers: more }));
      });
      const { Cost } = await import("/js/line/ways/way.js");
      const cost = new Cost();
      const told = [];
      const follow = (way) => {
        way.onopen = () => told.push("open");
        way.onmessage = (event) => told.push(event);
        way.onclose = (close) => told.push(close);
        return way;
      };
      const settled = () => new Promise((resolve) => setTimeout(resolve, 30));
    """
    guest = """["guests", 201, { user: "u", nick: "李白", token: "t" }]"""

    def told(self, answers: str, body: str) -> Any:
        return self.run_in(f"const answers = [{self.guest}, {answers}]; {self.begin} {body}")


class HeldWayTests(WaysTestCase):
    module = "line/ways/held"
    opened = """["polling", 200, '0{"sid":"s","pingInterval":25000,"pingTimeout":20000}'], ["POST", 200, "ok"],"""

    def held(self, payload: str, more: str = "") -> Any:
        return self.told(
            self.opened + payload,
            f"""
          const way = follow(new its.HeldWay(() => ({{ nick: "李白", room: "r", since: 3, epoch: "e", newest: {{}} }}), cost));
          await settled(); {more}
          return [told, asked, cost, way.silence];""",
        )

    @in_browser
    def test_it_comes_in_and_takes_packets_of_all_kinds(self) -> None:
        packets = [
            '40{"sid":"x"}',
            '42["welcome",{"type":"welcome","nick":"李白"}]',
            '42["joined",{"type":"joined","room":"r"}]',
            '42["chat message","你好",{"type":"said","seq":4,"room":"r"}]',
            "6",
        ]
        payload = "\x1e".join(packets)
        told, asked, cost, silence = self.held(
            f"""["sid=s", 200, {payload!r}], ["sid=s", 200, "2"], ["POST", 200, "ok"]"""
        )
        self.assertEqual(
            told,
            [
                "open",
                {"type": "welcome", "nick": "李白"},
                {"type": "joined", "room": "r"},
                {"type": "said", "seq": 4, "room": "r", "text": "你好"},
            ],
        )
        polling = "/socket.io/?EIO=4&transport=polling"
        self.assertEqual(
            [each for each in asked if each[0] == "POST"],
            [
                ["POST", "/api/v1/guests", '{"nick":"李白"}', None],
                [
                    "POST",
                    f"{polling}&sid=s",
                    '40{"token":"t","room":"r","since":3,"epoch":"e"}',
                    "Bearer t",
                ],
                ["POST", f"{polling}&sid=s", "3", "Bearer t"],
            ],
        )
        self.assertEqual(cost["messages"], 1)
        opening = '0{"sid":"s","pingInterval":25000,"pingTimeout":20000}'
        guest = '{"user":"u","nick":"李白","token":"t"}'
        came = [guest, opening, "ok", payload, "2", "ok"]
        sent = [body for _, _, body, _ in asked if body]
        size = sum(len(text.encode()) for text in came + sent)
        # The last one is still held.
        entering = {"requests": len(asked) - 1, "frames": 0, "bytes": size}
        self.assertEqual(cost["entering"], entering)
        self.assertEqual(silence, 30_000)

    @in_browser
    def test_how_it_ends(self) -> None:
        lost = {"code": 1006, "reason": ""}
        for payload, close in {
            """200, '42["closing",{"type":"closing","code":4003,"reason":"no"}]\x1e41'""": {
                "code": 4003,
                "reason": "no",
            },
            """200, '42["closing",{"type":"closing","code":1001,"reason":"","reconnect":2.5}]\x1e1'""": {
                "code": 1001,
                "reason": '{"reconnect":2.5}',
            },
            "200, '1'": lost,
            "200, '41'": lost,
            "200, '<html>'": lost,
            "200, '42['": lost,
            "400, {}": lost,
            "502, '<html>'": lost,
            "503, {}, { 'Retry-After': '7' }": {"code": 1001, "reason": '{"reconnect":7}'},
        }.items():
            told, asked, *_ = self.held(f'["sid=s", {payload}]')
            self.assertEqual(told, [close], payload)
            self.assertEqual(len(asked), 4)

    @in_browser
    def test_it_does_not_open_by_what_is_no_greeting(self) -> None:
        told, asked, *_ = self.told(
            '["polling", 200, "<html>"]',
            """
          follow(new its.HeldWay(() => ({ nick: "李白", room: "r" }), cost));
          await settled();
          return [told, asked];""",
        )
        self.assertEqual(told, [{"code": 1006, "reason": ""}])
        self.assertEqual(len(asked), 2)

    @in_browser
    def test_what_gathers_while_one_request_is_on_its_way_goes_together(self) -> None:
        _, asked, *_ = self.held(
            "",
            """
          answers.push(["POST", 200, "ok"], ["POST", 200, "ok"], ["POST", 200, "ok"]);
          for (let number = 0; number < 17; number += 1) way.send({ type: "say", text: String(number) });
          await settled();""",
        )
        bodies = [body for method, _, body, _ in asked[2:] if method == "POST"]
        self.assertEqual([body.count("\x1e") + 1 for body in bodies[1:]], [1, 15, 1])

    @in_browser
    def test_a_post_that_fails_ends_it(self) -> None:
        told, *_ = self.held(
            "", 'answers.push(["POST", 400, "{}"]); way.send({ type: "ping" }); await settled();'
        )
        self.assertEqual(told, [{"code": 1006, "reason": ""}])

    @in_browser
    def test_closed_it_says_goodbye_once_and_is_silent(self) -> None:
        told, asked, *_ = self.held(
            "",
            'answers.push(["POST", 200, "ok"]); way.close(); await settled(); way.close(); await settled();',
        )
        self.assertEqual(told, [])
        self.assertEqual([body for *_, body, _ in asked].count("1"), 1)

    @in_browser
    def test_a_refused_nick_enters_no_room(self) -> None:
        self.guest, guest = (
            """["guests", 400, { type: "error", code: "bad_field", message: "No." }]""",
            self.guest,
        )
        told, asked, *_ = self.held("")
        self.guest = guest
        self.assertEqual(
            told, [{"type": "error", "code": "bad_field", "message": "No.", "ref": "hello"}]
        )
        self.assertEqual(len(asked), 1)


class AskingWayTests(WaysTestCase):
    module = "line/ways/asking"

    def asking(self, answers: str, greeting: str, more: str = "") -> Any:
        return self.told(
            answers,
            f"""
          const way = follow(new its.AskingWay(() => ({{ nick: "李白", room: "大厅", {greeting} }}), cost));
          await settled(); {more}
          way.close();
          return [told.slice(2), asked.slice(1).map(([, path]) => decodeURIComponent(path.slice(8))), cost];""",
        )

    @in_browser
    def test_it_begins_where_the_log_stands(self) -> None:
        told, asked, cost = self.asking(
            """["limit=1", 200, { messages: [{ seq: 7 }], as_of: 7 }],""", ""
        )
        self.assertEqual(told, [{"type": "joined", "room": "大厅", "seq": 7}])
        self.assertEqual(asked, ["rooms/大厅/messages?limit=1"])
        self.assertEqual((cost["entering"]["requests"], cost["messages"]), (2, 0))

    @in_browser
    def test_it_goes_on_where_another_way_ended_if_it_is_the_same_log(self) -> None:
        position = "since: 6, epoch: 'e', newest: { seq: 5, at: 50 }"
        told, *_ = self.asking(
            """["after=4", 200, { messages: [{ seq: 5, at: 50 }], as_of: 8 }],
            ["after=5", 200, { messages: [{ seq: 8, text: "x" }], newest: 8, more: false }],""",
            position,
        )
        self.assertEqual(
            told,
            [
                {"type": "joined", "room": "大厅", "seq": 8, "epoch": "e", "recovered": True},
                {"type": "said", "room": "大厅", "seq": 8, "text": "x"},
            ],
        )
        for other in ("{ seq: 5, at: 51 }", "{ seq: 6, at: 50 }", ""):
            told, *_ = self.asking(
                f"""["after=4", 200, {{ messages: [{other}], as_of: 9 }}],""", position
            )
            self.assertEqual(told, [{"type": "joined", "room": "大厅", "seq": 9}], other)

    @in_browser
    def test_a_receipt_is_out_of_order_and_its_message_counts_once(self) -> None:
        told, _, cost = self.asking(
            """["limit=1", 200, { messages: [], as_of: 4 }],
            ["POST", 201, { type: "said", seq: 6, id: "a" }],
            ["after=4", 200, { messages: [{ seq: 5 }, { seq: 6, id: "a" }], more: false }],""",
            "",
            """way.send({ type: "say", text: "x", id: "a" }); way.send({ type: "typing" }); way.send({ type: "ping" });
            await settled();""",
        )
        self.assertEqual(
            [(event["seq"], event.get("again")) for event in told[1:]],
            [(6, True), (5, None), (6, None)],
        )
        self.assertEqual((cost["entering"]["requests"], cost["messages"]), (4, 2))

    @in_browser
    def test_a_page_with_more_behind_it_is_followed_by_the_next(self) -> None:
        told, *_ = self.asking(
            """["limit=1", 200, { messages: [], as_of: 0 }],
            ["after=0", 200, { messages: [{ seq: 1 }], more: true }],
            ["after=1", 200, { messages: [{ seq: 2 }], more: false }],""",
            "",
            """way.send({ type: "ping" }); await settled();""",
        )
        self.assertEqual([event["seq"] for event in told], [0, 1, 2])

    @in_browser
    def test_what_is_refused_is_told_to_who_asked(self) -> None:
        told, *_ = self.asking(
            """["limit=1", 404, { type: "error", code: "no_such_room" }],
            ["POST", 429, { type: "error", code: "too_fast", retry_after: 2 }, { "Retry-After": "2" }],""",
            "",
            """way.send({ type: "say", text: "x", id: "a" }); await settled();""",
        )
        self.assertEqual(
            told,
            [
                {"type": "joined", "room": "大厅", "seq": 0},
                {"type": "error", "code": "too_fast", "retry_after": 2, "id": "a"},
            ],
        )
        told, *_ = self.asking("""["limit=1", 400, { type: "error", code: "bad_field" }],""", "")
        self.assertEqual(told[0], {"type": "error", "code": "bad_field", "ref": "join"})

    @in_browser
    def test_how_it_ends(self) -> None:
        for answer, close in {
            "500, {}": {"code": 1006, "reason": ""},
            "502, '<html>'": {"code": 1006, "reason": ""},
            "503, {}, { 'Retry-After': '3' }": {"code": 1001, "reason": '{"reconnect":3}'},
        }.items():
            told, *_ = self.asking(f'["limit=1", {answer}],', "")
            self.assertEqual(told, [close])
