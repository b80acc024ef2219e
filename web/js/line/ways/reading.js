// What happens in the room, read page by page over the plain HTTP API.
import { isAddress } from '../../state/place.js';
import { Ended, HttpWay, endedBy, isRefused } from './http.js';

export const EMPTY = { messages: [], events: [], more: false, as_of: 0, seq: 0 };

export const apiOf = (room) => `/api/v1/rooms/${encodeURIComponent(room)}`;

export class ReadingWay extends HttpWay {
  room = '';
  path = '';
  since = 0;  // the newest number that is known
  first = { limit: 1 };
  #epoch;

  constructor(greeting, cost) {
    super(greeting, cost);
    // Not before the fields of what extends this are there.
    queueMicrotask(() => this.run(() => this.live()));
  }

  async enter() {
    const { since, epoch } = this.greeting();
    const page = await this.get('events', since ? { since, epoch } : this.first);
    this.reached();
    const recovered = since > 0 && page.recovered === true;
    this.since = recovered ? since : page.seq;
    this.#epoch = page.epoch;
    // As the server writes it.
    this.room = page.room ?? this.room;
    this.tell({ type: 'joined', room: this.room, epoch: page.epoch, seq: page.seq, recovered });
    if (recovered) await this.#take(page);
  }

  // The server has answered.
  reached() {}

  // `more` may say how long the server is to hold the request.
  async ask(more = {}) {
    const page = await this.get('events', { since: this.since, epoch: this.#epoch, ...more });
    // It is another log, or one is too far behind: that is found out on coming in.
    if (page.recovered === false || page.seq < this.since) throw new Ended();
    this.#epoch ??= page.epoch;
    await this.#take(page, more);
  }

  async #take(page, more) {
    for (const event of page.events) this.happened(event);
    if (page.more) await this.ask(more);
  }

  happened(event) {
    this.since = event.seq;
    this.tell(event);
  }

  async history({ before, limit, ref }) {
    this.tell({ ...await this.get('messages', { before, limit }), type: 'history', room: this.room, ref });
  }

  async get(what, asked) {
    const given = Object.entries(asked).filter(([, value]) => value !== undefined);
    const answer = await this.request(`${this.path}/${what}?${new URLSearchParams(given)}`);
    const page = await this.json(answer);
    if (answer.ok) return page;
    // A room that nobody ever was in is made with its first message.
    if (page.code === 'no_such_room' && !isAddress(this.room)) return EMPTY;
    if (isRefused(answer) || page.code === 'no_such_room') this.tell({ ...page, ref: 'join' });
    throw endedBy(answer);
  }

  goTo(room) {
    this.room = room;
    this.path = apiOf(room);
  }
}
