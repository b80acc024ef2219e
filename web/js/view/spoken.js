// What a screen reader says of the room. Apart from the list, whose older pages and redrawn nodes are not news.
import { byId, element } from './element.js';

const TOGETHER = 1_000;
const MOST = 3;
const KEPT = 6;

export class Spoken {
  #region = byId('spoken');
  #waiting = [];

  constructor(words) {
    this.words = words;
  }

  heard({ nick, text }) {
    this.happened(`${nick}: ${text}`);
  }

  happened(sentence) {
    this.#waiting.push(sentence);
    if (this.#waiting.length === 1) setTimeout(() => this.#speak(), TOGETHER);
  }

  say(sentence) {
    this.#region.append(element('p', '', sentence));
    while (this.#region.childElementCount > KEPT) this.#region.firstElementChild.remove();
  }

  // In a lively room nobody can listen to everything.
  #speak() {
    const sentences = this.#waiting.splice(0);
    if (sentences.length > MOST) this.say(this.words.say('log.new', { count: sentences.length }));
    else for (const sentence of sentences) this.say(sentence);
  }
}
