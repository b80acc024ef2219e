// What is said in the room, read page by page over the plain HTTP API.
import { Ended, HttpWay, endedBy, isRefused } from './http.js';

const MOST = 200;
export const EMPTY = { messages: [], oldest: null, newest: null, more: false, as_of: 0 };

export class ReadingWay extends HttpWay {
  room = '';
  path = '';
  after = 0;  // the newest number that is known
  first = { limit: 1 };

  constructor(greeting, cost) {
    super(greeting, cost);
    // Not before the fields of what extends this are there.
    queueMicrotask(() => this.run(() => this.live()));
  }

  // The API tells no epoch. But it is the log that one knows when the newest message of it is still the same.
  async enter() {
    const { room, epoch, newest } = this.greeting();
    const { messages, as_of: seq } = await this.page(newest ? { after: newest.seq - 1, limit: 1 } : this.first);
    this.reached();
    const recovered = newest !== undefined && messages[0]?.seq === newest.seq && messages[0].at === newest.at;
    if (recovered) {
      await this.#missed(newest.seq, { room, epoch });
      return;
    }
    this.after = seq;
    this.tell({ type: 'joined', room, seq });
  }

  // The server has answered.
  reached() {}

  async #missed(after, { room, epoch }) {
    this.after = after;
    const page = await this.page({ after, limit: MOST });
    const { newest } = page.more ? await this.page({ limit: 1 }) : page;
    this.tell({ type: 'joined', room, seq: newest ?? after, epoch, recovered: true });
    for (const message of page.messages) this.said(message);
    if (page.more) await this.ask();
  }

  // `more` may say how long the server is to hold the request.
  async ask(more = {}) {
    const page = await this.page({ after: this.after, limit: MOST, ...more });
    // The log ends before what is known of it: it is another one.
    if (page.as_of < this.after) throw new Ended();
    for (const message of page.messages) this.said(message);
    if (page.more) await this.ask(more);
  }

  said(message) {
    this.after = message.seq;
    this.tell({ ...message, type: 'said', room: this.room });
  }

  async history({ before, limit, ref }) {
    this.tell({ ...await this.page({ before, limit }), type: 'history', room: this.room, ref });
  }

  async page(asked) {
    const given = Object.entries(asked).filter(([, value]) => value !== undefined);
    const answer = await this.request(`${this.path}?${new URLSearchParams(given)}`);
    const page = await this.json(answer);
    if (answer.ok) return page;
    // A room that nobody ever was in is made with its first message.
    if (page.code === 'no_such_room') return EMPTY;
    if (isRefused(answer)) this.tell({ ...page, ref: 'join' });
    throw endedBy(answer);
  }

  goTo(room) {
    this.room = room;
    this.path = `/api/v1/rooms/${encodeURIComponent(room)}/messages`;
  }
}
