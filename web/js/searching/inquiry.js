// What is looked for, and what was found so far, the newest first. The newest question alone counts: an older answer that
// comes later is dropped.
import { changed } from '../state/message.js';

// In ms: until one has stopped typing, and for an answer.
const PAUSE = 250;
const PATIENCE = 15_000;
// Pages that are asked for at once while nothing is found; each may have ended early.
const DEEP = 5;

export class Inquiry {
  asked = null;    // { q, room }
  found = [];
  error = null;    // the `error` event, or { code: 'offline' }
  isAsking = false;
  isStale = false; // whether what was found answers what was asked before
  #next = null;
  #turn = 0;
  #timer = null;
  #abort = null;
  #isCut = false;

  // `find(asked, signal)` gives a page, or fails with Refused.
  constructor(find, tell) {
    Object.assign(this, { find, tell });
  }

  get hasMore() {
    return this.#next !== null && !this.isStale;
  }

  // Whether the answer is here.
  get isDone() {
    return this.asked !== null && !this.isStale && !this.isAsking && this.error === null;
  }

  // Asks when one has stopped typing; `q` must not be blank.
  seek(asked, pause = PAUSE) {
    const isSame = this.asked !== null && asked.q === this.asked.q && asked.room === this.asked.room;
    if (isSame && (pause > 0 || (this.#timer === null && this.error === null))) return;
    this.#stop();
    Object.assign(this, { asked, error: null, isStale: true });
    this.#timer = setTimeout(() => this.#ask(), pause);
    this.tell();
  }

  // Nothing is looked for any more.
  clear() {
    this.#stop();
    this.#next = null;
    Object.assign(this, { asked: null, found: [], error: null, isStale: false });
    this.tell();
  }

  // What is not answered yet is not waited for.
  pause() {
    this.#isCut ||= this.isAsking || this.#timer !== null;
    this.#stop();
  }

  resume() {
    if (this.#isCut || this.error) this.again();
    this.#isCut = false;
  }

  // After what could not be answered.
  again() {
    if (this.isStale) this.#ask();
    else this.more();
  }

  more() {
    if (this.hasMore && !this.isAsking) this.#ask(this.#next);
  }

  // What was found is edited or deleted.
  became(room, event) {
    const at = this.found.findIndex((message) => message.room === room && message.seq === event.of);
    if (at < 0 || !['edited', 'deleted'].includes(event.type)) return;
    const message = { ...this.found[at], ...changed({ ...this.found[at], asOf: 0 }, event), match: [] };
    this.found = this.found.map((each, index) => (index === at ? message : each));
    this.tell();
  }

  async #ask(cursor) {
    this.#stop();
    const turn = this.#turn;
    const abort = this.#abort = new AbortController();
    const late = setTimeout(() => abort.abort(), PATIENCE);
    Object.assign(this, { isAsking: true, error: null });
    this.tell();
    try {
      const page = await this.#page(cursor, abort.signal);
      if (turn !== this.#turn) return;
      this.found = this.isStale ? page.messages : [...this.found, ...page.messages];
      this.isStale = false;
      this.#next = page.next;
    } catch ({ error }) {
      if (turn !== this.#turn) return;
      this.#refused(error, cursor);
    } finally {
      clearTimeout(late);
    }
    this.isAsking = false;
    this.tell();
  }

  async #page(cursor, signal) {
    let page = { messages: [], next: cursor };
    for (let turn = 0; turn < DEEP && page.messages.length === 0 && page.next !== null; turn += 1) {
      page = await this.find({ ...this.asked, cursor: page.next }, signal);
    }
    return page;
  }

  #refused(error, cursor) {
    this.error = error;
    if (error.code === 'too_fast') this.#timer = setTimeout(() => this.#ask(cursor), (error.retry_after ?? 1) * 1_000);
    // What is here answers something else.
    else if (this.isStale) this.found = [];
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#turn += 1;
    this.#abort?.abort();
    this.isAsking = false;
  }
}
