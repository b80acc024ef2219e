"""What the browser keeps of a room beyond the page: IndexedDB."""

from playwright.sync_api import Page

UNTIL = """async ([name, wanted]) => {
  const rows = () => new Promise((resolve) => {
    const asked = indexedDB.open("chatroom");
    asked.onsuccess = () => {
      const all = asked.result.transaction(name).objectStore(name).getAll();
      all.onsuccess = () => { asked.result.close(); resolve(all.result); };
    };
  });
  const texts = (row) => (row.messages ?? [row]).map(({ text }) => text);
  let found = [];
  for (let turn = 0; turn < 250; turn += 1) {
    found = (await rows()).flatMap(texts);
    if (found.sort().join() === wanted.sort().join()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${name}: ${JSON.stringify(found)}`);
}"""


def kept(page: Page, name: str, texts: list[str]) -> None:
    """Waits until these are what the browser keeps, in whatever order."""
    page.evaluate(UNTIL, [name, texts])
