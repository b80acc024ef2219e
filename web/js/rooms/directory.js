// The rooms that everybody can find: what they are about, how many are there, and when something was said last.
import { Sheet, buttonOf } from '../keeping/sheet.js';
import { roomsBy } from '../line/listing.js';
import { pathTo } from '../state/place.js';
import { element } from '../view/element.js';
import { agoBy } from './ago.js';
import { fieldOf } from './form.js';

const PAGE = 100;
// In ms, while one types.
const PAUSE = 200;

export class Directory {
  #sheet;
  #list = element('ul', 'directory');
  #status = element('p', 'why');
  #more = element('p', 'why');
  #field = null;
  #make;
  #timer = null;
  #turn = 0;

  // `make(name)` opens what makes one.
  constructor({ words, go }, make) {
    Object.assign(this, { words, go });
    this.ago = agoBy(words.language);
    this.#sheet = new Sheet('directory', words);
    this.#status.setAttribute('role', 'status');
    this.#more.textContent = words.say('directory.more');
    this.#make = buttonOf(words.say('make.title'), () => {
      this.#sheet.close();
      make(this.#field.input.value.trim());
    }, 'quiet');
    this.#list.addEventListener('click', (event) => this.#clicked(event));
  }

  open() {
    this.#field = fieldOf(this.words.say('directory.filter'), 'directory-filter');
    Object.assign(this.#field.input, { type: 'search', enterKeyHint: 'search' });
    this.#field.input.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#look(), PAUSE);
    });
    this.#list.replaceChildren();
    this.#status.textContent = '';
    this.#more.hidden = true;
    this.#sheet.open(this.words.say('directory.title'));
    this.#sheet.show(this.#field.node, this.#status, this.#list, this.#more, this.#make);
    if (!matchMedia('(pointer: coarse)').matches) this.#field.input.focus();
    this.#look();
  }

  // Of several answers on their way the last one counts.
  async #look() {
    this.#turn += 1;
    const turn = this.#turn;
    const q = this.#field.input.value.trim();
    try {
      const { rooms, more } = await roomsBy({ ...q && { q }, limit: PAGE });
      if (turn === this.#turn) this.#put(rooms.filter(({ kind = 'public', unlisted }) => kind === 'public' && !unlisted), more, q);
    } catch {
      if (turn === this.#turn) this.#sheet.say(this.words.sentenceFor({ code: 'offline' }));
    }
  }

  #put(rooms, more, q) {
    const { words } = this;
    this.#sheet.say('');
    this.#list.replaceChildren(...rooms.map((room) => this.#item(room)));
    this.#more.hidden = !more;
    const none = words.say(q ? 'directory.none' : 'directory.empty');
    this.#status.textContent = rooms.length > 0 ? words.say('directory.found', { count: rooms.length }) : none;
  }

  #item(room) {
    const { words } = this;
    const { name, topic = '', count = 0, at, archived, locked, password } = room;
    const link = element('a', '', element('bdi', '', words.nameOf(room)));
    link.href = pathTo(name);
    link.dataset.name = name;
    const about = element('p', 'about', topic);
    about.dir = 'auto';
    const facts = [words.say('directory.here', { count })];
    if (at) facts.push(this.ago(at));
    if (archived) facts.push(words.say('directory.archived'));
    if (locked || password) facts.push(words.say('room.locked'));
    return element('li', '', link, ...topic ? [about] : [], element('p', 'why', facts.join(' · ')));
  }

  #clicked(event) {
    const { ctrlKey, metaKey, shiftKey, altKey, target } = event;
    const link = target.closest('a');
    if (!link || ctrlKey || metaKey || shiftKey || altKey) return;
    event.preventDefault();
    this.#sheet.close();
    this.go(link.dataset.name);
  }
}
