// While held requests carry the chat because no WebSocket could be had: looks whether one can be had now, and goes back to
// it once it has answered and is still open a moment later. Where a WebSocket is wished for and cannot be had: looks whether
// the server answers requests, for then it is the WebSocket that is kept from it.
const EVERY = 60_000;
const PATIENCE = 5_000;
const TRIAL = 3_000;

export class Lookout {
  #way = null;
  #timer = null;

  constructor(choice, line) {
    this.choice = choice;
    this.line = line;
    setInterval(() => this.look(), EVERY);
    addEventListener('online', () => this.look());
    document.addEventListener('visibilitychange', () => document.hidden || this.look());
  }

  look() {
    if (this.choice.isStuck) this.#ask();
    if (this.#way || !this.#isWanted) return;
    const way = this.#way = this.choice.tryFirst();
    way.onopen = () => way.send({ type: 'ping' });
    way.onmessage = ({ type }) => type === 'pong' && this.#answered();
    way.onclose = () => this.#failed();
    this.#timer = setTimeout(() => this.#failed(), PATIENCE);
  }

  async #ask() {
    const { ok } = await fetch('/favicon.svg', { method: 'HEAD', cache: 'no-store' }).catch(() => ({ ok: false }));
    if (this.choice.isStuck) this.choice.isBlocked = ok;
  }

  get #isWanted() {
    return this.choice.isSecondBest && this.line.state === 'open';
  }

  #answered() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#goBack(), TRIAL);
  }

  #goBack() {
    const way = this.#letGo();
    if (!this.#isWanted) {
      way.close();
      return;
    }
    this.choice.goBack(way);
    this.line.changeTo(way);
  }

  #failed() {
    this.#letGo().close();
    if (this.#isWanted) this.choice.isBlocked = true;
  }

  #letGo() {
    clearTimeout(this.#timer);
    const way = this.#way;
    this.#way = null;
    return way;
  }
}
