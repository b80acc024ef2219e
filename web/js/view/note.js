// Who came and who went, in one line that opens.
import { dayLine, drawDay, element } from './element.js';
import { dayOf } from '../text/time.js';

const NAMED = 3;

export class Note {
  #drawn = [];
  #day = dayLine();
  #line = element('button', 'note-line');
  #all = element('ol', 'note-all');

  // `scroll` keeps the place.
  constructor(note, { words, calendar, scroll }) {
    Object.assign(this, { note, words, calendar });
    this.list = new Intl.ListFormat(words.language);
    this.#line.type = 'button';
    this.#line.addEventListener('click', () => {
      scroll.holdTo(this.node, 'top');
      this.#open(this.#all.hidden);
    });
    this.node = element('li', 'note', this.#day, this.#line, this.#all);
    this.#open(false);
  }

  draw({ before, now }) {
    const { revision, at } = this.note;
    const drawn = [revision, before && dayOf(before), dayOf(now)];
    if (drawn.every((value, index) => value === this.#drawn[index])) return;
    this.#drawn = drawn;
    drawDay(this.#day, at, { before, now, calendar: this.calendar });
    this.#line.textContent = this.#sentence();
    this.#all.replaceChildren(...this.note.events.map((event) => this.#item(event)));
  }

  #sentence() {
    const { came, left, renamed } = this.note;
    const parts = [];
    if (came.size > 0) parts.push(this.words.say('note.came', { names: this.#names([...came.values()]) }));
    if (left.size > 0) parts.push(this.words.say('note.left', { names: this.#names([...left.values()]) }));
    for (const names of [...renamed.values()].slice(0, NAMED)) parts.push(this.words.say('note.renamed', names));
    return parts.length > 0 ? parts.join(this.words.say('note.between')) : this.words.say('note.passing');
  }

  #names(names) {
    if (names.length <= NAMED) return this.list.format(names);
    const named = names.slice(0, NAMED - 1);
    return this.words.say('note.more', {
      names: named.join(this.words.say('note.comma')), others: names.length - named.length,
    });
  }

  #item({ did, nick, was, at }) {
    const sentence = did === 'renamed'
      ? this.words.say('note.renamed', { was, nick })
      : this.words.say(did === 'came' ? 'note.came' : 'note.left', { names: nick });
    const time = element('time', '', this.calendar.hour.format(at));
    return element('li', '', time, ' ', element('bdi', '', sentence));
  }

  #open(open) {
    this.#all.hidden = !open;
    this.#line.setAttribute('aria-expanded', open);
  }
}
