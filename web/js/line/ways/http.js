// What the ways over plain requests have in common.
import { Way } from './way.js';

const LOST = { code: 1006, reason: '' };
// In ms, for an answer to what brings something; what asks may be held.
const PATIENCE = 15_000;
// Of what would be refused again.
const REFUSALS = [400, 403, 413];
// Of who is not known, and of a server that is full or away: what was asked is asked again later.
const AWAY = [401, 502, 503, 504];

// Ends a way from within.
export class Ended extends Error {
  constructor(close = LOST) {
    super(`closed: ${close.code}`);
    this.close = close;
  }
}

// A server that is full or stops says when to come again.
export function endedBy(answer) {
  const seconds = Number(answer.headers.get('Retry-After'));
  return new Ended(seconds > 0 ? { code: 1001, reason: JSON.stringify({ reconnect: seconds }) } : LOST);
}

// Something between here and the server may answer in its place, and in words of its own.
export function parsed(text, ended = new Ended()) {
  try {
    return JSON.parse(text);
  } catch {
    throw ended;
  }
}

export const isRefused = ({ status }) => REFUSALS.includes(status);

export class HttpWay extends Way {
  token = null;
  #stop = new AbortController();

  // Aborted when this is over, and all requests with it.
  get signal() {
    return this.#stop.signal;
  }

  close() {
    this.mute();
    this.stop();
  }

  stop() {
    this.#stop.abort();
  }

  // Carries out what may take several requests. When the line is lost under it, the way is over.
  async run(task) {
    try {
      await task();
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
      this.#end(error.close);
    }
  }

  #end(close) {
    if (this.signal.aborted) return;
    this.stop();
    this.onclose(close);
  }

  // Gives the answer, whatever its status.
  async request(path, options = {}) {
    if (this.signal.aborted) throw new Ended();
    const headers = this.token ? { ...options.headers, Authorization: `Bearer ${this.token}` } : options.headers;
    const timer = options.body && setTimeout(() => this.#end(LOST), PATIENCE);
    const asked = fetch(path, { cache: 'no-store', signal: this.signal, ...options, headers });
    const answer = await asked.catch(() => { throw new Ended(); }).finally(() => clearTimeout(timer));
    this.onheard();
    this.answered();
    if (options.body) {
      this.carried(options.body);
      this.sent();
    }
    return answer;
  }

  async text(answer) {
    const text = await answer.text().catch(() => { throw new Ended(); });
    this.carried(text);
    return text;
  }

  async json(answer) {
    return parsed(await this.text(answer), endedBy(answer));
  }

  // What the server says of what was asked: the answer, or its error. Something else may refuse it in the server's place.
  async told(answer) {
    if (AWAY.includes(answer.status)) throw endedBy(answer);
    const text = await this.text(answer);
    if (answer.ok) return parsed(text);
    try {
      const told = JSON.parse(text);
      if (told.type === 'error') return told;
    } catch {
      // a page of its own
    }
    return { type: 'error', code: 'unsent' };
  }

  post(path, fields) {
    return this.request(path, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(fields),
    });
  }

  // Gives who one is under this nick, or null after telling that it was refused.
  async guest(nick) {
    const answer = await this.post('/api/v1/guests', { nick });
    const guest = await this.json(answer);
    if (answer.ok) {
      this.token = guest.token;
      return guest;
    }
    if (!isRefused(answer)) throw endedBy(answer);
    this.tell({ ...guest, ref: 'hello' });
    return null;
  }
}
