// The line that a message answers, above it; a tap leads there.
import { element } from './element.js';

const LONGEST = 80;

export class Quote {
  node = element('button', 'quoted');
  #drawn = null;

  // `go()` leads there.
  constructor(words, go) {
    this.words = words;
    this.node.type = 'button';
    this.node.addEventListener('click', go);
  }

  // What was quoted may be changed, or deleted, and then its words are gone from here, too.
  draw(quoted) {
    if (quoted === this.#drawn) return;
    this.#drawn = quoted;
    if (!quoted) {
      this.node.textContent = this.words.say('message.older');
      return;
    }
    const line = [...quoted.text.replace(/\s+/g, ' ')].slice(0, LONGEST).join('');
    const text = quoted.deleted ? this.words.say('message.deleted') : line;
    this.node.replaceChildren(element('bdi', 'who', quoted.nick), ' ', element('bdi', '', text));
  }
}
