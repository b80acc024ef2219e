// One room's messages: those that have a number, in its order, and after them one's own that have none yet.
import { changed, keptOf, messageFrom } from './message.js';
import { Unsent } from './unsent.js';

export class Messages {
  epoch = null;
  last = 0;          // the newest number heard of, messages or not
  complete = false;  // whether everything between the oldest message here and `last` is here
  more = false;      // whether there is something older
  changes = 0;       // how often one of those that are here was changed
  sent = [];
  unsent = new Unsent();
  aside = null;      // what is known of the talk beside these, once there is something
  #former = [];      // shown until the first page says whether it is still true

  get me() {
    return this.unsent.me;
  }

  get all() {
    return [...this.#former, ...this.sent, ...this.unsent.messages];
  }

  // By halves: they are in the order of their numbers.
  get(seq) {
    let [low, high] = [0, this.sent.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sent[middle].seq < seq) low = middle + 1;
      else high = middle;
    }
    return this.sent[low]?.seq === seq ? this.sent[low] : this.aside?.get(seq);
  }

  get oldest() {
    return this.sent[0]?.seq ?? null;
  }

  // Where to go on after a lost connection. Without the first page there is nothing to go on from.
  get position() {
    return this.complete ? { since: this.last, epoch: this.epoch ?? undefined } : {};
  }

  joined({ epoch = null, seq, oldest = 1, recovered }) {
    this.epoch = epoch;
    // The room keeps no longer what is below.
    this.sent = this.sent.filter((message) => message.seq >= oldest);
    if (recovered) return;
    if (this.sent.length > 0) this.#former = this.sent;
    this.sent = [];
    this.last = seq;
    this.complete = false;
    this.aside?.forget();
  }

  // What one may not know any more. One's own that were not sent stay.
  forget() {
    this.sent = this.#former = [];
    this.complete = this.more = false;
    this.aside?.close();
    this.aside?.forget();
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

  // What became of a message that is here; one that is not comes as it is then.
  became(event) {
    if (!event.again) this.pass(event.seq);
    this.aside?.became(event);
    this.found?.became(event);
    const index = this.sent.findLastIndex(({ seq }) => seq === event.of);
    const message = index < 0 ? null : changed(this.sent[index], event);
    if (!message) return;
    this.sent[index] = message;
    this.changes += 1;
  }

  page({ messages, more, as_of: asOf }) {
    const former = new Map(this.#former.map((message) => [message.seq, message]));
    this.#former = [];
    let older = [];
    for (const message of messages) {
      const known = same(former.get(message.seq), message);
      // It is the same log: what one was reading above stays.
      if (known && older.length === 0) older = [...former.values()].filter(({ seq }) => seq < messages[0].seq);
      this.#place(this.#settle(message) ?? known ?? messageFrom(message, asOf));
    }
    this.sent = [...older, ...this.sent];
    if (older.length === 0) this.more = more;
    this.complete = true;
  }

  // What stands before these, without a hole between.
  precede(messages, more) {
    const { oldest } = this;
    this.sent = [...messages.filter(({ seq }) => seq < oldest), ...this.sent];
    this.more = more;
  }

  // What was known when the page was left last.
  restore({ epoch, last, messages }) {
    this.sent = messages.map((message) => messageFrom(message, last));
    Object.assign(this, { epoch, last, more: true, complete: true });
  }

  // What is to be known when it is opened again, of the newest; null while that is not known.
  kept(count) {
    if (!this.complete) return null;
    const messages = this.sent.slice(-count).map(keptOf);
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
    return Object.assign(message, messageFrom(event), { refusal: null, revision: message.revision + 1 });
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
export function same(known, message) {
  const isSame = known && JSON.stringify(keptOf(known)) === JSON.stringify(keptOf(message));
  return isSame ? known : undefined;
}
