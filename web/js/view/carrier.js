// What carries the chat: a quiet button with its name, behind it the choice, and what each way has cost so far.
import { byId } from './element.js';

export class Carrier {
  #dialog = byId('ways');
  #button = byId('way');
  #name = byId('way-name');

  constructor(words, session) {
    this.words = words;
    this.session = session;
    this.number = new Intl.NumberFormat(words.language, { maximumFractionDigits: 1 });
    this.#button.addEventListener('click', () => this.#open());
    byId('ways-close').addEventListener('click', () => this.#dialog.close());
    this.#dialog.addEventListener('change', ({ target }) => session.carryBy(target.value));
    setInterval(() => this.draw(), 1_000);
  }

  draw() {
    const { choice, live } = this.session;
    this.#put(this.#name, this.words.say(`way.${choice.shown}`));
    if (!this.#dialog.open) return;
    for (const [name, cost] of Object.entries(choice.costs)) {
      const inUse = live && name === choice.name;
      this.#put(byId(`cost-${name}`), this.#sentences(cost, inUse));
      byId(`now-${name}`).hidden = !inUse;
    }
  }

  #open() {
    const chosen = byId(`way-${this.session.choice.wish}`);
    chosen.checked = true;
    this.#dialog.showModal();
    chosen.focus();
    this.draw();
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
    return this.words.say(key, Object.fromEntries(
      Object.entries(numbers).map(([name, number]) => [name, this.number.format(number)])));
  }

  #put(node, text) {
    if (node.textContent !== text) node.textContent = text;
  }
}
