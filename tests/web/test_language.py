"""Chinese and English, by the browser's language, and the same in both."""

import json
import re
from pathlib import Path

from playwright.sync_api import expect
from twisted.trial.unittest import SynchronousTestCase

from tests.web.browser import PageTestCase, in_browser

WEB = Path(__file__).parents[2] / "web"
# What comes when it is needed, with words of its own.
PARTS = ("dates", "keeping", "rooms", "saving", "searching", "settings", "wire")
# Modules of parts that have no folder.
MODULES = {"dates": {"dates", "visit"}, "settings": {"settings"}, "wire": {"carrier"}}
# Folders that bring the words of another part along.
USERS = {"keeping": {"rooms"}}


def catalogues(folder: Path) -> dict[str, dict[str, str]]:
    return {path.stem: json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")}


AT_ONCE = catalogues(WEB / "locales")
LATER = {part: catalogues(WEB / "locales" / part) for part in PARTS}
EVERY = [AT_ONCE, *LATER.values()]
CATALOGUES = {
    language: {key: said for each in EVERY for key, said in each[language].items()}
    for language in AT_ONCE
}
# Said when the server refuses, by the code it gives, so these are never written out in the page.
BY_CODE = "refused."


class LanguageTests(PageTestCase):
    @in_browser
    def test_the_page_speaks_the_readers_language(self) -> None:
        for locale, label, button in (
            ("zh-CN", "大家怎么叫你？", "发送"),
            ("zh-TW", "大家怎么叫你？", "发送"),
            ("fr-FR", "What should we call you?", "Send"),
        ):
            page = self.window(locale=locale)
            page.goto(self.address())
            expect(page.get_by_role("textbox", name=label)).to_be_focused()
            page.fill("#nick", locale)
            page.keyboard.press("Enter")
            expect(page.get_by_role("button", name=button)).to_be_visible()
            self.assertEqual(
                page.evaluate("document.documentElement.lang.slice(0, 2)"),
                "zh" if "zh" in locale else "en",
            )


class CatalogueTests(SynchronousTestCase):
    def test_both_have_the_same_keys_and_the_same_gaps_to_fill(self) -> None:
        def shape(catalogue: dict[str, str]) -> dict[str, list[str]]:
            return {
                key: sorted(re.findall(r"{(\w+)}", sentence)) for key, sentence in catalogue.items()
            }

        for each in EVERY:
            self.assertEqual(set(each), {"en", "zh"})
        self.assertEqual(len(CATALOGUES["en"]), sum(len(each["en"]) for each in EVERY))
        self.assertEqual(shape(CATALOGUES["en"]), shape(CATALOGUES["zh"]))

    def test_chinese_quotes_as_the_mainland_does(self) -> None:
        for folder in (WEB, WEB / "lesson"):
            text = (folder / "locales" / "zh.json").read_text("utf-8")
            self.assertEqual(re.findall("[「」『』]", text), [], folder)
            self.assertIn("“", text)

    def test_what_is_used_exists_and_what_exists_is_used(self) -> None:
        page = (WEB / "index.html").read_text("utf-8")
        code = "".join(path.read_text("utf-8") for path in (WEB / "js").rglob("*.js"))
        used = set(re.findall(r'data-word[-a-z]*="([^"]+)"', page)) | set(
            re.findall(r"'([a-z]+\.[a-z_]+)'", code)
        )
        used -= {name for name in used if name.endswith(".js")}
        existing = {key for key in CATALOGUES["en"] if not key.startswith(BY_CODE)}
        self.assertEqual(used, existing)

    def test_what_comes_later_is_not_needed_elsewhere(self) -> None:
        for part, later in LATER.items():
            code = "".join(
                path.read_text("utf-8")
                for path in (WEB / "js").rglob("*.js")
                if path.parent.name not in {part, *USERS.get(part, ())}
                and path.stem not in MODULES.get(part, ())
            )
            needed = set(re.findall(r"'([a-z]+\.[a-z_]+)'", code))
            self.assertEqual(needed & set(later["en"]), set(), part)

    def test_every_ending_of_a_connection_has_a_sentence(self) -> None:
        code = (WEB / "js" / "line" / "closing.js").read_text("utf-8")
        codes = set(re.findall(r"^  \d{4}: '(\w+)'", code, re.M)) | {"unsent"}
        self.assertGreater(len(codes), 3)
        self.assertLessEqual({BY_CODE + code for code in codes}, set(CATALOGUES["en"]))
