// What stands above the talk: which room it is, and what it is about.
import { byId } from './element.js';

export class Head {
  #name = byId('room');
  #topic = byId('topic');

  // `named(name)` hears what the room is called now.
  constructor(words, room, named) {
    Object.assign(this, { words, room, named });
  }

  draw() {
    const { topic = '' } = this.room.standing.rules;
    if (this.#topic.textContent !== topic) this.#topic.textContent = topic;
    const name = this.words.nameOf(this.room);
    if (this.#name.textContent === name) return;
    this.#name.textContent = name;
    this.named(name);
  }
}
