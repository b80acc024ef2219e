"""What axe-core finds in a page: nothing."""

from importlib.util import find_spec
from pathlib import Path

from playwright.sync_api import Page

from tests.web.browser import PageTestCase

AXE = Path(find_spec("axe_playwright_python").origin).parent / "axe.min.js"


class AxeTestCase(PageTestCase):
    """Of windows that were opened with `bypass_csp`: axe is a script in a page that allows none."""

    def assertClean(self, page: Page, where: str) -> None:
        page.add_script_tag(path=AXE)
        # Colours are measured as they are, not half way through their arrival.
        page.wait_for_function("() => document.getAnimations().length === 0")
        # Of the rules that hold one example each, not all that they hold for.
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        broken = [
            (rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found["violations"]
        ]
        self.assertEqual(broken, [], where)
        self.assertGreater(len(found["passes"]), 10)
