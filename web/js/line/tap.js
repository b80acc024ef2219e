// What travels, while somebody watches: of a WebSocket each frame, as the server tells it (docs/protocol.md, "The wire made
// visible"); of held requests the server's record; of all others what the browser itself has measured. Nothing is made here.
const EVERY = 1_000;
const MOST = 200;
// A request that was counted as seen when the record was read last.
const mark = ({ at, line, waited }) => `${at} ${waited} ${line}`;
const isAsking = ({ name }) => {
  const { pathname } = new URL(name);
  return pathname.startsWith('/api/v1/') && pathname !== '/api/v1/wire';
};

export class Tap {
  isOpen = false;
  records = [];   // { kind: 'frame', 'request' or 'entry', …, at }, the newest last
  revision = 0;
  #seen = new Set();
  #timer = null;
  #observer = null;
  #asked = null;  // the way whose record is on its way

  // `way()` gives what carries the chat now, `changed()` is called when there is something new.
  constructor(way, changed) {
    this.way = way;
    this.changed = changed;
  }

  open() {
    this.isOpen = true;
    this.#timer = setInterval(() => this.#ask(), EVERY);
    this.#observer = new PerformanceObserver((list) => this.#measured(list.getEntries()));
    this.#observer.observe({ type: 'resource', buffered: true });
    this.#ask();
  }

  close() {
    this.isOpen = false;
    clearInterval(this.#timer);
    this.#observer?.disconnect();
    this.#seen.clear();
    this.clear();
  }

  clear() {
    this.records = [];
    this.#changed();
  }

  // That of the way in use: null while the server has not told it yet, undefined where there is none.
  get handshake() {
    const way = this.way();
    return way ? way.handshake : null;
  }

  // Only a connection that was opened for it is described.
  get wantsAnother() {
    return this.way()?.isTapped === !this.isOpen;
  }

  frame(event) {
    if (this.isOpen) this.#add({ ...event, kind: 'frame' });
  }

  // One at a time: an answer that comes after a later one would tell of the same once more.
  async #ask() {
    const way = this.way();
    if (way === this.#asked) return;
    this.#asked = way;
    const told = await way?.record?.();
    if (this.#asked === way) this.#asked = null;
    if (!told || !this.isOpen || way !== this.way()) return;
    way.handshake ??= told.handshake;
    for (const request of told.requests) {
      if (this.#seen.has(mark(request))) continue;
      this.#seen.add(mark(request));
      this.#add({ ...request, kind: 'request' });
    }
    // The record has the last few only.
    this.#seen = new Set(told.requests.map(mark));
    this.#changed();
  }

  #measured(entries) {
    if (this.way()?.record || this.way()?.isTapped) return;
    for (const entry of entries.filter(isAsking)) {
      const { name, duration, encodedBodySize, responseStatus, startTime } = entry;
      const at = performance.timeOrigin + startTime;
      this.#add({ kind: 'entry', name, duration, encodedBodySize, responseStatus, at });
    }
  }

  #add(record) {
    this.records.push(record);
    if (this.records.length > MOST) this.records.shift();
    this.#changed();
  }

  #changed() {
    this.revision += 1;
    this.changed();
  }
}
