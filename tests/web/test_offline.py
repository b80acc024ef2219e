"""The page without a network, and all of it at once with one."""

import re
import shutil
from pathlib import Path
from unittest.mock import patch

from playwright.sync_api import Page, expect
from twisted.internet import reactor
from twisted.internet.threads import blockingCallFromThread
from twisted.trial.unittest import SynchronousTestCase
from twisted.web import http

from chatroom import edition, server
from chatroom.site import Page as ServedPage
from tests.serving import start
from tests.web.browser import PageTestCase, enter, in_browser, ready, say
from tests.web.kept import kept

WEB = Path(__file__).parents[2] / "web"
IMPORT = re.compile(r"^(?:import|export) .*? ?from '(\.[^']+)';|^import '(\.[^']+)';", re.M)
WHOLE = """async () => {
  await navigator.serviceWorker.ready;
  for (;;) {
    const [name] = await caches.keys();
    if (name && await (await caches.open(name)).match("/")) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}"""


LATER = re.compile(r"\bimport\('(\.[^']+)'\)")


def reached_from(module: Path) -> set[Path]:
    reached, todo = set(), [module]
    while todo:
        path = todo.pop().resolve()
        if path not in reached:
            reached.add(path)
            found = (one or other for one, other in IMPORT.findall(path.read_text("utf-8")))
            todo += [path.parent / name for name in found]
    return reached


# Fails the test by its time, should it never be so.
ONLY_ANOTHER = """async ([old]) => {
  for (;;) {
    const names = await caches.keys();
    if (names.length === 1 && names[0] !== old) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}"""


class PreloadTests(SynchronousTestCase):
    def test_the_page_names_all_modules_so_that_none_waits_for_another(self) -> None:
        page = (WEB / "index.html").read_text("utf-8")
        named = re.findall(r'<link rel="modulepreload" href="/([^"]+)">', page)
        modules = reached_from(WEB / "js" / "main.js") - {(WEB / "js" / "main.js").resolve()}
        self.assertEqual(named, sorted(str(path.relative_to(WEB)) for path in modules))

    def test_what_is_loaded_later_is_kept_for_who_is_without_a_network(self) -> None:
        modules = reached_from(WEB / "js" / "main.js")
        later: set[Path] = set()
        todo = modules
        # What comes later may have parts that come later still.
        while todo:
            later |= todo
            todo = {
                found
                for path in todo
                for name in LATER.findall(path.read_text("utf-8"))
                for found in reached_from(path.parent / name)
            } - later
        worker = (WEB / "sw.js").read_text("utf-8")
        named = re.findall(r"'(js/[^'$]+)'", worker)
        for folder, stems in re.findall(r"(KEEPING|ROOMS|SEARCHING) = \[([^\]]*)\]", worker):
            named += [f"js/{folder.lower()}/{stem}.js" for stem in re.findall(r"'(\w+)'", stems)]
        expected = sorted(path.relative_to(WEB).as_posix() for path in later - modules)
        self.assertEqual(sorted(named), expected)
        for path in re.findall(r"'([\w/]+\.\w+)'", worker):
            self.assertTrue((WEB / path).exists(), path)

    def test_nothing_of_what_comes_later_is_left_over(self) -> None:
        for part in ("keeping", "rooms", "searching"):
            reached = reached_from(WEB / "js" / part / "parts.js")
            folder = {path.resolve() for path in (WEB / "js" / part).glob("*.js")}
            self.assertEqual(folder - reached, set())


class WeightTests(PageTestCase):
    host = "chat.test"

    @in_browser
    def test_up_to_the_first_message_it_is_less_than_156_kilobytes(self) -> None:
        page = self.window()
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        taken: list[int] = []
        network.on(
            "Network.loadingFinished", lambda event: taken.append(event["encodedDataLength"])
        )
        page.goto(self.address("静夜思"))
        enter(page, "李白")
        say(page, "床前明月光")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        self.assertGreater(len(taken), 20)
        self.assertLess(sum(taken), 156_000)
        plain = sum(
            page.evaluate(
                "performance.getEntriesByType('resource').map(({ decodedBodySize: size }) => size)"
            )
        )
        self.assertGreater(plain, sum(taken))


