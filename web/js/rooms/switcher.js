// Going to a room by some letters of its name: one's own first, then those of the directory, then one that is made by it.
import { roomsBy } from '../line/listing.js';
import { callsIn } from '../state/rooms.js';
import { rank } from '../text/complete.js';
import { element } from '../view/element.js';
import { compositionIn } from '../view/enter.js';

const OFFERED = 12;
// In ms, while one types.
const PAUSE = 150;

export class Switcher {
  #dialog;
  #field = element('input', '');
  #list = element('div', 'found');
  #status = element('p', 'unseen');
  #options = [];   // { room } or { name } to be made
  #public = [];
  #pointed = 0;
  #timer = null;
  #turn = 0;
  #keys = {
    ArrowDown: () => this.#point(this.#pointed + 1),
    ArrowUp: () => this.#point(this.#pointed - 1),
    Enter: () => this.#take(this.#options[this.#pointed]),
  };

  // `make(name)` opens what makes one.
  constructor({ words, rooms, go }, make) {
    Object.assign(this, { words, rooms, go, make });
    const label = words.say('switcher.label');
    Object.assign(this.#field, { id: 'switcher-field', type: 'text', dir: 'auto', autocomplete: 'off', spellcheck: false, placeholder: label });
    this.#list.id = 'switcher-list';
    for (const [name, value] of Object.entries({
      role: 'combobox', 'aria-label': label, 'aria-autocomplete': 'list', 'aria-expanded': true, 'aria-controls': this.#list.id,
    })) this.#field.setAttribute(name, value);
    this.#list.setAttribute('role', 'listbox');
    this.#list.setAttribute('aria-label', words.say('rooms.label'));
    this.#status.setAttribute('role', 'status');
    this.#dialog = element('dialog', 'dialog switcher', this.#field, this.#list, this.#status);
    this.#dialog.id = 'switcher';
    this.#dialog.setAttribute('aria-label', label);
    this.#listen();
    document.body.append(this.#dialog);
  }

  #listen() {
    const isComposing = compositionIn(this.#field);
    this.#field.addEventListener('keydown', (event) => {
      if (!(event.key in this.#keys) || isComposing(event)) return;
      event.preventDefault();
      this.#keys[event.key]();
    });
    this.#field.addEventListener('input', () => this.#typed());
    this.#list.addEventListener('mousedown', (event) => event.preventDefault());
    this.#list.addEventListener('click', ({ target }) => {
      const option = target.closest('[role="option"]');
      if (option) this.#take(this.#options[[...this.#list.children].indexOf(option)]);
    });
    this.#dialog.addEventListener('click', ({ target }) => target === this.#dialog && this.#dialog.close());
  }

  toggle() {
    if (this.#dialog.open) {
      this.#dialog.close();
      return;
    }
    this.#field.value = '';
    this.#public = [];
    this.#dialog.showModal();
    this.#field.focus();
    this.#put();
    this.#look();
  }

  #typed() {
    this.#put();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), PAUSE);
  }

  // Without an answer there are still one's own.
  async #look() {
    this.#turn += 1;
    const turn = this.#turn;
    const q = this.#field.value.trim();
    const told = await roomsBy({ ...q && { q }, limit: OFFERED * 2 }).catch(() => null);
    if (!told || turn !== this.#turn || !this.#dialog.open) return;
    this.#public = told.rooms;
    this.#put();
  }

  #put() {
    const { rooms, words } = this;
    const typed = this.#field.value.normalize('NFC').trim();
    const own = rooms.inOrder.filter(({ name }) => name !== rooms.shown);
    const known = new Set(rooms.inOrder.map(({ name }) => name));
    const all = [...own, ...this.#public.filter(({ name }) => !known.has(name))];
    const found = typed ? fitting(all, typed, (room) => words.nameOf(room)) : unreadFirst(all);
    const isThere = [...rooms.inOrder, ...this.#public].some((room) => words.nameOf(room) === typed || room.name === typed);
    const options = found.slice(0, OFFERED).map((room) => ({ room }));
    if (typed && !isThere) options.push({ name: typed });
    this.#draw(options);
  }

  #draw(options) {
    const held = JSON.stringify(this.#options[this.#pointed]);
    this.#options = options;
    this.#list.replaceChildren(...options.map((option, index) => this.#option(option, index)));
    this.#status.textContent = this.words.say('switcher.found', { count: options.length });
    this.#point(Math.max(0, options.findIndex((option) => JSON.stringify(option) === held)));
  }

  #option({ room, name }, index) {
    const { words } = this;
    const facts = [];
    if (room?.unread > 0) facts.push(words.say(callsIn(room) ? 'rooms.calls' : 'rooms.unread', { unread: room.unread, calls: callsIn(room) }));
    if (room?.topic) facts.push(room.topic);
    const label = room ? words.nameOf(room) : words.say('switcher.make', { name });
    const option = element('div', '', element('bdi', '', label), element('span', 'why', facts.join(' · ')));
    option.id = `switcher-${index}`;
    option.setAttribute('role', 'option');
    return option;
  }

  // Round and round.
  #point(place) {
    const { children } = this.#list;
    this.#pointed = children.length > 0 ? (place + children.length) % children.length : 0;
    for (const [index, option] of [...children].entries()) option.setAttribute('aria-selected', index === this.#pointed);
    const option = children[this.#pointed];
    if (option) this.#field.setAttribute('aria-activedescendant', option.id);
    else this.#field.removeAttribute('aria-activedescendant');
    option?.scrollIntoView({ block: 'nearest' });
  }

  #take(option) {
    if (!option) return;
    this.#dialog.close();
    if (option.room) this.go(option.room.name);
    else this.make(option.name);
  }
}

const unreadFirst = (rooms) => [...rooms.filter(({ unread }) => unread > 0), ...rooms.filter(({ unread = 0 }) => unread === 0)];

function fitting(rooms, typed, nameOf) {
  return rooms.map((room) => ({ room, rank: rank(nameOf(room), typed) }))
    .filter((each) => each.rank < Infinity)
    .sort((one, other) => one.rank - other.rank)
    .map(({ room }) => room);
}
