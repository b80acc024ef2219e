// Who is here: a column on a wide page, a sheet that slides in on a narrow one.
import { byId, element, faceOf } from './element.js';

export class Crowd {
  #panel = byId('people');
  #list = byId('members');
  #toggle = byId('people-toggle');
  #drawn = '';
  #wide = matchMedia('(min-width: 900px)');
  #isTaken = false;

  // `looks()` tells whether one only reads along, `opens()` that the list wants its place; a name leads to what can be done with
  // the `person`, once one is somebody oneself.
  constructor(words, room, { rename, looks, opens, person }) {
    this.words = words;
    this.room = room;
    this.collator = new Intl.Collator(words.language);
    this.rename = rename;
    this.looks = looks;
    this.opens = opens;
    this.person = person;
    this.#toggle.addEventListener('click', () => this.toggle());
    document.addEventListener('keydown', (event) => {
      const isOver = !this.#wide.matches && !this.#panel.hidden && !document.querySelector('dialog:modal');
      if (event.key === 'Escape' && !event.isComposing && !event.defaultPrevented && isOver) this.#open(false);
    });
    byId('log').addEventListener('click', () => this.#wide.matches || this.#open(false));
    this.#wide.addEventListener('change', () => this.#open(this.#wide.matches && !this.#isTaken));
    this.#open(this.#wide.matches);
  }

  // Another room is shown: on a narrow page the list would lie over it.
  turn() {
    if (!this.#wide.matches) this.#open(false);
  }

  get people() {
    return this.room.people;
  }

  toggle() {
    const opens = this.#panel.hidden;
    if (opens) this.opens();
    this.#open(opens);
  }

  // For what takes the place of the list.
  makeRoom(isTaken) {
    this.#isTaken = isTaken;
    this.#open(!isTaken && this.#wide.matches);
  }

  draw() {
    const { count, nicks } = this.people;
    this.#toggle.dataset.count = count || '';
    byId('count').textContent = count > 0 && !this.looks() ? this.words.say('people.count', { count }) : this.words.say('people.who');
    this.#drawList(this.people.inOrder(this.collator));
    byId('members-more').textContent = this.#others(count, count - nicks.size);
  }

  #others(count, others) {
    if (this.looks()) return this.words.say('people.outside');
    if (count === null) return this.words.say('people.untold');
    return others > 0 ? this.words.say('people.more', { count: others }) : '';
  }

  // Left alone while nobody comes or goes: whoever stands on a button here would lose it.
  #drawList(people) {
    const state = JSON.stringify([people, this.looks()]);
    if (state === this.#drawn) return;
    this.#drawn = state;
    const held = document.activeElement?.id;
    const within = this.#list.contains(document.activeElement);
    const { scrollTop } = this.#panel;
    this.#list.replaceChildren(...people.map((person) => this.#person(person)));
    if (within) byId(held)?.focus({ preventScroll: true });
    this.#panel.scrollTop = scrollTop;
  }

  #person({ user, nick }) {
    const name = [faceOf({ user, nick }), element('bdi', 'nick', nick)];
    const isMe = user === this.people.me;
    const item = element('li', 'member', ...(isMe || this.looks() ? name : [this.#button({ user, nick }, name)]));
    item.title = nick;
    if (isMe) item.append(this.#own());
    return item;
  }

  #button({ user, nick }, name) {
    const button = element('button', 'person', ...name);
    button.type = 'button';
    button.id = `person-${user}`;
    button.addEventListener('click', () => this.person({ user, nick }));
    return button;
  }

  #own() {
    const button = element('button', 'quiet', this.words.say('nick.change'));
    button.type = 'button';
    button.id = 'rename';
    button.addEventListener('click', () => {
      this.#open(this.#wide.matches);
      this.rename();
    });
    return button;
  }

  #open(open) {
    if (!open && this.#panel.contains(document.activeElement)) this.#toggle.focus();
    this.#panel.hidden = !open;
    this.#toggle.setAttribute('aria-expanded', open);
  }

}
