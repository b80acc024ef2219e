// Notices that a line is dead: a network takes minutes to report it; an answer that does not come is known in seconds.

// In ms, for an answer.
const PATIENCE = 10_000;
// For whoever has said something and sees that it does not arrive.
const IMPATIENCE = 4_000;

export class Pulse {
  #heard = 0;
  #deadline = null;  // for the answer to a question

  // `ask` asks the server whether it is there.
  constructor(ask) {
    this.ask = ask;
  }

  heard() {
    this.#heard = Date.now();
    this.#deadline = null;
  }

  // Date.now, because performance.now may stand still while a laptop sleeps.
  get silence() {
    return Date.now() - this.#heard;
  }

  get isGone() {
    return this.#deadline !== null && Date.now() > this.#deadline;
  }

  // Asks after `longest` ms of silence, and sooner while a command, sent at `askedAt`, has no answer.
  listen(longest, askedAt) {
    if (Math.min(this.silence, Date.now() - askedAt) > IMPATIENCE) this.question(IMPATIENCE);
    else if (this.silence > longest) this.question();
  }

  question(patience = PATIENCE) {
    if (this.#deadline === null) this.ask();
    this.#deadline = Math.min(this.#deadline ?? Infinity, Date.now() + patience);
  }
}
