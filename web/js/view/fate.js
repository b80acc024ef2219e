// What has become of one's own message, under it: on its way, or refused, and then what can be done.
import { element } from './element.js';
import { FAILED, PENDING } from '../state/unsent.js';

export class Fate {
  node = element('p', 'fate');
  #drawn = null;

  // `again(message)` sends it once more, `discard(message)` lets it go.
  constructor(message, words, { again, discard }) {
    Object.assign(this, { message, words, again, discard });
  }

  draw() {
    const { message: { status, refusal }, words } = this;
    // Left alone while nothing changes: whoever stands on a button here would lose it.
    if (this.#drawn === status + JSON.stringify(refusal ?? null)) return;
    this.#drawn = status + JSON.stringify(refusal ?? null);
    if (status === FAILED) this.node.replaceChildren(words.sentenceFor(refusal), ' ', ...this.#buttons());
    else this.node.textContent = status === PENDING ? words.say('message.pending') : '';
  }

  #buttons() {
    return [
      this.#button('again', this.words.say('message.again'), this.again),
      this.#button('discard', this.words.say('message.discard'), this.discard),
    ];
  }

  #button(name, label, act) {
    const button = element('button', name, label);
    button.type = 'button';
    button.addEventListener('click', () => act(this.message));
    return button;
  }
}
