// One room's messages: those that have a number, in its order, and after them one's own that have none yet.

const PENDING = 'pending';
const SENT = 'sent';
const FAILED = 'failed';

export class Messages {
  me = null;
  epoch = null;
  last = 0;          // the newest number heard of, messages or not
  complete = false;  // whether everything between the oldest message here and `last` is here
  more = false;      // whether there is something older
  sent = [];
  unsent = [];

  get all() {
    return [...this.sent, ...this.unsent];
  }

  get oldest() {
    return this.sent[0]?.seq ?? null;
  }

  // Where to go on after a lost connection. Without the first page there is nothing to go on from.
  get position() {
    return this.complete ? { since: this.last, epoch: this.epoch } : {};
  }

  get newest() {
    return this.complete ? this.sent.at(-1) : undefined;
  }

  joined({ epoch, seq, recovered }) {
    this.epoch = epoch;
    if (recovered) return;
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
    for (const message of messages) this.#place(this.#settle(message) ?? messageFrom(message));
    this.more = more;
    this.complete = true;
  }

  compose(id, text, nick, at) {
    const message = { id, text, user: this.me, nick, at, status: PENDING, onItsWay: false };
    this.unsent.push(message);
    return message;
  }

  // One's own messages that this connection has not carried yet.
  get waiting() {
    return this.unsent.filter(({ status, onItsWay }) => status === PENDING && !onItsWay);
  }

  disconnected() {
    for (const message of this.unsent) message.onItsWay = false;
  }

  hold(id) {
    this.#change(id, { onItsWay: false });
  }

  fail(id, why) {
    return this.#change(id, { status: FAILED, why, onItsWay: false });
  }

  retry(id) {
    this.#change(id, { status: PENDING, why: null, onItsWay: false });
  }

  keepNewest(count) {
    if (this.sent.length <= count) return;
    this.sent = this.sent.slice(-count);
    this.more = true;
  }

  #change(id, change) {
    const message = this.unsent.find((unsent) => unsent.id === id);
    return message && Object.assign(message, change);
  }

  // The same object stays, so that its place on the page stays the same too.
  #settle({ id, user, seq, nick, text, at }) {
    const index = user === this.me ? this.unsent.findIndex((message) => message.id === id) : -1;
    if (index < 0) return null;
    const [message] = this.unsent.splice(index, 1);
    return Object.assign(message, { user, seq, nick, text, at, status: SENT, why: null });
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

function messageFrom({ id, seq, user, nick, text, at }) {
  return { id, seq, user, nick, text, at, status: SENT };
}
