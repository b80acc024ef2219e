"""The page's files under a name that changes with what is in them, and compressed."""

import gzip
import re
import shutil
from pathlib import Path
from unittest.mock import patch

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from chatroom import server
from chatroom.edition import Edition
from tests.memory import MemoryServer
from tests.test_site import WEB, SiteCase
from tests.transports.answers import request

GZIP = b"Accept-Encoding: br, gzip;q=0.5"


class EditionTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.web = Path(self.mktemp())
        self.web.mkdir()
        self.write("index.html", '<link href="/a.css"><script src="/js/a.js"></script><a href="/">')
        self.write("a.css", "a {}")
        self.write("js/a.js", "a()")
        self.clock = Clock()
        self.edition = Edition(self.web, self.clock)
        self.edition.look()

    def write(self, name: str, text: str) -> None:
        path = self.web / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")

    def look(self) -> None:
        self.clock.advance(1)
        self.edition.look()

    def test_the_page_names_what_there_is_by_the_edition(self) -> None:
        name = self.edition.name.decode()
        self.assertRegex(name, "^~[0-9a-f]{20}$")
        self.assertEqual(
            self.edition.page.decode(),
            f'<link href="/{name}/a.css"><script src="/{name}/js/a.js"></script><a href="/">',
        )
        self.assertEqual(gzip.decompress(self.edition.page_gzip), self.edition.page)

    def test_what_is_not_there_is_left_alone(self) -> None:
        self.write("index.html", '<a href="/r/x"><img src="/none.svg"><a href="/lesson/socketio">')
        self.look()
        self.assertEqual(self.edition.page, (self.web / "index.html").read_bytes())

    def test_the_same_contents_have_the_same_name_elsewhere_and_later(self) -> None:
        copy = Path(self.mktemp())
        shutil.copytree(self.web, copy, copy_function=shutil.copyfile)
        other = Edition(copy, self.clock)
        other.look()
        self.assertEqual(other.name, self.edition.name)

    def test_a_change_changes_it_and_what_is_fetched_does_not(self) -> None:
        before = self.edition.name
        self.write("vendor/x.js", "x()")
        self.look()
        self.assertEqual(self.edition.name, before)
        self.write("js/a.js", "bb()")
        self.look()
        self.assertNotEqual(self.edition.name, before)
        changed = self.edition.name
        (self.web / "js/a.js").rename(self.web / "js/b.js")
        self.look()
        self.assertNotIn(self.edition.name, (before, changed))

    def test_it_looks_once_a_second(self) -> None:
        before = self.edition.name
        self.write("a.css", "b {}")
        self.clock.advance(0.9)
        self.edition.look()
        self.assertEqual(self.edition.name, before)
        self.clock.advance(0.1)
        self.edition.look()
        self.assertNotEqual(self.edition.name, before)

    def test_what_an_editor_leaves_there_is_no_part_of_it(self) -> None:
        before = self.edition.name
        for name in ("js/.a.js.swp", "js/a.js~", ".idea/workspace.xml"):
            self.write(name, "half")
        self.look()
        self.assertEqual(self.edition.name, before)

    def test_a_file_that_goes_while_it_looks_leaves_it_as_it_was(self) -> None:
        before = self.edition.name
        self.write("a.css", "changed {}")
        (self.web / "index.html").unlink()
        self.look()
        self.assertEqual(self.edition.name, before)
        self.write("index.html", "<p>")
        self.look()
        self.assertEqual(self.edition.page, b"<p>")


