// The rooms that one is in, the one that is shown last: those that one has looked at lately.
import { marked } from './hearing.js';
import { Stay } from './stay.js';

// The server lets a connection be in 20.
const MOST = 15;

export class Stays {
  all = [];
  greeted = null;  // the one that the line entered by itself when it was opened
  #numbers = new Map();
  #next = 0;

  // `send(command)` sends, `leave(stay)` leaves one for good; `parts` are what a Stay takes.
  constructor({ send, leave, parts }) {
    Object.assign(this, { send, leave, parts });
  }

  get shown() {
    return this.all.at(-1);
  }

  of(name) {
    return this.all.find(({ room }) => room.name === name);
  }

  numbered(number) {
    return this.all.find((stay) => this.#numbers.get(stay) === number);
  }

  get others() {
    return this.all.slice(0, -1);
  }

  // A room that is known here, from now on; the shown one stays what it is.
  add(room) {
    const number = this.#next;
    this.#next += 1;
    const stay = new Stay(room, (command) => this.send(marked(command, number)), this.parts);
    this.#numbers.set(stay, number);
    this.all.unshift(stay);
    return stay;
  }

  show(stay) {
    if (stay !== this.shown) this.shown.rest();
    this.all = [...this.all.filter((each) => each !== stay), stay];
    while (this.all.length > MOST && this.#spare) this.drop(this.#spare);
  }

  drop(stay) {
    this.leave(stay);
    stay.outbox.close();
    this.#numbers.delete(stay);
    this.all = this.all.filter((each) => each !== stay);
  }

  // The one that was looked at longest ago, with nothing on its way there.
  get #spare() {
    return this.others.find(({ room }) => room.messages.unsent.messages.length === 0);
  }
}
