// What was done to keep order, the last first, page by page.
import { element } from '../view/element.js';
import { buttonOf } from './sheet.js';

const PAGE = 20;

export class Record {
  #list = element('ol', 'record');
  #none;
  #more;
  #deeds = [];

  // `ask(fields)` gives a page.
  constructor(words, calendar, { ask, sentenceOf, refused }) {
    Object.assign(this, { words, calendar, ask, sentenceOf, refused });
    this.#none = element('p', 'why', words.say('panel.nothing'));
    this.#more = buttonOf(words.say('panel.older'), () => this.#older(), 'quiet');
    this.node = element('section', '', element('h3', '', words.say('panel.record')), this.#list, this.#none, this.#more);
  }

  // As many as were shown before, or a page.
  async draw() {
    const { deeds, more } = await this.ask({ limit: Math.min(200, Math.max(PAGE, this.#deeds.length)) });
    this.#put(deeds, more);
  }

  async #older() {
    try {
      const { deeds, more } = await this.ask({ limit: PAGE, before: this.#deeds.at(-1).n });
      const held = this.#deeds.length;
      this.#put([...this.#deeds, ...deeds], more);
      // The button may be gone.
      this.#list.children[held]?.focus({ preventScroll: true });
    } catch (error) {
      this.refused(error);
    }
  }

  #put(deeds, more) {
    this.#deeds = deeds;
    this.#none.hidden = deeds.length > 0;
    this.#more.hidden = !more;
    this.#list.replaceChildren(...deeds.map((deed, index) => this.#item(deed, index, more)));
  }

  // A rule is told by what was different before, as far as that is known. A room begins with the rules it was made with, or none.
  #item(deed, index, more) {
    const before = this.#deeds.slice(index + 1).find(({ rules }) => rules)?.rules ?? (more ? undefined : {});
    const item = element('li', '', element('time', 'why', this.calendar.moment(deed.at)), ' ', this.sentenceOf({ ...deed, before }));
    item.tabIndex = -1;
    return item;
  }
}
