// The line to the server, which mends itself. It carries objects and knows nothing of what they mean.
import { afterClose } from './closing.js';

const SILENCE = 25_000;
const PATIENCE = 10_000;

export class Line {
  state = 'idle';  // then connecting, open, waiting (until retryAt), ended (and why)
  retryAt = 0;
  why = null;
  #socket = null;
  #attempt = 0;
  #timer = null;
  #heard = 0;
  #asked = null;

  constructor(url, { received, changed }) {
    this.url = url;
    this.received = received;
    this.changed = changed;
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
      this.#asked = null;
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
    else if (this.state === 'open') this.#ask();
  }

  // Date.now, because performance.now may stand still while a laptop sleeps.
  #listen() {
    const now = Date.now();
    if (this.state === 'connecting' && now - this.#heard > PATIENCE) this.lose();
    if (this.state !== 'open') return;
    if (this.#asked !== null && now - this.#asked > PATIENCE) this.lose();
    else if (now - this.#heard > SILENCE) this.#ask();
  }

  // A dead network takes minutes to be reported; an answer that does not come is known in seconds.
  #ask() {
    if (this.#asked !== null) return;
    this.#asked = Date.now();
    this.send({ type: 'ping' });
  }

  // close() on a dead network waits for an answer that will never come, so nobody listens to it any more.
  #letGo() {
    clearTimeout(this.#timer);
    this.#asked = null;
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