class OfflineTests(PageTestCase):
    async def prepare(self) -> None:
        # A copy, which a test may change.
        self.web = Path(self.mktemp()).absolute()
        shutil.copytree(WEB, self.web)
        self.patch(server, "page_folder", lambda: self.web)
        self.service, self.url = await start(self)

    def stop(self) -> None:
        blockingCallFromThread(reactor, self.service.stopService)

    def talked(self) -> Page:
        page = self.window(service_workers="allow")
        page.goto(self.address("静夜思"))
        enter(page, "李白")
        say(page, "床前明月光")
        expect(page.locator("#messages li[data-seq]")).to_have_count(1)
        page.evaluate(WHOLE)
        kept(page, "rooms", ["床前明月光"])
        return page

    @in_browser
    def test_it_opens_shows_what_was_said_and_takes_what_is_to_be_said(self) -> None:
        page = self.talked()
        self.stop()
        page.reload()
        expect(page.locator("#messages .text")).to_have_text(["床前明月光"])
        say(page, "没有网也能写")
        kept(page, "unsent", ["没有网也能写"])
        page.reload()
        expect(page.locator(".pending .text")).to_have_text("没有网也能写")

    @in_browser
    def test_any_room_opens(self) -> None:
        page = self.talked()
        self.stop()
        page.goto(self.address("大厅"))
        expect(page.locator("#room")).to_have_text("大厅")
        expect(page.locator("#text")).to_be_visible()

    @in_browser
    def test_a_link_leads_to_what_was_kept(self) -> None:
        page = self.talked()
        self.stop()
        page.goto(self.address("静夜思") + "/@1")
        expect(page.locator("[aria-current] .text")).to_have_text("床前明月光")

    @in_browser
    def test_with_a_network_the_server_is_asked(self) -> None:
        page = self.talked()
        page.reload()
        ready(page)
        self.assertEqual(
            page.evaluate("performance.getEntriesByType('navigation')[0].workerStart > 0"), True
        )
        self.assertEqual(page.evaluate("caches.keys().then((names) => names.length)"), 1)

    @in_browser
    def test_in_aeroplane_mode_too_and_back_from_it(self) -> None:
        page = self.talked()
        page.context.set_offline(True)
        page.reload()
        expect(page.locator("#messages .text")).to_have_text(["床前明月光"])
        page.context.set_offline(False)
        ready(page)

    @in_browser
    def test_a_proxy_whose_server_is_away_does_not_take_its_place(self) -> None:
        def away(page: ServedPage, request: http.Request) -> bytes:
            request.setResponseCode(http.BAD_GATEWAY)
            return b"<p>502"

        page = self.talked()
        with patch.object(ServedPage, "render_GET", away):
            page.reload()
        expect(page.locator("#messages .text")).to_have_text(["床前明月光"])

    @in_browser
    def test_a_new_edition_is_used_at_once_and_the_old_one_let_go(self) -> None:
        page = self.talked()
        before = page.evaluate("caches.keys()")
        with (self.web / "style.css").open("a") as style:
            style.write("/* new */")
        # The server looks at its files once a second.
        page.wait_for_timeout(1_100)
        page.reload()
        self.assertNotIn(before[0], page.content())
        page.evaluate(ONLY_ANOTHER, before)
        self.stop()
        page.reload()
        self.assertNotIn(before[0], page.content())

    @in_browser
    def test_one_whose_files_are_already_of_another_is_not_kept(self) -> None:
        page = self.talked()
        before = page.evaluate("caches.keys()")
        with (self.web / "style.css").open("a") as style:
            style.write("/* new */")
        page.wait_for_timeout(1_100)
        # As where they change once more after the page went out.
        with patch.object(edition, "FOR_EVER", edition.NOT_AT_ALL):
            page.reload()
            ready(page)
            page.wait_for_timeout(1_000)
        self.stop()
        page.reload()
        self.assertIn(before[0], page.content())

    @in_browser
    def test_what_is_kept_has_nobodys_cookie(self) -> None:
        page = self.talked()
        names = page.evaluate(
            "caches.match('/', { ignoreVary: true }).then(({ headers }) => [...headers.keys()])"
        )
        self.assertIn("content-type", names)
        self.assertNotIn("set-cookie", names)


class PlainHttpTests(PageTestCase):
    host = "chat.test"

    @in_browser
    def test_there_is_no_worker_and_nobody_misses_it(self) -> None:
        page = self.window(service_workers="allow")
        page.goto(self.address())
        enter(page, "李白")
        self.assertEqual(
            page.evaluate("[isSecureContext, 'serviceWorker' in navigator]"), [False, False]
        )
