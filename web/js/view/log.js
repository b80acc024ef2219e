// What stands in the log: one node for each entry, kept in their order.

export class Log {
  #items = new Map();

  // `itemOf(entry)` makes what has the entry's `node` and draws it: a message, a note, the divider.
  constructor(list, itemOf) {
    this.list = list;
    this.itemOf = itemOf;
  }

  draw(entries) {
    const now = Date.now();
    this.#removeAllBut(entries);
    let next = this.list.firstElementChild;
    let above = null;    // the entry before
    let earlier = null;  // the message before, whatever stands between
    let before = null;   // when what stands before began
    for (const entry of entries) {
      const item = this.#item(entry);
      item.draw({ above, earlier, before, now });
      if (item.node === next) next = next.nextElementSibling;
      else this.list.insertBefore(item.node, next);
      above = entry;
      before = entry.at ?? before;
      if (!entry.kind) earlier = entry;
    }
  }

  nodeOf(entry) {
    return this.#items.get(entry)?.node;
  }

  // Everything anew, as after a change of whom the reader is.
  clear() {
    for (const { node } of this.#items.values()) node.remove();
    this.#items.clear();
  }

  #item(entry) {
    if (!this.#items.has(entry)) this.#items.set(entry, this.itemOf(entry));
    return this.#items.get(entry);
  }

  #removeAllBut(entries) {
    const staying = new Set(entries);
    for (const [entry, { node }] of this.#items) {
      if (staying.has(entry)) continue;
      // Whoever stands on it goes on from the log.
      if (node.contains(document.activeElement)) this.list.parentElement.focus({ preventScroll: true });
      node.remove();
      this.#items.delete(entry);
    }
  }
}