class ServingTests(SiteCase):
    def name(self) -> str:
        found = re.search(rb'"/(~[0-9a-f]{20})/js/main.js"', self.get("/").body)
        assert found
        return found[1].decode()

    def test_what_has_its_name_is_kept_for_ever(self) -> None:
        answer = self.get(f"/{self.name()}/js/main.js")
        self.assertEqual(answer.body, (WEB / "js/main.js").read_bytes())
        self.assertEqual(answer.header("cache-control"), "public, max-age=31536000, immutable")
        self.assertEqual(answer.header("content-type"), "text/javascript; charset=utf-8")
        self.assertEqual(self.get("/").header("cache-control"), "private, no-cache")
        self.assertEqual(self.get("/js/main.js").header("cache-control"), "no-cache")

    def test_what_is_no_document_has_no_headers_of_one(self) -> None:
        name = self.name()
        for path in (f"/{name}/js/main.js", f"/{name}/style.css", f"/{name}/locales/zh.json"):
            answer = self.get(path)
            self.assertEqual(answer.header("x-content-type-options"), "nosniff", path)
            self.assertIsNone(answer.header("content-security-policy"), path)
        for path in (f"/{name}/favicon.svg", "/sw.js", "/js/main.js"):
            self.assertIsNotNone(self.get(path).header("content-security-policy"), path)

    def test_by_a_former_name_there_is_what_is_here_now_and_nobody_keeps_it(self) -> None:
        for path in ("js/main.js", "emoji.json"):
            answer = self.get(f"/~0123456789abcdef0123/{path}")
            self.assertEqual(answer.body, (WEB / path).read_bytes())
            self.assertEqual(answer.header("cache-control"), "no-store", path)

    def test_what_is_no_file_of_the_page_is_not_here(self) -> None:
        name = self.name()
        for path in ("/~/js/main.js", "/~", f"/{name}", f"/{name}/", f"/{name}/index.html"):
            self.assertEqual(self.get(path).status, 404, path)
        for path in ("js", "js/", "js/none.js", "lesson/socketio", "lesson/socketio.html"):
            answer = self.get(f"/{name}/{path}")
            self.assertEqual(answer.status, 404, path)
            self.assertNotIn("immutable", answer.header("cache-control") or "", path)

    def test_what_has_changed_since_is_not_kept_under_the_old_name(self) -> None:
        web = Path(self.mktemp())
        shutil.copytree(WEB, web, ignore=shutil.ignore_patterns("vendor"))
        with patch.object(server, "page_folder", lambda: web):
            self.server = MemoryServer(self)
        name = self.name()
        (web / "js/main.js").write_text("changed()", "utf-8")
        answer = self.get(f"/{name}/js/main.js")
        self.assertEqual(answer.body, b"changed()")
        self.assertEqual(answer.header("cache-control"), "no-store")
        self.server.clock.advance(1)
        answer = self.get(f"/{self.name()}/js/main.js")
        self.assertEqual(answer.body, b"changed()")
        self.assertIn("immutable", answer.header("cache-control") or "")

    def test_all_that_the_page_names_is_there(self) -> None:
        found = re.findall(rb'(?:href|src)="(/~[^"]+)"', self.get("/").body)
        self.assertGreater(len(found), 5)
        for path in found:
            self.assertEqual(self.get(path).status, 200, path)

    def test_texts_go_out_compressed_to_who_takes_it(self) -> None:
        for path, file in (
            ("/", None),
            ("/style.css", "style.css"),
            ("/locales/zh.json", "locales/zh.json"),
        ):
            plain, packed = self.get(path), self.get(path, GZIP)
            self.assertEqual(packed.header("content-encoding"), "gzip", path)
            self.assertEqual(packed.header("vary"), "Accept-Encoding")
            self.assertEqual(plain.header("vary"), "Accept-Encoding")
            self.assertEqual(gzip.decompress(packed.body), plain.body)
            self.assertEqual(packed.header("etag"), plain.header("etag"))
            self.assertEqual(packed.header("content-type"), plain.header("content-type"))
            if file is not None:
                self.assertEqual(plain.body, (WEB / file).read_bytes())
            head = self.ask(request(path, GZIP, method=b"HEAD"), bodies=False)
            self.assertEqual(head.header("content-length"), str(len(packed.body)))
            known = self.get(path, GZIP, b"If-None-Match: " + packed.header("etag").encode())
            self.assertEqual((known.status, known.body), (304, b""))

    def test_not_to_who_does_not_nor_a_range_nor_what_is_small(self) -> None:
        for lines in (
            (b"Accept-Encoding: br",),
            (b"Accept-Encoding: gzip;q=0",),
            (GZIP, b"Range: bytes=0-9"),
        ):
            answer = self.get("/style.css", *lines)
            self.assertIsNone(answer.header("content-encoding"), lines)
        self.assertIsNone(self.get("/favicon.svg", GZIP).header("content-encoding"))

    def test_a_file_that_has_changed_is_compressed_anew(self) -> None:
        web = Path(self.mktemp())
        web.mkdir()
        (web / "index.html").write_text("<p>", "utf-8")
        self.server = MemoryServer(self, web=web)
        for text in ("a" * 2000, "b" * 3000):
            (web / "x.css").write_text(text, "utf-8")
            self.assertEqual(gzip.decompress(self.get("/x.css", GZIP).body).decode(), text)
