// The chat over the plain HTTP API: is there anything new? is there anything new? Between two answers the server knows
// nothing of the page, and does not tell who is here or who is typing.
import { ReadingWay, apiOf } from './reading.js';

const EVERY = 2_000;

export class AskingWay extends ReadingWay {
  #user;
  #turn = Promise.resolve();
  #receipts = new Set();
  #hurry = () => {};
  #membership = {};

  // In their order, one after the other; what the API has no words for is left out.
  send(command) {
    const asked = this.#requests[command.type];
    if (asked) this.#turn = this.#turn.then(() => this.signal.aborted || this.run(() => this.#carryOut(asked, command)));
  }

  #carryOut(asked, command) {
    this.asks(command);
    return asked(command);
  }

  #requests = {
    // One may say something in a room that is not followed.
    say: async ({ room, text, id, reply_to }) => {
      const answer = await this.post(`${apiOf(room)}/messages`, { text, id, reply_to });
      const told = await this.told(answer);
      if (answer.ok) this.#receipt(told);
      else this.tell({ ...told, id });
    },

    history: (command) => this.history(command),

    edit: ({ seq, text, ref }) => this.#act(`/${seq}`, 'PATCH', ref, { text }),

    delete: ({ seq, ref }) => this.#act(`/${seq}`, 'DELETE', ref),

    react: ({ seq, emoji, ref }) => this.#act(`/${seq}/reactions/${encodeURIComponent(emoji)}`, 'PUT', ref),

    unreact: ({ seq, emoji, ref }) => this.#act(`/${seq}/reactions/${encodeURIComponent(emoji)}`, 'DELETE', ref),

    nick: async ({ nick, ref }) => {
      const answer = await this.post('/api/v1/guests', { nick });
      const told = await this.told(answer);
      if (answer.ok) this.tell({ type: 'renamed', user: this.#user, nick: told.nick });
      this.tell(answer.ok ? { type: 'done', ref } : { ...told, ref });
    },

    // It can wait: where it fails, the next one says more.
    read: async ({ room, seq }) => {
      await this.request(`${apiOf(room)}/read`, { method: 'PUT', body: JSON.stringify({ seq }), keepalive: true });
    },

    ping: async () => this.#hurry(),
  };

  // One's own event is the answer, and runs ahead of what others said before it, as a receipt does.
  async #act(path, method, ref, fields = {}) {
    const answer = await this.request(`${this.path}/messages${path}`, { method, body: JSON.stringify(fields) });
    if (answer.status === 204) return;
    const told = await this.told(answer);
    this.tell({ ...told, ...answer.ok ? { again: true } : { ref } });
  }

  async live() {
    const { nick, room } = this.greeting();
    const guest = await this.guest(nick);
    if (!guest) return;
    this.#user = guest.user;
    this.goTo(room);
    this.onopen();
    this.tell({ type: 'welcome', user: guest.user, nick: guest.nick });
    await this.#unread();
    if (!await this.#admitted()) return;
    await this.enter();
    for (;;) {
      await this.#pause();
      await this.ask();
    }
  }

  // What one is in the room. Who may not be in it is told why.
  async #admitted() {
    const answer = await this.request(`${this.path}/membership`);
    const told = await this.told(answer);
    if (answer.ok) this.#membership = told;
    const isKeptOut = answer.status === 403;
    if (isKeptOut) this.tell({ ...told, ref: 'join' });
    return !isKeptOut;
  }

  tell(event) {
    super.tell(event.type === 'joined' ? { ...event, ...this.#membership } : event);
  }

  async #unread() {
    const answer = await this.request('/api/v1/unread');
    const told = await this.told(answer);
    if (answer.ok) this.tell(told);
  }

  #pause() {
    return new Promise((resolve) => {
      this.#hurry = resolve;
      setTimeout(resolve, EVERY);
    });
  }

  happened(event) {
    this.since = event.seq;
    if (this.#receipts.delete(event.seq)) this.onmessage(event);
    else this.tell(event);
  }

  // A receipt runs ahead of what others said before it, so it stands outside the order until its turn comes.
  #receipt(event) {
    if (event.room === this.room && event.seq > this.since) {
      this.#receipts.add(event.seq);
      this.cost.messages += 1;
    }
    this.tell({ ...event, again: true });
  }
}
