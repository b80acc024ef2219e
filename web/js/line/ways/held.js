// The chat over requests that the server holds until there is news: Socket.IO 5 on Engine.IO 4, by long polling only
// (docs/protocol.md, "Socket.IO"). By hand, because these few lines are all that it takes, and each request can be counted.
import { Ended, HttpWay, endedBy, parsed } from './http.js';

const SEPARATOR = '\x1e';
const SPARE = 5_000;
// In ms, for the server's record.
const PATIENCE = 5_000;
// A packet has at most 64 KiB, and a request a million bytes.
const MOST = 15;

export class HeldWay extends HttpWay {
  handshake = null;
  #sid = null;
  #outgoing = [];
  #posting = false;
  #joined = false;
  #left = false;

  constructor(greeting, cost) {
    super(greeting, cost);
    this.run(() => this.#live());
  }

  send(command) {
    this.asks(command);
    this.#put(`42${JSON.stringify([command.type, command])}`);
  }

  close() {
    this.mute();
    this.#leave().finally(() => this.stop());
  }

  // Told so, the server lets one go at once, and answers the request that it holds.
  async #leave() {
    if (!this.#sid || this.signal.aborted) return;
    this.#left = true;
    await this.request(this.#path, { method: 'POST', body: '1', keepalive: true }).catch(() => {});
  }

  // The server's own record of this session's requests, or null. It is no part of the chat and costs it nothing.
  async record() {
    if (!this.#sid || this.signal.aborted) return null;
    const headers = { Authorization: `Bearer ${this.token}` };
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(`/api/v1/wire?sid=${this.#sid}`, { headers, signal, cache: 'no-store' }).catch(() => null);
    return answer?.ok ? answer.json().catch(() => null) : null;
  }

  get #path() {
    return `/socket.io/?EIO=4&transport=polling${this.#sid ? `&sid=${this.#sid}` : ''}`;
  }

  // The nick beforehand: with CONNECT one would be in the room before it could be refused.
  async #live() {
    const guest = await this.guest(this.greeting().nick);
    if (!guest) return;
    const [opening] = await this.#poll();
    const { sid, pingInterval } = parsed(opening.slice(1));
    this.#sid = sid;
    this.silence = pingInterval + SPARE;
    addEventListener('pagehide', () => this.#leave(), { signal: this.signal });
    const { room, since, epoch } = this.greeting();
    this.#put(`40${JSON.stringify({ token: this.token, room, since, epoch })}`);
    this.send({ type: 'unread' });
    while (!this.#left) for (const packet of await this.#poll()) this.#take(packet);
    throw new Ended();
  }

  async #poll() {
    const answer = await this.request(this.#path);
    if (!answer.ok) throw endedBy(answer);
    return (await this.text(answer)).split(SEPARATOR);
  }

  #put(packet) {
    this.#outgoing.push(packet);
    if (!this.#posting) this.run(() => this.#post());
  }

  // What gathers while one request is on its way goes with the next.
  async #post() {
    this.#posting = true;
    while (this.#outgoing.length > 0) {
      const body = this.#outgoing.splice(0, MOST).join(SEPARATOR);
      const answer = await this.request(this.#path, { method: 'POST', body });
      if (!answer.ok) throw endedBy(answer);
      await this.text(answer);
    }
    this.#posting = false;
  }

  // Engine.IO: 2 ping, 3 pong, 4 message, 6 nothing. Socket.IO within a message: 0 connected, 2 event, 4 refused.
  #take(packet) {
    if (packet === '2') this.#put('3');
    else if (packet.startsWith('42')) this.#happened(...parsed(packet.slice(2)));
    else if (packet.startsWith('44')) this.tell({ ...parsed(packet.slice(2)).data, ref: 'join' });
    else if (packet !== '6' && !packet.startsWith('40')) throw new Ended();
  }

  #happened(name, value, fields) {
    if (name === 'chat message') this.tell({ ...fields, text: value });
    else if (name === 'closing') throw new Ended(closeOf(value));
    else this.#tellOf(value);
  }

  // Before one is in the room nothing was asked but to come in.
  #tellOf(told) {
    if (told.type === 'welcome') this.onopen();
    if (told.type === 'joined') this.#joined = true;
    this.tell(told.type === 'error' && !this.#joined ? { ...told, ref: 'join' } : told);
  }
}

const closeOf = ({ code, reason, reconnect }) => (
  { code, reason: reconnect === undefined ? reason : JSON.stringify({ reconnect }) });
