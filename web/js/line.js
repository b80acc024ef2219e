// The line to the server, which mends itself. It carries objects and knows nothing of what they mean.
import { afterClose } from './closing.js';

const SILENCE = 25_000;
const PATIENCE = 10_000;
// For whoever has said something and sees that it does not arrive.
const IMPATIENCE = 4_000;

export class Line {
  state = 'idle';  // then connecting, open, waiting (until retryAt), ended (and why)
  retryAt = 0;
  why = null;
  #socket = null;
  #attempt = 0;
  #timer = null;
  #heard = 0;
  #deadline = null;  // for the answer to a ping

  // `askedAt` gives the time of the oldest command that still has no answer, or Infinity.
  constructor(url, { received, changed, askedAt = () => Infinity }) {
    this.url = url;
    this.received = received;
    this.changed = changed;
    this.askedAt = askedAt;
    setInterval(() => this.#listen(), 1_000);
    addEventListener('online', () => this.hurry());
    document.addEventListener('visibilitychange', () => document.hidden || this.hurry());
  }

  open() {
    this.#letGo();
    this.why = null;
    this.#heard = Date.now();
    const socket = this.#socket = new WebSocket(this.url);
    socket.onopen = () => this.#become('open');
    socket.onclose = (event) => this.#ended(event);
    socket.onmessage = ({ data }) => {
      this.#heard = Date.now();
      this.#deadline = null;
      this.received(JSON.parse(data));
    };
    this.#become('connecting');
  }

  send(command) {
    this.#socket.send(JSON.stringify(command));
  }

  // All is well again: the next loss is a first one.
  settled() {
    this.#attempt = 0;
  }

  // Come back later, as if the connection had been lost.
  lose() {
    this.#letGo();
    this.#ended({ code: 1006, reason: '' });
  }

  end(why) {
    this.#letGo();
    this.why = why;
    this.#become('ended');
  }

  // The network is back, or the reader is: no reason to wait any longer, every reason to look whether it still works.
  hurry() {
    if (this.state === 'waiting') this.open();
    else if (this.state === 'open') this.#ask(PATIENCE);
  }

  // Date.now, because performance.now may stand still while a laptop sleeps.
  #listen() {
    const now = Date.now();
    const silence = now - this.#heard;
    if (this.state === 'connecting' && silence > PATIENCE) this.lose();
    if (this.state !== 'open') return;
    if (this.#deadline !== null && now > this.#deadline) this.lose();
    else if (Math.min(silence, now - this.askedAt()) > IMPATIENCE) this.#ask(IMPATIENCE);
    else if (silence > SILENCE) this.#ask(PATIENCE);
  }

  // A dead network takes minutes to be reported; an answer that does not come is known in seconds.
  #ask(patience) {
    if (this.#deadline === null) this.send({ type: 'ping' });
    this.#deadline = Math.min(this.#deadline ?? Infinity, Date.now() + patience);
  }

  // close() on a dead network waits for an answer that will never come, so nobody listens to it any more.
  #letGo() {
    clearTimeout(this.#timer);
    this.#deadline = null;
    if (!this.#socket) return;
    this.#socket.onopen = this.#socket.onclose = this.#socket.onmessage = null;
    this.#socket.close();
    this.#socket = null;
  }

  #ended(close) {
    const { why, wait } = afterClose(close, this.#attempt);
    if (why) return this.end(why);
    this.#attempt += 1;
    this.retryAt = Date.now() + wait * 1_000;
    this.#timer = setTimeout(() => this.open(), wait * 1_000);
    return this.#become('waiting');
  }

  #become(state) {
    this.state = state;
    this.changed();
  }
}
