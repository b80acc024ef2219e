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
      this.#put(byId(`cost-${name}`), this.#sentence(cost));
      byId(`now-${name}`).hidden = !live || name !== choice.name;
    }
  }

  #open() {
    const chosen = byId(`way-${this.session.choice.wish}`);
    chosen.checked = true;
    this.#dialog.showModal();
    chosen.focus();
    this.draw();
  }

  #sentence({ requests, frames, messages }) {
    if (requests === 0) return '';
    const { words } = this;
    const count = (key, number) => words.say(key, { count: this.number.format(number) });
    const parts = [count('way.requests', requests)];
    if (frames > 0) parts.push(count('way.frames', frames));
    parts.push(count('way.messages', messages));
    if (messages > 0 && frames > 0) parts.push(count('way.frames_each', frames / messages));
    else if (messages > 0) parts.push(count('way.requests_each', requests / messages));
    return parts.join(words.say('way.comma'));
  }

  #put(node, text) {
    if (node.textContent !== text) node.textContent = text;
  }
}
