// One's own messages that have no number yet, in the order in which they were said.

export const PENDING = 'pending';
export const FAILED = 'failed';

export class Unsent {
  messages = [];
  me = null;

  compose(id, text, nick, at, replyTo) {
    const message = { id, text, user: this.me, nick, at, reply_to: replyTo, status: PENDING, onItsWay: false, revision: 0 };
    this.messages.push(message);
    return message;
  }

  // From an earlier visit.
  recompose(rows) {
    for (const { id, text, nick, at, status, refusal, reply_to: replyTo } of rows) {
      Object.assign(this.compose(id, text, nick, at, replyTo), { status, refusal });
    }
  }

  iAm(user) {
    this.me = user;
    for (const message of this.messages) message.user = user;
  }

  get pending() {
    return this.messages.filter(({ status }) => status === PENDING);
  }

  get onItsWay() {
    return this.messages.find(({ onItsWay }) => onItsWay);
  }

  // The first that this connection has not carried yet.
  get waiting() {
    return this.pending.find(({ onItsWay }) => !onItsWay);
  }

  disconnected() {
    for (const message of this.messages) message.onItsWay = false;
  }

  hold(id) {
    return this.#change(id, { onItsWay: false });
  }

  // `refusal` has the code and perhaps the server's own sentence.
  fail(id, refusal) {
    return this.#change(id, { status: FAILED, refusal, onItsWay: false });
  }

  retry(id) {
    return this.#change(id, { status: PENDING, refusal: null, onItsWay: false });
  }

  discard(id) {
    this.messages = this.messages.filter((message) => message.id !== id);
  }

  // Takes out the one that has been said, if it is one of these. The same object stays, so that its place on the page stays
  // the same too.
  settle({ id, user }) {
    const index = user === this.me ? this.messages.findIndex((message) => message.id === id) : -1;
    return index < 0 ? null : this.messages.splice(index, 1)[0];
  }

  #change(id, change) {
    const message = this.messages.find((unsent) => unsent.id === id);
    return message && Object.assign(message, change, { revision: message.revision + 1 });
  }
}
