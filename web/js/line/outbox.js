// One's own messages on their way: each is sent until the server has said what became of it. The id stays the same, so
// that sending twice never makes two messages.
import { freshId, sendable } from '../text/text.js';

// From then on one can see that a message has not arrived.
export const LATE = 3_000;
export const isLate = ({ status, at }, now) => status === 'pending' && now - at >= LATE;

export class Outbox {
  blockedUntil = 0;  // after too_fast
  #open = false;

  constructor(room, send, sentenceFor) {
    this.room = room;
    this.send = send;
    this.sentenceFor = sentenceFor;
  }

  // When the one was sent that has waited longest for its answer; Infinity when none waits.
  get askedAt() {
    const onTheirWay = this.room.messages.unsent.filter(({ onItsWay }) => onItsWay);
    return Math.min(...onTheirWay.map(({ sentAt }) => sentAt));
  }

  say(text, nick) {
    this.room.messages.compose(freshId(), sendable(text), nick, Date.now());
    this.#flush();
  }

  again({ id }) {
    this.room.messages.retry(id);
    this.#flush();
  }

  opened() {
    this.#open = true;
    this.#flush();
  }

  // What was on its way may have arrived or not; the server knows by the id.
  closed() {
    this.#open = false;
    this.room.messages.disconnected();
  }

  // What the server ended the connection for may be one of these: sent again by themselves they would end it again.
  giveUp() {
    for (const { id } of this.room.messages.unsent) this.room.messages.fail(id, this.sentenceFor({ code: 'unsent' }));
  }

  // Returns the message that was refused, if it is one of these.
  refused(error) {
    if (error.code === 'too_fast') return this.#tooFast(error);
    return this.room.messages.fail(error.id, this.sentenceFor(error));
  }

  // Nothing is wrong with the message: it waits, and so does what comes after it.
  #tooFast({ id, retry_after: seconds = 1 }) {
    this.room.messages.hold(id);
    this.blockedUntil = Math.max(this.blockedUntil, Date.now() + seconds * 1_000);
    setTimeout(() => this.#flush(), this.blockedUntil - Date.now() + 20);
  }

  #flush() {
    if (!this.#open || Date.now() < this.blockedUntil) return;
    for (const message of this.room.messages.waiting) {
      Object.assign(message, { onItsWay: true, sentAt: Date.now() });
      this.send({ type: 'say', room: this.room.name, text: message.text, id: message.id });
    }
  }
}
