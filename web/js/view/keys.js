// Keys by which everything is reached, and the dialog that lists them.
import { byId, element } from './element.js';

const FIELDS = 'input, textarea, select, [contenteditable]';

export class Keys {
  #dialog = byId('keys');
  #list = byId('keys-list');
  #acts = new Map();

  constructor(words, settings) {
    this.words = words;
    this.settings = settings;
    byId('keys-close').addEventListener('click', () => this.#dialog.close());
    byId('keys-open').addEventListener('click', () => this.open());
    document.addEventListener('keydown', (event) => this.#pressed(event));
    this.add('?', words.say('keys.help'), () => this.open());
  }

  // A single key, outside of all fields.
  add(key, meaning, act) {
    this.#acts.set(key, act);
    this.tell([key], meaning);
  }

  // One that is taken care of elsewhere.
  tell(keys, meaning) {
    const names = keys.flatMap((key, index) => [...index ? [' + '] : [], element('kbd', '', key)]);
    this.#list.append(element('div', '', element('dt', '', ...names), element('dd', '', meaning)));
  }

  open() {
    this.#dialog.showModal();
  }

  #pressed(event) {
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // With Caps Lock an n is an N.
    const act = this.#acts.get(event.key) ?? (event.shiftKey ? undefined : this.#acts.get(event.key.toLowerCase()));
    // WCAG 2.1.4: who speaks to the computer must be able to switch single keys off.
    if (!act || this.settings.get('keys') === 'off') return;
    if (event.target.closest?.(FIELDS) || document.querySelector('dialog:modal')) return;
    event.preventDefault();
    act();
  }
}
