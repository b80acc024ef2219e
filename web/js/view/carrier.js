// What carries the chat: a quiet button with its name, behind it a drawer with the choice, what each way has cost so far,
// and what travels. One can go on talking beside it.
import { byId } from './element.js';
import { OnDemand } from './on_demand.js';

export class Carrier {
  #drawer = byId('ways');
  #button = byId('way');
  #name = byId('way-name');
  #record;
  #isWanted = false;
  #told = null;  // the words of the drawer

  // `opened(isOpen)` makes room for it.
  constructor(words, session, opened) {
    Object.assign(this, { words, session, opened });
    this.number = new Intl.NumberFormat(words.language, { maximumFractionDigits: 1 });
    this.wire = null;  // comes with the first opening
    this.#record = new OnDemand(() => import('../wire/wire.js').then(({ Wire }) => new Wire(this.#told, session.tap)), () => {});
    this.#button.addEventListener('click', () => this.toggle());
    byId('ways-close').addEventListener('click', () => this.#close());
    this.#drawer.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') this.#close();
    });
    this.#drawer.addEventListener('change', ({ target }) => session.carryBy(target.value));
    setInterval(() => this.draw(), 1_000);
  }

  draw() {
    const { choice, inside } = this.session;
    this.#put(this.#name, this.words.say(`way.${choice.shown}`));
    if (this.#drawer.hidden) return;
    for (const [name, cost] of Object.entries(choice.costs)) {
      const inUse = inside && name === choice.name;
      this.#put(byId(`cost-${name}`), this.#sentences(cost, inUse));
      byId(`now-${name}`).hidden = !inUse;
    }
    this.wire?.draw();
  }

  toggle() {
    if (this.#isWanted) this.#close();
    else this.#open();
  }

  async #open() {
    this.#isWanted = true;
    const isReady = await this.#prepare();
    // It may have been closed meanwhile.
    if (!this.#isWanted) return;
    this.#isWanted = isReady;
    if (!isReady) return;
    const chosen = byId(`way-${this.session.choice.wish}`);
    chosen.checked = true;
    this.#drawer.hidden = false;
    this.#button.setAttribute('aria-expanded', true);
    this.opened(true);
    this.session.watch(true);
    this.#loadWire();
    chosen.focus();
    this.draw();
  }

  // Its words and how it looks come with the first opening; without a network they may not.
  async #prepare() {
    try {
      const { dress, wordsBeside } = await import('./later.js');
      const [told] = await Promise.all([this.#told ?? wordsBeside(this.words, 'wire'), dress('wire')]);
      if (!this.#told) told.fill(this.#drawer);
      this.#told = told;
      return true;
    } catch {
      this.session.tell.actRefused({ code: 'offline' });
      return false;
    }
  }

  // The choice needs none of it.
  #loadWire() {
    this.#record.with((wire) => {
      this.wire = wire;
      this.draw();
    });
  }

  #close() {
    this.giveWay();
    this.#button.focus();
  }

  // To what takes its place.
  giveWay() {
    this.#isWanted = false;
    if (this.#drawer.hidden) return;
    this.#drawer.hidden = true;
    this.#button.setAttribute('aria-expanded', false);
    this.session.watch(false);
    this.opened(false);
  }

  // In the order of who reads on: each message, then coming in, and of the one in use what goes on though nobody speaks.
  #sentences(cost, inUse) {
    const { entering, talking, messages } = cost;
    if (entering.requests === 0) return '';
    const sentences = [this.#sentence('way.entering', entering, 1)];
    if (inUse) sentences.push(this.#say('way.minute', { requests: cost.lastMinute(Date.now()) }));
    if (messages > 0) sentences.unshift(this.#each(talking, messages));
    return sentences.join('\n');
  }

  #each(talking, messages) {
    return this.#sentence(talking.frames > 0 ? 'way.each_frames' : 'way.each', talking, messages);
  }

  #sentence(key, { requests, frames, bytes }, messages) {
    return this.#say(key, {
      messages, requests: requests / messages, frames: frames / messages, bytes: Math.round(bytes / messages),
    });
  }

  #say(key, numbers) {
    return this.#told.say(key, Object.fromEntries(
      Object.entries(numbers).map(([name, number]) => [name, this.number.format(number)])));
  }

  #put(node, text) {
    if (node.textContent !== text) node.textContent = text;
  }
}
