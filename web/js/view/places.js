// Where one reads: at the newest, or at an old place that the address names, as /r/大厅/@12 does. What it takes to be there is
// loaded when it is first needed.
import { roomOf, seqOf, withoutPlace } from '../state/place.js';
import { byId } from './element.js';

export class Places {
  #wish = seqOf(location.pathname);
  #visit = null;

  // `parts` are those of Visit.
  constructor(parts) {
    this.parts = parts;
    this.room = parts.room;
    addEventListener('popstate', () => this.#isHere && this.#go((visit) => visit.come()));
    byId('back').addEventListener('click', () => history.back());
    byId('messages').addEventListener('click', (event) => this.#clicked(event));
  }

  get #isHere() {
    return roomOf(location.pathname) === this.room.name;
  }

  // Another room is to be shown.
  turn() {
    this.#visit?.close();
    this.#visit = null;
    this.#wish = seqOf(location.pathname);
  }

  get isAway() {
    return seqOf(location.pathname) !== null || Boolean(this.room.messages.aside?.messages);
  }

  // What is known from an earlier visit needs no connection.
  begin() {
    if (this.#wish !== null && this.room.messages.get(this.#wish)) this.come(() => {});
  }

  // The room is complete, for the first time or again. `then()` when the place is found.
  async come(then) {
    if (this.#wish !== null) await this.#go((visit) => visit.come());
    this.#wish = null;
    then();
    this.#visit?.refresh();
  }

  // From the message with the number `from`, if it has one yet; or with what else is to be known of where one came from.
  go(seq, from, more) {
    this.#go((visit) => visit.go(seq, { from, ...more }));
  }

  // To a day that one is asked for.
  toDay(at = Date.now()) {
    this.#go((visit) => visit.toDay(at));
  }

  // A line that quotes what is not here.
  quote(seq, node) {
    this.#with((visit) => visit.quotes.watch(seq, node)).catch(() => {});
  }

  // Returns whether one is at an old place.
  older() {
    return this.#visit?.older();
  }

  newer() {
    this.#visit?.newer();
  }

  // To the newest.
  leave() {
    this.#wish = null;
    this.#visit?.close();
    if (seqOf(location.pathname) !== null) history.pushState(null, '', withoutPlace(location.href));
  }

  #go(way) {
    return this.#with(way).catch(() => this.parts.lost());
  }

  async #with(act) {
    const { Visit } = await import('./visit.js');
    // A page of the talk that comes late is still of this room.
    this.#visit ??= new Visit({ ...this.parts, room: this.room.room });
    return act(this.#visit);
  }

  // A link to a message of this room leads there; all others are the browser's.
  #clicked(event) {
    const { target, ctrlKey, metaKey, shiftKey, altKey } = event;
    const day = target.closest('.day');
    if (day) this.toDay(Number(day.dataset.at));
    const link = target.closest('a');
    if (!link || ctrlKey || metaKey || shiftKey || altKey) return;
    const seq = seqOf(link.pathname);
    if (seq === null || link.origin !== location.origin || roomOf(link.pathname) !== this.room.name) return;
    event.preventDefault();
    this.go(seq, Number(link.closest('[data-seq]')?.dataset.seq) || undefined);
  }
}
