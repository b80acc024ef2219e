// While held requests carry the chat because no WebSocket could be had: looks whether one can be had now, and goes back.
const EVERY = 60_000;
const PATIENCE = 5_000;

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
    if (this.#way || !this.#isWanted) return;
    const way = this.#way = this.choice.tryFirst();
    way.onopen = () => this.#opened();
    way.onclose = () => this.#failed();
    this.#timer = setTimeout(() => this.#failed(), PATIENCE);
  }

  get #isWanted() {
    return this.choice.isSecondBest && this.line.state === 'open';
  }

  #opened() {
    const way = this.#letGo();
    if (!this.#isWanted) {
      way.close();
      return;
    }
    this.choice.goBack();
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
