"""What calls for attention outside the page: the sound as Safari allows it, and the notifications of the worker."""

from playwright.sync_api import Page, Worker, expect

from tests.web.browser import PageTestCase, enter, in_browser, ready
from tests.web.scripted import ScriptedServer

FOCUS = "document.hasFocus = () => window.focused ?? true;"
# Made outside a touch it stays silent until one comes; so Safari has it, and Chrome before the first touch. Not by
# navigator.userActivation, since each `evaluate` counts as one of the reader's own.
STERN_AUDIO = """
  window.tones = 0;
  let touched = false;
  for (const touch of ["pointerdown", "pointerup", "keydown", "change"]) {
    addEventListener(touch, () => { touched = true; setTimeout(() => { touched = false; }); }, { capture: true });
  }
  window.AudioContext = class {
    state = touched ? "running" : "suspended"; currentTime = 0; destination = {};
    createOscillator() { window.tones += 1; return { frequency: {}, connect: (to) => to, start() {}, stop() {} }; }
    createGain() {
      return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect: (to) => to };
    }
    resume() { if (touched) this.state = "running"; }
  };
"""
# Not by `wait_for_function`, which needs what the page's policy forbids.
TAGS = """async (count) => {
  const worker = await navigator.serviceWorker.ready;
  for (;;) {
    const tags = (await worker.getNotifications()).map(({ tag }) => tag);
    if (tags.length === count) return tags;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}"""
# Only a tap of a person's may bring a window to the front, so the tests look whether it is asked for.
CLICK = """async () => {
  const asked = [];
  WindowClient.prototype.focus = function () { asked.push(["focus", new URL(this.url).pathname]); return this; };
  clients.openWindow = async (path) => { asked.push(["open", path]); };
  for (const notification of await registration.getNotifications()) {
    const event = new NotificationEvent("notificationclick", { notification });
    const done = [];
    event.waitUntil = (promise) => done.push(promise);
    dispatchEvent(event);
    await Promise.all(done);
  }
  return [asked, (await registration.getNotifications()).length];
}"""


class AlertsTests(PageTestCase):
    def talk(self, room: str = "lobby", **options: object) -> tuple[Page, ScriptedServer]:
        page = self.window(**options)
        page.add_init_script(FOCUS + STERN_AUDIO)
        server = ScriptedServer(page)
        server.store("早")
        page.goto(self.address(room))
        enter(page, "李白")
        return page, server

    def choose(self, page: Page, *choices: str) -> None:
        page.click("#settings-toggle")
        for choice in choices:
            page.check(choice)
        page.click("#settings-close")
        page.evaluate("window.focused = false")

    def hear(self, page: Page, server: ScriptedServer, text: str, room: str = "lobby") -> None:
        count = page.locator("#messages .message").count()
        server.send(type="said", room=room, **server.store(text))
        expect(page.locator("#messages .message")).to_have_count(count + 1)

    def notified(self, **options: object) -> tuple[Page, ScriptedServer, Worker]:
        page, server = self.talk(service_workers="allow", **options)
        page.context.grant_permissions(["notifications"])
        page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        self.choose(page, "#set-notifications")
        return page, server, page.context.service_workers[0]


class SoundTests(AlertsTests):
    @in_browser
    def test_the_first_call_is_heard_though_nobody_touches_the_page(self) -> None:
        page, server = self.talk()
        self.choose(page, "#set-sounds")
        self.hear(page, server, "@李白 在吗")
        self.assertEqual(page.evaluate("tones"), 2)

    @in_browser
    def test_a_lively_room_is_no_alarm(self) -> None:
        page, server = self.talk()
        self.choose(page, "#set-sounds")
        page.clock.set_fixed_time(1_800_000_000_000)
        self.hear(page, server, "@李白 一")
        self.hear(page, server, "@李白 二")
        self.assertEqual(page.evaluate("tones"), 2)
        page.clock.set_fixed_time(1_800_000_001_000)
        self.hear(page, server, "@李白 三")
        self.assertEqual(page.evaluate("tones"), 4)


class WorkerTests(AlertsTests):
    @in_browser
    def test_only_what_is_seen_goes_away(self) -> None:
        page, server, _ = self.notified()
        page.evaluate(
            "navigator.serviceWorker.ready.then((worker) => worker.showNotification('x', { tag: 'lobby 2\\nx' }))"
        )
        self.hear(page, server, "@李白 在吗")
        page.evaluate(TAGS, 2)
        page.evaluate("window.focused = true; dispatchEvent(new Event('focus'))")
        self.assertEqual(page.evaluate(TAGS, 1), ["lobby 2\nx"])

    @in_browser
    def test_a_tap_leads_to_the_rooms_window(self) -> None:
        page, server, worker = self.notified()
        self.hear(page, server, "@李白 在吗")
        page.evaluate(TAGS, 1)
        self.assertEqual(worker.evaluate(CLICK), [[["focus", "/"]], 0])

    @in_browser
    def test_or_to_one_that_goes_there(self) -> None:
        page, server, worker = self.notified()
        page.evaluate("""() => {
          history.pushState(null, "", "/r/别处");
          dispatchEvent(new PopStateEvent("popstate"));
        }""")
        expect(page.locator("#room")).to_have_text("别处")
        ready(page)
        server.send(type="said", room="lobby", **server.store("@李白 在吗"))
        page.evaluate(TAGS, 1)
        self.assertEqual([asked for asked, _ in worker.evaluate(CLICK)[0]], ["focus"])
        expect(page.locator("#room")).to_have_text("大厅")

    @in_browser
    def test_or_to_a_new_one_where_it_is_closed(self) -> None:
        page, server, worker = self.notified()
        self.hear(page, server, "@李白 在吗")
        page.evaluate(TAGS, 1)
        page.goto("about:blank")
        self.assertEqual(worker.evaluate(CLICK), [[["open", "/"]], 0])


class MissingTests(PageTestCase):
    @in_browser
    def test_a_browser_without_notifications_is_explained(self) -> None:
        page = self.window()
        page.add_init_script("delete window.Notification")
        page.goto(self.address())
        enter(page, "李白")
        page.click("#settings-toggle")
        expect(page.locator("#set-notifications")).to_be_disabled()
        expect(page.locator("#settings-permission")).to_contain_text("先添加到主屏幕")
