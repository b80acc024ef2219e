// The quiet line over the composer: who is typing.
import { byId } from './element.js';

const NAMED = 3;

export class Whisper {
  #line = byId('typing');

  constructor(words, room) {
    this.words = words;
    this.room = room;
    this.list = new Intl.ListFormat(words.language);
    setInterval(() => this.draw(), 500);
  }

  draw() {
    const names = this.room.typing.names(Date.now());
    this.#line.textContent = names.length === 0 ? '' : this.#sentence(names);
  }

  #sentence(names) {
    if (names.length > NAMED) return this.words.say('typing.many');
    return this.words.say('typing.some', { names: this.list.format(names) });
  }
}
