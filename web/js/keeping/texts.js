// The earlier texts of a message that was changed.
import { element } from '../view/element.js';
import { Sheet } from './sheet.js';

export class Texts {
  #sheet;

  constructor({ words, calendar }, orders) {
    Object.assign(this, { words, calendar, orders });
    this.#sheet = new Sheet('texts', words);
  }

  async open({ seq, nick }) {
    this.#sheet.open(this.words.say('texts.title', { nick }));
    try {
      const { texts } = await this.orders.ask('versions', { seq });
      this.#sheet.show(element('ol', 'texts', ...texts.map((text) => this.#item(text))));
    } catch (error) {
      this.#sheet.say(this.orders.whyNot(error));
    }
  }

  #item({ text, at }) {
    const said = element('p', '', text);
    said.dir = 'auto';
    return element('li', '', element('time', 'why', this.calendar.moment(at)), said);
  }
}
