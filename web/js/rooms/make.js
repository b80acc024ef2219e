// Making a room: its name, what it is about, and who can find it.
import { Sheet } from '../keeping/sheet.js';
import { element } from '../view/element.js';
import { LONGEST, chipsOf, fieldOf, formOf } from './form.js';

// What is wrong with a name that looks right can only be that somebody has it.
const REFUSED = { bad_field: 'make.there', too_long: 'make.long' };

export class Make {
  #sheet;
  #name = null;
  #topic = null;
  #whose = null;

  constructor({ words, rooms, go }, asking) {
    Object.assign(this, { words, rooms, go, asking });
    this.#sheet = new Sheet('make', words);
  }

  open({ name = '' } = {}) {
    const { words } = this;
    this.#name = fieldOf(words.say('make.name'), 'make-name', { most: LONGEST.name, value: name });
    this.#topic = fieldOf(words.say('make.topic'), 'make-topic', { most: LONGEST.topic });
    this.#whose = chipsOf(words.say('make.whose'), 'whose',
      [['public', words.say('make.public')], ['unlisted', words.say('make.unlisted')], ['private', words.say('make.private')]], 'public');
    const note = element('p', 'why');
    const explain = () => { note.textContent = words.say(NOTES[this.#whose.chosen()]); };
    this.#whose.node.addEventListener('change', explain);
    explain();
    this.#sheet.open(words.say('make.title'));
    this.#sheet.show(formOf(() => this.#make(), this.#name.node, this.#topic.node, this.#whose.node, note,
      element('button', '', words.say('make.do'))));
    this.#name.input.focus();
  }

  async #make() {
    const wish = { name: this.#name.input.value.trim(), topic: this.#topic.input.value.trim(), whose: this.#whose.chosen() };
    const why = this.#wrong(wish);
    if (why) return this.#name.refuse(why);
    if (this.#topic.isTooLong()) return this.#topic.refuse(this.words.say('make.long_topic', { most: LONGEST.topic }));
    return this.#ask(wish);
  }

  #wrong({ name, whose }) {
    const { words } = this;
    if (!name) return words.say('make.empty');
    if (this.#name.isTooLong()) return words.say('make.long', { most: LONGEST.name });
    const isBad = whose !== 'private' && (name.includes('/') || name.startsWith('@') || /^\.{1,2}$/.test(name));
    return isBad ? words.say('make.letters') : '';
  }

  #sentenceFor({ code, why }, otherwise) {
    const key = code === 'forbidden' && why === 'role' ? 'make.forbidden' : REFUSED[code];
    return key ? this.words.say(key, { most: LONGEST.name }) : otherwise;
  }

  // A public one goes by its name, a private one has a title.
  async #ask({ name, topic, whose }) {
    const isPrivate = whose === 'private';
    const asked = isPrivate ? { title: name } : { room: name, unlisted: whose === 'unlisted' || undefined };
    const { told, error, why } = await this.asking.try('create', { ...asked, topic: topic || undefined }, null);
    if (error) {
      this.#name.refuse(this.#sentenceFor(error, why));
      return;
    }
    const kind = isPrivate ? 'private' : 'public';
    this.rooms.learn(told.room, { kind, title: told.title, topic, at: Date.now(), mine: true });
    this.#sheet.close();
    this.go(told.room);
  }
}

const NOTES = { public: 'make.public_why', unlisted: 'make.unlisted_why', private: 'make.private_why' };
