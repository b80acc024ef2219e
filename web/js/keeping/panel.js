// The room's panel, for who keeps order: its rules, who is muted or banned, who has which role, what was done. Who owns the
// server has one for the whole of it too.
import { element } from '../view/element.js';
import { Kept } from './kept.js';
import { Roles, Sanctions } from './lists.js';
import { Record } from './record.js';
import { Rules } from './rules.js';
import { Sheet, buttonOf } from './sheet.js';

export class Panel {
  #sheet;
  #place = null;
  #sections = [];
  #record;
  #turn = 0;
  #isShown = false;

  constructor({ room, words, calendar }, { orders, sentenceOf, person }) {
    Object.assign(this, { room, words, calendar, orders, sentenceOf, person });
    this.#sheet = new Sheet('panel', words);
  }

  get isOpen() {
    return this.#sheet.isOpen;
  }

  say(sentence) {
    this.#sheet.say(sentence);
  }

  // Of the room, or with null of the whole server.
  open(place = this.room.name) {
    this.#place = place;
    const { words, calendar, orders } = this;
    const isRoom = place !== null;
    this.#sheet.open(words.say(isRoom ? 'room.keep' : 'panel.server'));
    const sanctions = new Sanctions(words, calendar, (act, whom) => this.#order(act, whom));
    const roles = new Roles(words, () => this.room.me, (whom) => this.person.open(whom));
    const rules = new Rules(words, (changed) => this.#order('rule', null, changed));
    const kept = new Kept(words, calendar, {
      ask: (asked) => orders.ask('retention', asked, place),
      change: (changed) => this.#order('rule', null, changed),
      refused: (error) => this.say(orders.whyNot(error)),
    });
    this.#sections = isRoom ? [rules, kept, sanctions, roles] : [sanctions];
    this.#record = new Record(words, calendar, {
      ask: (fields) => orders.ask('audit', fields, place),
      sentenceOf: this.sentenceOf,
      refused: (error) => this.say(orders.whyNot(error)),
    });
    this.#isShown = false;
    this.refresh();
  }

  // What others do meanwhile is seen as well.
  async refresh() {
    if (!this.isOpen) return;
    const turn = this.#turn += 1;
    try {
      const [known] = await Promise.all([this.orders.ask('moderation', {}, this.#place), this.#record.draw()]);
      if (turn !== this.#turn) return;
      // The log tells the rules before the answer knows them.
      const { rules } = this.room.standing;
      for (const section of this.#sections) section.draw({ ...known, rules, kind: this.room.kind });
      if (this.#isShown) return;
      this.#isShown = true;
      this.#sheet.show(...[...this.#sections, this.#record].map(({ node }) => node), this.#other(known));
    } catch (error) {
      this.say(this.orders.whyNot(error));
    }
  }

  #other({ role }) {
    if (role !== 'host') return '';
    const isRoom = this.#place !== null;
    const label = isRoom ? `${this.words.say('panel.server')}…` : this.words.say('panel.back');
    return element('section', '', buttonOf(label, () => this.open(isRoom ? null : undefined), 'quiet'));
  }

  // Returns whether it was done.
  async #order(type, whom, fields) {
    this.say('');
    const why = await this.orders.order(type, whom, fields, this.#place);
    if (!why) return true;
    await this.refresh();
    this.say(why);
    return false;
  }
}
