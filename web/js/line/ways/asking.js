// The chat over the plain HTTP API: is there anything new? is there anything new? Between two answers the server knows
// nothing of the page, and does not tell who is here or who is typing.
import { HttpWay, endedBy, isRefused } from './http.js';

const EVERY = 2_000;
const MOST = 200;

export class AskingWay extends HttpWay {
  #room;
  #path;
  #user;
  #after = 0;
  #turn = Promise.resolve();
  #receipts = new Set();
  #hurry = () => {};

  constructor(greeting, cost) {
    super(greeting, cost);
    this.run(() => this.#live());
  }

  // In their order, one after the other; what the API has no words for is left out.
  send(command) {
    const asked = this.#requests[command.type];
    if (asked) this.#turn = this.#turn.then(() => this.signal.aborted || this.run(() => asked(command)));
  }

  #requests = {
    say: async ({ text, id }) => {
      const answer = await this.post(this.#path, { text, id });
      const told = await this.json(answer);
      if (answer.ok) this.#receipt(told);
      else this.tell({ ...told, id });
    },

    history: async ({ before, limit, ref }) => {
      this.tell({ ...await this.#page({ before, limit }), type: 'history', room: this.#room, ref });
    },

    nick: async ({ nick, ref }) => {
      const answer = await this.post('/api/v1/guests', { nick });
      const told = await this.json(answer);
      if (answer.ok) this.tell({ type: 'renamed', user: this.#user, nick: told.nick });
      this.tell(answer.ok ? { type: 'done', ref } : { ...told, ref });
    },

    ping: async () => this.#hurry(),
  };

  async #live() {
    const { nick, room } = this.greeting();
    const guest = await this.guest(nick);
    if (!guest) return;
    this.#user = guest.user;
    this.#room = room;
    this.#path = `/api/v1/rooms/${encodeURIComponent(room)}/messages`;
    this.onopen();
    this.tell({ type: 'welcome', user: guest.user, nick: guest.nick });
    await this.#enter(this.greeting());
    for (;;) {
      await this.#pause();
      await this.#ask();
    }
  }

  // The API tells no epoch. But it is the log that one knows when the newest message of it is still the same.
  async #enter({ epoch, newest }) {
    const { messages, as_of: seq } = await this.#page(newest ? { after: newest.seq - 1, limit: 1 } : { limit: 1 });
    const recovered = newest !== undefined && messages[0]?.seq === newest.seq && messages[0].at === newest.at;
    this.#after = recovered ? newest.seq : seq;
    this.tell({ type: 'joined', room: this.#room, seq, ...recovered && { epoch, recovered } });
    if (recovered) await this.#ask();
  }

  #pause() {
    return new Promise((resolve) => {
      this.#hurry = resolve;
      setTimeout(resolve, EVERY);
    });
  }

  async #ask() {
    const { messages, more } = await this.#page({ after: this.#after, limit: MOST });
    for (const message of messages) this.#said(message);
    if (more) await this.#ask();
  }

  #said(message) {
    this.#after = message.seq;
    const event = { ...message, type: 'said', room: this.#room };
    if (this.#receipts.delete(message.seq)) this.onmessage(event);
    else this.tell(event);
  }

  // A receipt runs ahead of what others said before it, so it stands outside the order until its turn comes.
  #receipt(event) {
    if (event.seq > this.#after) {
      this.#receipts.add(event.seq);
      this.cost.messages += 1;
    }
    this.tell({ ...event, room: this.#room, again: true });
  }

  async #page(asked) {
    const given = Object.entries(asked).filter(([, value]) => value !== undefined);
    const answer = await this.request(`${this.#path}?${new URLSearchParams(given)}`);
    const page = await this.json(answer);
    if (answer.ok) return page;
    // A room that nobody ever was in is made with its first message.
    if (page.code === 'no_such_room') return { messages: [], oldest: null, newest: null, more: false, as_of: 0 };
    if (isRefused(answer)) this.tell({ ...page, ref: 'join' });
    throw endedBy(answer);
  }
}
