// Who belongs to a private room: added by name, and removed.
import { ROLES } from '../keeping/deeds.js';
import { mayAct } from '../keeping/rights.js';
import { Sheet, buttonOf } from '../keeping/sheet.js';
import { completionsOf } from '../text/complete.js';
import { element, faceOf } from '../view/element.js';
import { fieldOf } from './form.js';

const OFFERED = 6;

export class Members {
  #sheet;
  #list = element('ul', 'kept');
  #found = element('ul', 'kept');
  #members = [];
  #role = 'guest';
  #field = null;

  // `people()` gives those whose names are known here, by user.
  constructor({ words, room, people }, asking) {
    Object.assign(this, { words, room, people, asking });
    this.#sheet = new Sheet('room-members', words);
  }

  async open() {
    const { words, room } = this;
    this.#sheet.open(words.say('members.title'));
    const { keeps } = room.standing;
    this.#field = fieldOf(words.say('members.add'), 'members-name', { hint: words.say('members.who') });
    this.#field.input.addEventListener('input', () => this.#offer());
    this.#found.replaceChildren();
    this.#sheet.show(...keeps ? [element('section', '', this.#field.node, this.#found)] : [], element('section', '', this.#list));
    await this.#draw();
  }

  // Who only belongs to it is told who is here, and no more.
  async #draw() {
    const { room } = this;
    if (room.standing.keeps) {
      const { told, why } = await this.asking.try('moderation');
      if (why) return this.#sheet.say(why);
      this.#members = told.roles;
      this.#role = told.role;
    } else {
      this.#members = Array.from(room.people.nicks, ([user, nick]) => ({ user, nick }));
    }
    return this.#put();
  }

  #put() {
    const held = this.#list.contains(document.activeElement);
    this.#list.replaceChildren(...this.#members.map((member) => this.#item(member)));
    if (held) (this.#list.querySelector('button') ?? this.#field.input).focus();
  }

  #item({ user, nick, role }) {
    const mayRemove = role && user !== this.room.me && mayAct(this.#role, role);
    const name = element('div', 'who', element('bdi', '', nick), ...role ? [element('p', 'why', this.words.say(ROLES[role]))] : []);
    const button = mayRemove && this.#remove({ user, nick });
    return element('li', '', faceOf({ user, nick }), name, ...button ? [button] : []);
  }

  // Asked once more, on the same button.
  #remove({ user, nick }) {
    let isSure = false;
    const button = buttonOf(this.words.say('members.remove'), () => {
      if (isSure) this.#do('kick', { user }, this.words.say('members.removed', { nick }));
      isSure = true;
      button.textContent = this.words.say('members.sure');
    }, 'quiet danger');
    return button;
  }

  #offer() {
    const typed = this.#field.input.value.trim();
    const inside = new Set(this.#members.map(({ user }) => user));
    const others = new Map(Array.from(this.people(), ([user, nick]) => [nick, user]).filter(([, user]) => !inside.has(user)));
    const found = typed ? completionsOf(typed, [...others.keys()], OFFERED) : [];
    this.#field.refuse(typed && found.length === 0 ? this.words.say('members.nobody') : '');
    this.#found.replaceChildren(...found.map((nick) => this.#offered({ user: others.get(nick), nick })));
  }

  #offered({ user, nick }) {
    const button = buttonOf(this.words.say('members.do'), () => {
      this.#field.input.value = '';
      this.#found.replaceChildren();
      this.#field.input.focus();
      this.#do('appoint', { user, role: 'member' }, this.words.say('members.added', { nick }));
    }, 'quiet');
    button.setAttribute('aria-label', this.words.say('members.do_name', { nick }));
    return element('li', '', faceOf({ user, nick }), element('div', 'who', element('bdi', '', nick)), button);
  }

  async #do(type, fields, sentence) {
    const { why } = await this.asking.try(type, fields);
    this.#sheet.say(why || sentence);
    await this.#draw();
  }
}
