// How a room ends: for oneself by leaving it, for everybody by deleting it.
import { Sheet, buttonOf } from '../keeping/sheet.js';
import { element } from '../view/element.js';
import { fieldOf, formOf } from './form.js';

export class Ending {
  #sheet;

  // `left(room)` puts away what is of it here.
  constructor({ words, room, left }, asking) {
    Object.assign(this, { words, room, left, asking });
    this.#sheet = new Sheet('ending', words);
  }

  leave() {
    const { words, room } = this;
    const place = room.room;
    this.#sheet.open(words.say('leave.sure', { room: words.nameOf(place) }));
    this.#sheet.show(element('p', '', words.say(WHAT_GOES[place.kind])), element('div', 'pair',
      buttonOf(words.say('keep.back'), () => this.#sheet.close(), 'quiet'),
      buttonOf(words.say('leave.do'), () => this.#leave(place), 'danger')));
  }

  async #leave(place) {
    const { words } = this;
    const { why, error } = await this.asking.try('part', {}, place.name);
    if (error?.why === 'owner') this.#sheet.say(words.say('leave.owner'));
    else if (why) this.#sheet.say(why);
    else this.#end(place, 'leave.done');
  }

  // By its name, so that it is this room and no other.
  destroy() {
    const { words, room } = this;
    const place = room.room;
    const name = words.nameOf(place);
    const field = fieldOf(words.say('destroy.name', { room: name }), 'destroy-name');
    this.#sheet.open(words.say('destroy.sure', { room: name }));
    this.#sheet.show(formOf(async () => {
      if (field.input.value.trim().normalize('NFC') !== name.normalize('NFC')) return field.refuse(words.say('destroy.other'));
      const { why } = await this.asking.try('destroy', {}, place.name);
      return why ? field.refuse(why) : this.#end(place, 'destroy.done');
    }, element('p', '', words.say('destroy.lost')), field.node, element('div', 'pair',
      buttonOf(words.say('keep.back'), () => this.#sheet.close(), 'quiet'),
      element('button', 'danger', words.say('destroy.do')))));
    field.input.focus();
  }

  #end(place, word) {
    this.#sheet.close();
    this.left(place, this.words.say(word, { room: this.words.nameOf(place) }));
  }
}

const WHAT_GOES = { public: 'leave.public', private: 'leave.private', direct: 'leave.direct' };
