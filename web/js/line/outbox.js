// One's own messages on their way: one after the other, each until the server has said what became of it, so that they
// arrive in their order whatever is refused between. The id stays the same, so that sending twice never makes two
// messages; and what is unsent outlives the page.
import { PENDING } from '../state/unsent.js';
import { freshId, sendable } from '../text/text.js';

// From then on one can see that a message has not arrived.
export const LATE = 3_000;
export const isLate = ({ status, at }, now) => status === PENDING && now - at >= LATE;

export class Outbox {
  blockedUntil = 0;  // after too_fast
  #open = false;
  #kept = new Set();
  #turn = 0;
  #arrivals = new Map();
  #others;
  #closing = new AbortController();

  // `database` keeps what is unsent, for all windows of the browser; `others` is the channel by which they tell each other
  // what is let go, where there is one, and `changed()` is called when another has told so.
  constructor(room, send, { database, others, changed }) {
    this.room = room;
    this.send = send;
    this.database = database;
    this.#others = others;
    others?.addEventListener('message', ({ data: id }) => {
      this.#unsent.discard(id);
      this.settled();
      changed();
    }, { signal: this.#closing.signal });
  }

  // Nothing more comes of it.
  close() {
    this.#closing.abort();
  }

  // Whether it holds this message.
  has(id) {
    return this.#unsent.messages.some((message) => message.id === id);
  }

  // When the one was sent that waits for its answer; Infinity when none does.
  get askedAt() {
    return this.#unsent.onItsWay?.sentAt ?? Infinity;
  }

  get #unsent() {
    return this.room.messages.unsent;
  }

  restore(rows) {
    this.#unsent.recompose(rows);
    for (const { id } of rows) this.#kept.add(id);
  }

  // Resolves when it is kept, where it can be, or has arrived.
  say(text, nick, replyTo) {
    const message = this.#unsent.compose(freshId(), sendable(text), nick, Date.now(), replyTo);
    const arrived = new Promise((resolve) => { this.#arrivals.set(message.id, resolve); });
    const kept = this.#keep(message);
    this.#flush();
    return Promise.race([kept, arrived]);
  }

  again({ id }) {
    this.#keep(this.#unsent.retry(id));
    this.#flush();
  }

  discard({ id }) {
    this.#unsent.discard(id);
    this.#others?.postMessage(id);
    this.settled();
  }

  opened() {
    this.#open = true;
    this.#flush();
  }

  // What was on its way may have arrived or not; the server knows by the id.
  closed() {
    this.#open = false;
    this.#unsent.disconnected();
  }

  // Something was said, and it may have been one of these.
  settled() {
    if (this.#kept.size === 0) return;
    const unsent = new Set(this.#unsent.messages.map(({ id }) => id));
    for (const id of this.#kept) if (!unsent.has(id)) this.#forget(id);
    this.#flush();
  }

  // What the server ended the connection for may be one of these: sent again by themselves they would end it again.
  giveUp() {
    for (const { id } of this.#unsent.pending) this.#keep(this.#unsent.fail(id, { code: 'unsent' }));
  }

  // Returns the message that was refused, if it is one of these.
  refused({ id, code, why, message: sentence, retry_after: seconds = 1 }) {
    if (code === 'too_fast') return this.#tooFast(id, seconds);
    const message = this.#unsent.fail(id, { code, why, message: sentence });
    if (message) this.#keep(message);
    this.#flush();
    return message;
  }

  // Nothing is wrong with the message: it waits, and so does what comes after it.
  #tooFast(id, seconds) {
    this.#unsent.hold(id);
    this.blockedUntil = Math.max(this.blockedUntil, Date.now() + seconds * 1_000);
    setTimeout(() => this.#flush(), this.blockedUntil - Date.now() + 20);
  }

  #flush() {
    if (!this.#open || Date.now() < this.blockedUntil || this.#unsent.onItsWay) return;
    const message = this.#unsent.waiting;
    if (!message) return;
    Object.assign(message, { onItsWay: true, sentAt: Date.now() });
    this.send({ type: 'say', room: this.room.name, text: message.text, id: message.id, reply_to: message.reply_to });
  }

  #keep({ id, text, nick, at, status, refusal, reply_to }) {
    this.#kept.add(id);
    this.#turn += 1;
    return this.database.keepUnsent({ id, room: this.room.name, text, nick, at, status, refusal, reply_to, turn: this.#turn });
  }

  #forget(id) {
    this.#kept.delete(id);
    this.#arrivals.get(id)?.();
    this.#arrivals.delete(id);
    this.database.forgetUnsent(id);
  }
}
