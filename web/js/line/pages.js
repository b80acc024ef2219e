// The room's history, page by page: the newest on coming in, older ones on scrolling up.
const SIZE = 50;
const PAUSE = 1_000;
const NEWEST = 'newest';

export class Pages {
  #waiting = false;

  constructor(room, send) {
    this.room = room;
    this.send = send;
  }

  newest() {
    this.#ask({ ref: NEWEST });
  }

  older() {
    const { oldest, more } = this.room.messages;
    if (this.#waiting || !more || oldest === null) return;
    this.#waiting = true;
    this.#ask({ before: oldest, ref: `older ${oldest}` });
  }

  // Returns whether the room is complete now, from its newest page on.
  take(page) {
    const { messages } = this.room;
    const newest = page.ref === NEWEST;
    if (!newest) this.#waiting = false;
    // The list may have been cut since it was asked; a page that does not reach up to it would leave a hole.
    if (newest || page.ref === `older ${messages.oldest}`) messages.page(page);
    return newest;
  }

  // Without an older page one can talk; it is asked for again at the next look.
  refused() {
    setTimeout(() => { this.#waiting = false; }, PAUSE);
  }

  lost() {
    this.#waiting = false;
  }

  #ask(where) {
    this.send({ type: 'history', room: this.room.name, limit: SIZE, ...where });
  }
}
