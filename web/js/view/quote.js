// The line that a message answers, above it; a tap leads there, as far as it is in memory.
import { element } from './element.js';

const LONGEST = 80;

export class Quote {
  node = element('button', 'quoted');
  #drawn = null;

  // `go(message)` leads there.
  constructor(words, go) {
    this.words = words;
    this.node.type = 'button';
    this.node.addEventListener('click', () => go(this.#drawn));
  }

  // What was quoted may be changed, or deleted, and then its words are gone from here, too.
  draw(quoted) {
    if (quoted === this.#drawn) return;
    this.#drawn = quoted;
    this.node.disabled = !quoted;
    if (!quoted) {
      this.node.textContent = this.words.say('message.older');
      return;
    }
    const line = [...quoted.text.replace(/\s+/g, ' ')].slice(0, LONGEST).join('');
    const text = quoted.deleted ? this.words.say('message.deleted') : line;
    this.node.replaceChildren(element('bdi', 'who', quoted.nick), ' ', element('bdi', '', text));
  }
}
