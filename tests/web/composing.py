"""What browsers send when a key confirms a candidate of an input method, as each of the page's guards alone must stop it."""

from playwright.sync_api import Page

ORDERS = ("unseen_start", "chrome", "firefox", "safari", "same_turn")
COMPOSE = """([selector, order, key, usual]) => {
  const field = document.querySelector(selector);
  const composition = (type) => field.dispatchEvent(new CompositionEvent(type, { bubbles: true, data: "你好" }));
  const press = (keyCode, isComposing) => field.dispatchEvent(new KeyboardEvent("keydown",
    { key, keyCode, isComposing, bubbles: true, cancelable: true }));
  const [start, end] = ["compositionstart", "compositionend"];
  ({
    chrome() { composition(start); press(229, true); composition(end); },
    firefox() { composition(start); press(usual, true); composition(end); },
    safari() { composition(start); composition(end); press(229, false); },
    same_turn() { composition(start); composition(end); press(usual, false); },
    unseen_start() { press(usual, true); },
  })[order]();
}"""
CODES = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowUp": 38, "ArrowDown": 40}
# The turn in which a composition ended is over.
NEXT_TURN = "() => new Promise((over) => setTimeout(over))"


def compose(page: Page, field: str, order: str, key: str = "Enter") -> None:
    page.evaluate(COMPOSE, [field, order, key, CODES[key]])
    page.evaluate(NEXT_TURN)
