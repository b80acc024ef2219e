// What one may do to somebody, or say to them alone: a sheet that opens from a message, from a name, from the room's panel.
import { element, faceOf } from '../view/element.js';
import { ROLES } from './deeds.js';
import { mayAct, mayBanFromServer, rolesFor } from './rights.js';
import { Sheet, buttonOf } from './sheet.js';
import { termsOf } from './terms.js';

const APPOINT = {
  guest: 'person.guest', member: 'person.member', moderator: 'person.moderator', owner: 'person.owner',
};

export class Person {
  #sheet;
  #whom = null;
  #known = null;   // the room's moderation

  // `direct(whom)` opens the room of the two.
  constructor({ room, words, calendar, direct }, orders) {
    Object.assign(this, { room, words, calendar, direct, orders });
    this.#sheet = new Sheet('person', words);
  }

  async open({ user, nick }) {
    this.#whom = { user, nick };
    this.#known = null;
    this.#sheet.open(element('span', 'who', faceOf(this.#whom), element('bdi', '', nick)));
    if (!this.room.standing.keeps) {
      this.#sheet.show(element('div', 'acts', ...this.#message()));
      return;
    }
    try {
      const known = await this.orders.ask('moderation');
      if (this.#whom.user !== user) return;
      this.#known = known;
      this.#draw();
    } catch (error) {
      this.#sheet.say(this.orders.whyNot(error));
    }
  }

  get #role() {
    return this.#known.roles.find(({ user }) => user === this.#whom.user)?.role ?? 'guest';
  }

  #held(act) {
    return this.#known.sanctions.find((sanction) => sanction.act === act && sanction.user === this.#whom.user);
  }

  #draw() {
    const mine = this.#known.role;
    const isMe = this.#whom.user === this.room.me;
    this.#sheet.say('');
    const state = element('p', 'why', this.#state());
    if (isMe || !mayAct(mine, this.#role)) {
      const acts = isMe ? [] : [element('div', 'acts', ...this.#message())];
      this.#sheet.show(state, element('p', '', this.words.say(isMe ? 'person.me' : 'person.above')), ...acts);
      return;
    }
    this.#sheet.show(state, element('div', 'acts', ...this.#message(), ...this.#sanctions(), ...this.#roles(mine), ...this.#server(mine), this.#purge()));
  }

  #state() {
    const parts = [this.words.say(ROLES[this.#role])];
    const [mute, ban] = [this.#held('mute'), this.#held('ban')];
    if (mute) parts.push(this.words.say('person.muted', { time: this.calendar.moment(mute.until) }));
    if (ban?.until) parts.push(this.words.say('person.banned_until', { time: this.calendar.moment(ban.until) }));
    else if (ban) parts.push(this.words.say('person.banned'));
    return parts.join(' · ');
  }

  // In a direct room one is there already.
  #message() {
    if (this.room.with?.user === this.#whom.user || this.#whom.user === this.room.me) return [];
    const whom = this.#whom;
    return [buttonOf(this.words.say('person.message'), () => {
      this.#sheet.close();
      this.direct(whom);
    }, 'quiet')];
  }

  #sanctions() {
    const [muted, banned] = [this.#held('mute'), this.#held('ban')];
    return [
      muted ? this.#plain('unmute', 'person.unmute') : this.#asking('mute', 'person.mute'),
      ...banned ? [this.#plain('unban', 'person.unban')] : [this.#asking('kick', 'person.kick'), this.#asking('ban', 'person.ban')],
    ];
  }

  #roles(mine) {
    const appoint = (role) => this.#order('appoint', { role });
    return rolesFor(mine, this.#role).map((role) => buttonOf(this.words.say(APPOINT[role]), () => appoint(role), 'quiet'));
  }

  #server(mine) {
    return mayBanFromServer(mine) ? [this.#asking('ban', 'person.ban_server', null)] : [];
  }

  #plain(act, key) {
    return buttonOf(this.words.say(key), () => this.#order(act), 'quiet');
  }

  #asking(act, key, place) {
    const label = this.words.say(key);
    return buttonOf(`${label}…`, () => {
      const form = termsOf(act, label, this.words, {
        chosen: (fields) => this.#order(act, fields, place), left: () => this.#draw(),
      });
      this.#sheet.show(element('h3', '', label), form);
    }, act === 'mute' ? 'quiet' : 'quiet danger');
  }

  // What is gone is gone: asked once more, on the same button.
  #purge() {
    let isSure = false;
    const button = buttonOf(this.words.say('person.purge'), () => {
      if (isSure) this.#order('purge');
      isSure = true;
      button.textContent = this.words.say('person.purge_sure');
    }, 'quiet danger');
    return button;
  }

  async #order(act, fields = {}, place = undefined) {
    const why = await this.orders.order(act, this.#whom, fields, place);
    if (why) this.#sheet.say(why);
    else this.#sheet.close();
  }
}
