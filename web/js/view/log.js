// The list of messages: one node for each, kept in their order.
import { Slip } from './slip.js';

export class Log {
  #slips = new Map();

  constructor(list, slipOf) {
    this.list = list;
    this.slipOf = slipOf;
  }

  draw(messages) {
    const now = Date.now();
    this.#removeAllBut(new Set(messages));
    let next = this.list.firstElementChild;
    let previous = null;
    for (const message of messages) {
      const { node } = this.#slip(message, previous, now);
      if (node === next) next = next.nextElementSibling;
      else this.list.insertBefore(node, next);
      previous = message;
    }
  }

  #slip(message, previous, now) {
    if (!this.#slips.has(message)) this.#slips.set(message, new Slip(message, this.slipOf(message)));
    const slip = this.#slips.get(message);
    slip.draw(previous, now);
    return slip;
  }

  #removeAllBut(messages) {
    for (const [message, { node }] of this.#slips) {
      if (messages.has(message)) continue;
      node.remove();
      this.#slips.delete(message);
    }
  }
}
