"""Text is never markup, wherever it comes from, and the page keeps its own rules."""

from playwright.sync_api import ConsoleMessage, Page, expect

from tests.web.browser import PageTestCase, enter, in_browser, say, texts
from tests.web.scripted import ScriptedServer

PAYLOADS = [
    "<script>hit()</script>",
    "<img src=x onerror=hit()>",
    "<svg onload=hit()><animate onbegin=hit()>",
    "\"><iframe srcdoc='<script>parent.hit()</script>'>",
    "</textarea><body onpageshow=hit()>",
    "<style>@import 'https://evil.example/x.css'</style>",
    "<math><mtext><table><mglyph><style><img src=x onerror=hit()>",
    "{{constructor.constructor('hit()')()}} ${hit()}",
    "&lt;img src=x onerror=hit()&gt;",
    "javascript:hit()",
    "data:text/html,<script>hit()</script>",
    'https://a.example/"onmouseover=hit()//',
    "https://a.example/'><img/src=x/onerror=hit()>",
]
SET_TRAP = "window.hits = 0; window.hit = () => { window.hits += 1; };"
STRANGERS = """() => ({
  hits: window.hits,
  elements: document.querySelectorAll(
    "iframe, object, embed, main svg, aside svg, math, style, base, main img, aside img, script:not([src$='.js'])").length,
  attributes: [...document.querySelectorAll("body, body *")].flatMap((node) => node.getAttributeNames())
    .filter((name) => /^on|^style$|^srcdoc$/.test(name)),
  links: [...document.querySelectorAll("#messages a")].map(({ protocol, rel }) => protocol + rel),
})"""


class MarkupTests(PageTestCase):
    def assertInert(self, page: Page) -> None:
        found = page.evaluate(STRANGERS)
        self.assertEqual((found["hits"], found["elements"], found["attributes"]), (0, 0, []))
        self.assertLessEqual(set(found["links"]), {"https:noopener noreferrer nofollow"})

    @in_browser
    def test_texts_and_nicks(self) -> None:
        page = self.window()
        page.add_init_script(SET_TRAP)
        server = ScriptedServer(page)
        for payload in PAYLOADS:
            server.store(payload, user=payload, nick=payload)
        page.goto(self.address())
        enter(page, "李白")
        self.assertEqual(texts(page), PAYLOADS)
        for payload in PAYLOADS:
            server.send(type="entered", room="lobby", user=payload, nick=payload, count=9)
            server.send(type="typing", room="lobby", user=payload, nick=payload)
        expect(page.locator("#members li")).to_have_count(len(PAYLOADS) + 1)
        server.on_say = lambda command: server.refuse("strange", PAYLOADS[1])
        say(page, "拒绝我")
        expect(page.locator(".failed .fate")).to_contain_text(PAYLOADS[1])
        self.assertInert(page)

    @in_browser
    def test_through_the_server_and_into_another_window(self) -> None:
        one, other = self.window(), self.window()
        for page, nick in ((one, "<b>李白"), (other, "杜甫")):
            page.add_init_script(SET_TRAP)
            page.goto(self.address())
            enter(page, nick)
        for payload in PAYLOADS:
            say(one, payload)
        expect(other.locator("#messages li[data-seq]")).to_have_count(len(PAYLOADS))
        self.assertEqual(texts(other), PAYLOADS)
        self.assertInert(one)
        self.assertInert(other)

    @in_browser
    def test_the_rooms_name(self) -> None:
        for payload in ("<img src=x onerror=hit()>", "\"'><svg onload=hit()>"):
            page = self.window()
            page.add_init_script(SET_TRAP)
            ScriptedServer(page)
            page.goto(self.address(payload))
            enter(page, "李白")
            expect(page.locator("#room")).to_have_text(payload)
            self.assertInert(page)


class PolicyTests(PageTestCase):
    @in_browser
    def test_the_page_asks_nobody_else(self) -> None:
        page = self.window()
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(self.address("静夜思"))
        enter(page, "李白")
        origin = self.address()
        self.assertGreater(len(asked), 10)
        self.assertEqual([url for url in asked if not url.startswith(origin)], [])


class BrokenPolicyTests(PageTestCase):
    def listen(self, message: ConsoleMessage) -> None:
        """Here the complaints of the browser are what is wanted."""

    @in_browser
    def test_code_in_the_page_does_not_run(self) -> None:
        page = self.open("李白")
        page.evaluate("""() => {
          const script = document.createElement("script");
          script.append("window.ran = true");
          document.body.append(script);
        }""")
        self.assertIsNone(page.evaluate("window.ran ?? null"))
        refused = page.evaluate("""() => {
          try { document.body.insertAdjacentHTML("beforeend", "<b>"); return false; } catch { return true; }
        }""")
        self.assertTrue(refused)
