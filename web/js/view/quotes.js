// What is quoted and stands too far back to be here: fetched once, when a line that quotes it comes into view.
import { rangesOf } from '../state/ranges.js';

// One request brings what stands so close together.
const NEAR = 50;

export class Quotes {
  #quoted = new WeakMap();  // by the line, the number of what it quotes
  #asked = new Set();       // on its way, or not to be had
  #lost = new Set();        // to be asked for when one is in the room
  #observer = new IntersectionObserver((entries) => this.#seen(entries));

  constructor(aside, archive, { isLive, changed }) {
    Object.assign(this, { aside, archive, isLive, changed });
  }

  watch(seq, line) {
    this.#quoted.set(line, seq);
    this.#observer.observe(line);
  }

  // One is in the room again.
  again() {
    const lost = [...this.#lost];
    this.#lost.clear();
    this.#ask(lost);
  }

  #seen(entries) {
    const lines = entries.filter(({ isIntersecting }) => isIntersecting).map(({ target }) => target);
    for (const line of lines) this.#observer.unobserve(line);
    this.#ask(lines.map((line) => this.#quoted.get(line)));
  }

  #ask(seqs) {
    const asked = seqs.filter((seq) => !this.#asked.has(seq) && !this.aside.get(seq));
    if (this.isLive()) for (const range of rangesOf(asked, NEAR)) this.#fetch(range);
    else for (const seq of asked) this.#lost.add(seq);
  }

  // As many as there are numbers in a range, up to its last, are all that can stand there.
  async #fetch(range) {
    for (const seq of range) this.#asked.add(seq);
    const [first, last] = [range[0], range.at(-1)];
    try {
      const [page] = await this.aside.hear([this.archive.before(last + 1, last - first + 1)]);
      const found = page.messages.filter(({ seq }) => range.includes(seq));
      this.aside.quote(found);
      for (const { seq } of found) this.#asked.delete(seq);
      this.changed();
    } catch {
      for (const seq of range) {
        this.#asked.delete(seq);
        this.#lost.add(seq);
      }
    }
  }
}
