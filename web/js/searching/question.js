// What one looks for: words and filters in a field, and whether in this room or in all of them.
import { lengthOf, sendable } from '../text/text.js';
import { element } from '../view/element.js';
import { compositionIn, onEnter } from '../view/enter.js';
import { insert } from '../view/insert.js';
import { FILTERS, missingIn, namesRoom } from './filters.js';

const LONGEST = 200;
const HERE = 'here';
const ALL = 'all';

export class Question {
  field = element('input', '');
  #words;
  #room;
  #scope;
  #filters;

  // `asked()` when it is another one, `entered()` on Enter, and `down()` on the key that leads to what was found.
  constructor(words, room, { asked, entered, down }) {
    this.#words = words;
    this.#room = room;
    const { field } = this;
    Object.assign(field, {
      id: 'searching-field', type: 'search', dir: 'auto', autocomplete: 'off', spellcheck: false, maxLength: LONGEST,
      enterKeyHint: 'search', placeholder: words.say('search.field'),
    });
    field.setAttribute('aria-label', words.say('search.field'));
    field.setAttribute('aria-describedby', 'searching-status');
    this.isComposing = compositionIn(field);
    // What is being composed is nothing to look for yet.
    field.addEventListener('input', ({ isComposing }) => isComposing || asked());
    field.addEventListener('compositionend', asked);
    field.addEventListener('keydown', (event) => {
      if (event.key !== 'ArrowDown' || this.isComposing(event)) return;
      event.preventDefault();
      down();
    });
    onEnter(field, entered);
    this.#scope = this.#choice();
    this.#scope.addEventListener('change', asked);
    this.#filters = element('div', 'filters', ...FILTERS.map((filter) => this.#filter(filter)));
    this.#filters.setAttribute('role', 'group');
    this.#filters.setAttribute('aria-label', words.say('search.filters'));
  }

  get nodes() {
    return [this.#scope, this.#filters];
  }

  get text() {
    return this.field.value;
  }

  get isAll() {
    return this.#scope.querySelector(':checked').value === ALL;
  }

  set isAll(isAll) {
    this.#scope.querySelector(`[value="${isAll ? ALL : HERE}"]`).checked = true;
  }

  // { q, room } as the server wants it, without a room for all of them; null where there is nothing to look for yet.
  get asked() {
    const q = sendable(this.text).trim();
    if (q === '' || lengthOf(q) > LONGEST || missingIn(q)) return null;
    return { q, room: this.isAll || namesRoom(q) ? undefined : this.#room.name };
  }

  // The sentence on what to type next, or ''.
  get missing() {
    const key = missingIn(this.text);
    return key ? this.#words.say(key) : '';
  }

  // The filters explain themselves while nothing is typed.
  draw(isEmpty) {
    this.#filters.classList.toggle('explained', isEmpty);
  }

  #choice() {
    const label = (value, word) => {
      const button = element('input', '');
      Object.assign(button, { type: 'radio', name: 'searching-scope', value, checked: value === HERE });
      return element('label', '', button, this.#words.say(word));
    };
    const legend = element('legend', 'unseen', this.#words.say('search.scope'));
    return element('fieldset', 'scope', legend, label(HERE, 'search.here'), label(ALL, 'search.all'));
  }

  #filter(filter) {
    const button = element('button', '', element('code', '', filter.text), ' ', element('span', '', this.#words.say(filter.meaning)));
    button.type = 'button';
    // The focus stays in the field, and with it a phone's keyboard.
    button.addEventListener('mousedown', (event) => event.preventDefault());
    button.addEventListener('click', () => this.#add(filter));
    return button;
  }

  // To the end of what stands there; quotes around what is selected, and open for what is typed next.
  #add({ text, missing }) {
    const { field } = this;
    const isQuotes = text === '""';
    const chosen = isQuotes ? field.value.slice(field.selectionStart, field.selectionEnd).trim() : '';
    if (chosen === '') field.setSelectionRange(field.value.length, field.value.length);
    const gap = chosen === '' && /\S$/.test(field.value) ? ' ' : '';
    if (text === 'in:') this.isAll = true;
    insert(field, gap + (isQuotes ? `"${chosen}"` : text) + (missing || isQuotes ? '' : ' '));
    if (isQuotes) field.setSelectionRange(field.selectionEnd - 1, field.selectionEnd - 1);
  }
}
