// What was done to keep order, in one quiet line.
import { element } from '../view/element.js';
import { dayOf, sameDay } from '../text/time.js';

export class Deed {
  #drawn = [];
  #day = element('p', 'day');

  constructor(at, sentence, calendar) {
    Object.assign(this, { at, calendar });
    this.node = element('li', 'note', this.#day, element('p', 'deed', sentence));
  }

  draw({ before, now }) {
    const drawn = [before && dayOf(before), dayOf(now)];
    if (drawn.every((value, index) => value === this.#drawn[index])) return;
    this.#drawn = drawn;
    this.#day.textContent = before && sameDay(this.at, before) ? '' : this.calendar.day(this.at, now);
  }
}
