// Who is muted or banned, and who has which role.
import { element, faceOf } from '../view/element.js';
import { ROLES } from './deeds.js';
import { UNDO } from './orders.js';
import { mayAct } from './rights.js';
import { buttonOf } from './sheet.js';

class List {
  #list = element('ul', 'kept');
  #none;

  constructor(words, { title, none }) {
    this.words = words;
    this.#none = element('p', 'why', none);
    this.node = element('section', '', element('h3', '', title), this.#list, this.#none);
  }

  // Whoever stands on a button that goes stands on the next one then.
  put(items) {
    const place = [...this.#list.querySelectorAll('button')].indexOf(document.activeElement);
    this.#list.replaceChildren(...items);
    this.#none.hidden = items.length > 0;
    const buttons = this.#list.querySelectorAll('button');
    if (place >= 0) (buttons[Math.min(place, buttons.length - 1)] ?? this.#focusable()).focus();
  }

  #focusable() {
    this.node.tabIndex = -1;
    return this.node;
  }

  item(person, state, button) {
    const name = element('div', 'who', element('bdi', '', person.nick), ...state.map((line) => element('p', 'why', line)));
    return element('li', '', faceOf(person), name, ...button ? [button] : []);
  }
}

export class Sanctions extends List {
  // `undo(act, whom)` takes one back.
  constructor(words, calendar, undo) {
    super(words, { title: words.say('panel.sanctions'), none: words.say('panel.nobody') });
    Object.assign(this, { calendar, undo });
  }

  draw({ role, roles, sanctions }) {
    this.put(sanctions.map((sanction) => this.#item(sanction, role, roles)));
  }

  #item(sanction, role, roles) {
    const { act, user, nick, by, reason } = sanction;
    const theirs = roles.find((holder) => holder.user === user)?.role ?? 'guest';
    const label = this.words.say(act === 'mute' ? 'person.unmute' : 'person.unban');
    const button = mayAct(role, theirs) && buttonOf(label, () => this.undo(UNDO[act], { user, nick }), 'quiet');
    const maker = this.words.say('panel.by', { nick: by?.nick || this.words.say('deed.operator') });
    return this.item(sanction, [this.#state(sanction), reason ? `${maker} · ${reason}` : maker], button);
  }

  #state({ act, until, network }) {
    const time = until && this.calendar.moment(until);
    const key = act === 'mute' ? 'person.muted' : until ? 'person.banned_until' : 'person.banned';
    const state = this.words.say(key, { time });
    return network ? `${state} · ${this.words.say('panel.network')}` : state;
  }
}

export class Roles extends List {
  // `change(person)` opens what one may do to somebody.
  constructor(words, me, change) {
    super(words, { title: words.say('panel.roles'), none: words.say('panel.nobody') });
    Object.assign(this, { me, change });
  }

  draw({ role, roles }) {
    this.put(roles.map(({ user, nick, role: theirs }) => {
      const mayChange = user !== this.me() && mayAct(role, theirs);
      const button = mayChange && buttonOf(this.words.say('panel.change'), () => this.change({ user, nick }), 'quiet');
      return this.item({ user, nick }, [this.words.say(ROLES[theirs] ?? ROLES.guest)], button);
    }));
  }
}
