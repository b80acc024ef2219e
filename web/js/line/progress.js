// Tells the server up to where one has read, for one's other devices: not at each message, and at the latest on leaving.
// In ms
const PAUSE = 3_000;

export class Progress {
  #timer = null;
  #read = new Map();  // by room

  // `tell(room, seq)` sends it, and returns whether it could.
  constructor(tell) {
    this.tell = tell;
    document.addEventListener('visibilitychange', () => document.hidden && this.tellNow());
    addEventListener('pagehide', () => this.tellNow());
  }

  read(room, seq) {
    this.#read.set(room, seq);
    this.#timer ??= setTimeout(() => this.tellNow(), PAUSE);
  }

  tellNow() {
    clearTimeout(this.#timer);
    this.#timer = null;
    for (const [room, seq] of this.#read) if (this.tell(room, seq)) this.#read.delete(room);
  }
}
