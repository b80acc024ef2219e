// What a room says where nothing is to be read.
import { byId } from './element.js';

export class Empty {
  #section = byId('empty');
  #sentence = byId('empty-sentence');
  #share = byId('empty-share');

  constructor(words) {
    this.words = words;
  }

  // `why` is the key of a sentence; null where there is something.
  draw(why, mayInvite) {
    this.#section.hidden = !why;
    this.#share.hidden = why === 'empty.away' || !mayInvite;
    const sentence = why ? this.words.say(why) : '';
    if (this.#sentence.textContent !== sentence) this.#sentence.textContent = sentence;
  }
}
