// Tells the server up to where one has read, for one's other devices: not at each message, and at the latest on leaving.
// In ms
const PAUSE = 3_000;

export class Progress {
  #timer = null;
  #seq = null;

  // `tell(seq)` sends it, and returns whether it could.
  constructor(tell) {
    this.tell = tell;
    document.addEventListener('visibilitychange', () => document.hidden && this.#tell());
    addEventListener('pagehide', () => this.#tell());
  }

  read(seq) {
    this.#seq = seq;
    this.#timer ??= setTimeout(() => this.#tell(), PAUSE);
  }

  #tell() {
    clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#seq !== null && this.tell(this.#seq)) this.#seq = null;
  }
}
