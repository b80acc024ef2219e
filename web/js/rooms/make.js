// Making a room: its name, what it is about, and who can find it.
import { Sheet } from '../keeping/sheet.js';
import { roomsBy } from '../line/listing.js';
import { element } from '../view/element.js';
import { LONGEST, chipsOf, fieldOf, formOf } from './form.js';

// The server lets nobody make this one, or it is not to be had for another reason.
const REFUSED = { forbidden: 'make.forbidden', no_such_room: 'make.forbidden', bad_field: 'make.letters', too_long: 'make.long' };

export class Make {
  #sheet;
  #name = null;
  #topic = null;
  #whose = null;

  // `entered(name)` resolves to whether one has come into a room.
  constructor({ words, rooms, room, session, go, entered }, asking) {
    Object.assign(this, { words, rooms, room, session, go, entered, asking });
    this.#sheet = new Sheet('make', words);
  }

  open({ name = '', topic = '', whose = 'public', why = '' } = {}) {
    const { words } = this;
    this.#name = fieldOf(words.say('make.name'), 'make-name', { most: LONGEST.name, value: name });
    this.#topic = fieldOf(words.say('make.topic'), 'make-topic', { most: LONGEST.topic, value: topic });
    this.#whose = chipsOf(words.say('make.whose'), 'whose',
      [['public', words.say('make.public')], ['unlisted', words.say('make.unlisted')], ['private', words.say('make.private')]], whose);
    const note = element('p', 'why');
    const explain = () => { note.textContent = words.say(NOTES[this.#whose.chosen()]); };
    this.#whose.node.addEventListener('change', explain);
    explain();
    this.#sheet.open(words.say('make.title'));
    this.#sheet.show(formOf(() => this.#make(), this.#name.node, this.#topic.node, this.#whose.node, note,
      element('button', '', words.say('make.do'))));
    this.#name.input.focus();
    this.#name.refuse(why);
  }

  async #make() {
    const wish = { name: this.#name.input.value.trim(), topic: this.#topic.input.value.trim(), whose: this.#whose.chosen() };
    const why = this.#wrong(wish);
    if (why) return this.#name.refuse(why);
    if (this.#topic.isTooLong()) return this.#topic.refuse(this.words.say('make.long_topic', { most: LONGEST.topic }));
    return wish.whose === 'private' ? this.#private(wish) : this.#public(wish);
  }

  #wrong({ name, whose }) {
    const { words } = this;
    if (!name) return words.say('make.empty');
    if (this.#name.isTooLong()) return words.say('make.long', { most: LONGEST.name });
    const isBad = whose !== 'private' && (name.includes('/') || name.startsWith('@') || /^\.{1,2}$/.test(name));
    return isBad ? words.say('make.letters') : '';
  }

  #sentenceFor({ code }, otherwise) {
    return REFUSED[code] ? this.words.say(REFUSED[code], { most: LONGEST.name }) : otherwise;
  }

  async #private({ name, topic }) {
    const { told, error, why } = await this.asking.try('create', { title: name, topic: topic || undefined }, null);
    if (error) {
      this.#name.refuse(this.#sentenceFor(error, why));
      return;
    }
    this.rooms.learn(told.room, { kind: 'private', title: told.title ?? name, topic, at: Date.now() });
    this.#sheet.close();
    this.go(told.room);
  }

  // It is made by going there. One that is there already is somebody's.
  async #public(wish) {
    const { name, topic, whose } = wish;
    const there = await roomsBy({ q: name }).catch(() => ({ rooms: [] }));
    if (there.rooms.some((room) => room.name === name)) {
      this.#name.refuse(this.words.say('make.there'));
      return;
    }
    this.#sheet.close();
    await this.go(name);
    if (!await this.entered(name)) {
      const { why } = this.session.line;
      if (why?.about !== 'room') return;
      globalThis.history.back();
      this.open({ ...wish, why: this.#sentenceFor(why, this.words.sentenceFor(why)) });
      return;
    }
    const rules = { topic: topic || undefined, unlisted: whose === 'unlisted' || undefined };
    if (topic || rules.unlisted) await this.asking.try('rule', rules, this.room.name);
  }
}

const NOTES = { public: 'make.public_why', unlisted: 'make.unlisted_why', private: 'make.private_why' };
