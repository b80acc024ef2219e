// A server that is made of answers, for the ways that carry the chat.
import { Cost } from '../../../web/js/line/ways/way.js';

export const GUEST = ['guests', 201, { user: 'u', nick: '李白', token: 't' }];

const answerOf = (status, body, headers) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, ok: status < 300, headers: new Headers(headers), text: async () => text };
};

// All that follows from the answers at hand: they come without a timer, so one turn of the event loop is enough.
const settled = () => new Promise(setImmediate);

export class Answering {
  asked = [];  // [method, path, body, authorization] of each request
  told = [];   // what the way has told, in its order
  cost = new Cost();

  // `answers` are [where or method, status, body, headers?], each for one request; what has none left is held for ever.
  // Takes the place of `fetch`, and of the page that tells its end.
  constructor(answers) {
    this.answers = answers;
    globalThis.fetch = (path, options) => this.#answer(path, options);
    globalThis.addEventListener = () => {};
  }

  #answer(path, { method = 'GET', body = null, headers, signal }) {
    this.asked.push([method, path, body, headers?.Authorization ?? null]);
    const at = this.answers.findIndex(([to]) => path.includes(to) || to === method);
    if (at >= 0) return Promise.resolve(answerOf(...this.answers.splice(at, 1)[0].slice(1)));
    return new Promise((_, reject) => { signal.addEventListener('abort', () => reject(signal.reason)); });
  }

  get bodies() {
    return this.asked.map(([, , body]) => body);
  }

  async follow(way) {
    way.onopen = () => this.told.push('open');
    way.onmessage = (event) => this.told.push(event);
    way.onclose = (close) => this.told.push(close);
    await settled();
    return way;
  }

  // Answers what `act` asks, and what follows from it.
  async goOn(act, ...answers) {
    this.answers.push(...answers);
    await act();
    await settled();
  }
}
