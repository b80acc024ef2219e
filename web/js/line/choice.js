// Which way is to carry the chat: the one that the reader chose, or a WebSocket and, where it cannot be had, held requests.
import { rememberWay, rememberedWay } from '../store/memory.js';
import { AskingWay } from './ways/asking.js';
import { HeldWay } from './ways/held.js';
import { LookingWay } from './ways/looking.js';
import { Cost } from './ways/way.js';
import { WebSocketWay } from './ways/websocket.js';

const WAYS = { websocket: WebSocketWay, held: HeldWay, asking: AskingWay };
const FIRST = 'websocket';
const SECOND = 'held';
const TRIES = 2;
// For an answer to the first attempt to reach the server, in ms; less where there is another way to try.
const PATIENCE = 10_000;
const IMPATIENCE = 5_000;

export class Choice {
  wish = 'auto';
  name = FIRST;      // the way that carries the chat, or is being tried
  carried = null;    // the way that carried the chat last
  isBlocked = false; // no WebSocket could be had while requests were answered
  costs = Object.fromEntries(Object.keys(WAYS).map((name) => [name, new Cost()]));
  looks = false;     // one has no name yet, and reads along by a way of its own
  tap = null;        // who watches what travels
  #failed = 0;

  constructor(greeting) {
    this.greeting = greeting;
    const way = rememberedWay();
    if (Object.hasOwn(WAYS, way)) this.wish = this.name = way;
  }

  get patience() {
    return this.wish === 'auto' && this.name === FIRST ? IMPATIENCE : PATIENCE;
  }

  get isSecondBest() {
    return this.wish === 'auto' && this.name === SECOND && !this.looks;
  }

  // Whether a connection can be in several rooms at once.
  get carriesMany() {
    return !this.looks && this.name !== 'asking';
  }

  choose(wish) {
    rememberWay(wish);
    this.wish = wish;
    const before = this.name;
    if (wish !== 'auto') this.#take(wish);
    else if (before === FIRST && this.isBlocked) this.#take(SECOND);
    else if (before !== SECOND) this.#take(FIRST);  // otherwise it goes on until a WebSocket is open
    if (this.name !== before) this.carried = null;
  }

  // A WebSocket is wished for, and cannot be had.
  get isStuck() {
    return this.wish === FIRST && this.#failed >= TRIES;
  }

  // One name while it is tried to come back, whatever is being tried.
  get shown() {
    return this.wish === 'auto' ? this.carried ?? this.name : this.name;
  }

  // Begins a connection by the way whose turn it is. Without a name one only reads along, and that chooses nothing.
  begin() {
    this.looks = !this.greeting().nick;
    if (this.looks) return new LookingWay(this.greeting, new Cost());
    return new WAYS[this.name](this.greeting, this.costs[this.name], { tap: this.tap });
  }

  // A WebSocket on trial, while the chat is carried by what is second best: it costs the chat nothing until it carries it.
  tryFirst() {
    return new WebSocketWay(this.greeting, new Cost(), { waits: true, tap: this.tap });
  }

  goBack(way) {
    this.costs[FIRST].entering.add(way.cost.entering);
    way.cost = this.costs[FIRST];
    this.#take(FIRST);
  }

  // An attempt came to nothing, or what it opened was cut off again; one without any answer counts for all. Held requests that
  // carried the chat are tried again for as long as it takes: lookout.js looks for a WebSocket once they are back.
  failed({ silent }) {
    if (this.looks) return;
    this.#failed += silent ? TRIES : 1;
    if (this.isSecondBest && this.carried !== SECOND) this.#take(FIRST);
    else if (this.wish === 'auto' && this.name === FIRST && this.#failed >= TRIES) this.#take(SECOND);
  }

  opened() {
    if (!this.looks) this.carried = this.name;
  }

  // The way has carried the chat for a while.
  lasted() {
    if (this.looks) return;
    this.#failed = 0;
    if (this.name === FIRST) this.isBlocked = false;
  }

  #take(name) {
    this.name = name;
    this.isBlocked = false;
    this.#failed = 0;
  }
}
