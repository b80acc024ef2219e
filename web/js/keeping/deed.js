// What was done to keep order, in one quiet line.
import { dayLine, drawDay, element } from '../view/element.js';
import { dayOf } from '../text/time.js';

export class Deed {
  #drawn = [];
  #day = dayLine();

  constructor(at, sentence, calendar) {
    Object.assign(this, { at, calendar });
    this.node = element('li', 'note', this.#day, element('p', 'deed', sentence));
  }

  draw({ before, now }) {
    const drawn = [before && dayOf(before), dayOf(now)];
    if (drawn.every((value, index) => value === this.#drawn[index])) return;
    this.#drawn = drawn;
    drawDay(this.#day, this.at, { before, now, calendar: this.calendar });
  }
}
