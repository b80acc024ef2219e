// One room's messages: those that have a number, in its order, and after them one's own that have none yet.
import { Unsent } from './unsent.js';

const SENT = 'sent';

// What is known of a message; `revision` counts what changed of it.
function messageFrom({ id, seq, user, nick, text, at }) {
  return { id, seq, user, nick, text, at, status: SENT, revision: 0 };
}

export class Messages {
  epoch = null;
  last = 0;          // the newest number heard of, messages or not
  complete = false;  // whether everything between the oldest message here and `last` is here
  more = false;      // whether there is something older
  sent = [];
  unsent = new Unsent();
  #former = [];      // shown until the first page says whether it is still true

  get me() {
    return this.unsent.me;
  }

  get all() {
    return [...this.#former, ...this.sent, ...this.unsent.messages];
  }

  get oldest() {
    return this.sent[0]?.seq ?? null;
  }

  // Where to go on after a lost connection. Without the first page there is nothing to go on from.
  get position() {
    return this.complete ? { since: this.last, epoch: this.epoch ?? undefined } : {};
  }

  get newest() {
    // A receipt may run ahead of what others said before it: only up to `last` is all here.
    return this.complete ? this.sent.findLast(({ seq }) => seq <= this.last) : undefined;
  }

  joined({ epoch = null, seq, recovered }) {
    this.epoch = epoch;
    if (recovered) return;
    if (this.sent.length > 0) this.#former = this.sent;
    this.sent = [];
    this.last = seq;
    this.complete = false;
  }

  pass(seq) {
    this.last = Math.max(this.last, seq);
  }

  // Returns the message when it is new here, null when it was known.
  said(event) {
    if (!event.again) this.pass(event.seq);
    const known = this.#settle(event);
    const message = known ?? messageFrom(event);
    // A repeated receipt may be of a message from before the first one shown; there the history will bring it.
    const tooOld = event.again && this.oldest !== null && event.seq < this.oldest;
    const placed = !tooOld && this.#place(message);
    return placed && !known ? message : null;
  }

  page({ messages, more }) {
    const former = new Map(this.#former.map((message) => [message.seq, message]));
    this.#former = [];
    let older = [];
    for (const message of messages) {
      const known = same(former.get(message.seq), message);
      // It is the same log: what one was reading above stays.
      if (known && older.length === 0) older = [...former.values()].filter(({ seq }) => seq < messages[0].seq);
      this.#place(this.#settle(message) ?? known ?? messageFrom(message));
    }
    this.sent = [...older, ...this.sent];
    if (older.length === 0) this.more = more;
    this.complete = true;
  }

  // What was known when the page was left last.
  restore({ epoch, last, messages }) {
    this.sent = messages.map(messageFrom);
    Object.assign(this, { epoch, last, more: true, complete: true });
  }

  // What is to be known when it is opened again, of the newest; null while that is not known.
  kept(count) {
    if (!this.complete) return null;
    const messages = this.sent.slice(-count)
      .map(({ id, seq, user, nick, text, at }) => ({ id, seq, user, nick, text, at }));
    return { epoch: this.epoch, last: this.last, messages };
  }

  keepNewest(count) {
    if (this.sent.length <= count) return;
    this.sent = this.sent.slice(-count);
    this.more = true;
  }

  #settle(event) {
    const message = this.unsent.settle(event);
    if (!message) return null;
    const { user, seq, nick, text, at } = event;
    return Object.assign(message, { user, seq, nick, text, at, status: SENT, refusal: null, revision: message.revision + 1 });
  }

  // Most come at the end; a repeated receipt may run ahead of its order, and a page comes before what is here.
  #place(message) {
    let index = this.sent.length;
    while (index > 0 && this.sent[index - 1].seq > message.seq) index -= 1;
    if (this.sent[index - 1]?.seq === message.seq) return false;
    this.sent.splice(index, 0, message);
    return true;
  }
}

// The message that is known already, if the server's is the same.
function same(known, { id, user, text, at }) {
  const isSame = known && known.id === id && known.user === user && known.text === text && known.at === at;
  return isSame ? known : undefined;
}
