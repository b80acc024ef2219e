// For how long messages are kept, and how many: what would go is told before one says so.
import { dayOf } from '../text/time.js';
import { element } from '../view/element.js';
import { mayRetain } from './rights.js';
import { buttonOf, labelled } from './sheet.js';
import { spanOf } from './terms.js';

const DAY = 86_400;
// 0 is for ever, and all.
const DAYS = [0, 1, 7, 30, 90, 365];
const COUNTS = [0, 100, 1_000, 10_000, 100_000];

export class Kept {
  #days = element('select', '');
  #count = element('select', '');
  #forecast = element('p', 'why');
  #sure;
  #rules = {};
  #turn = 0;

  // `ask(rules)` gives what would go by these, `change(rules)` asks for them, and `refused(error)` hears why not.
  constructor(words, calendar, { ask, change, refused }) {
    Object.assign(this, { words, calendar, ask, change, refused });
    this.numbers = new Intl.NumberFormat(words.language);
    this.#fill(this.#days, DAYS);
    this.#fill(this.#count, COUNTS);
    for (const field of [this.#days, this.#count]) field.addEventListener('change', () => this.#foretell());
    this.#forecast.setAttribute('role', 'status');
    const confirm = element('button', 'danger', words.say('kept.sure'));
    this.#sure = element('form', 'pair', buttonOf(words.say('keep.back'), () => this.#leave(), 'quiet'), confirm);
    this.#sure.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#confirm();
    });
    this.node = element('section', 'keeps', element('h3', '', words.say('kept.title')),
      element('div', 'rows',
        ...labelled(words.say('kept.days'), this.#days, 'rule-days'),
        ...labelled(words.say('kept.count'), this.#count, 'rule-count')),
      this.#forecast, this.#sure);
    this.#leave();
  }

  draw({ role, rules }) {
    const { keep_days: days = 0, keep_messages: count = 0 } = rules;
    this.node.hidden = !mayRetain(role);
    const isOther = days !== this.#rules.keep_days || count !== this.#rules.keep_messages;
    this.#rules = { keep_days: days, keep_messages: count };
    // What one is about to choose stays, whatever else is drawn.
    if (isOther) this.#leave();
  }

  get #wish() {
    return { keep_days: Number(this.#days.value), keep_messages: Number(this.#count.value) };
  }

  #fill(select, numbers) {
    select.append(...numbers.map((number) => this.#option(select, number)));
  }

  #option(select, number) {
    const isDays = select === this.#days;
    if (number === 0) return new Option(this.words.say(isDays ? 'kept.for_ever' : 'kept.all'), number);
    return new Option(isDays ? spanOf(number * DAY, this.words) : this.numbers.format(number), number);
  }

  // Back to what is in force.
  #leave() {
    this.#turn += 1;
    const { keep_days: days = 0, keep_messages: count = 0 } = this.#rules;
    for (const [select, number] of [[this.#days, days], [this.#count, count]]) {
      if (!select.querySelector(`[value="${number}"]`)) select.append(this.#option(select, number));
      select.value = number;
    }
    if (this.#sure.contains(document.activeElement)) this.#days.focus();
    this.#sure.hidden = true;
    this.#forecast.classList.remove('warns');
    this.#forecast.textContent = this.words.say('kept.why');
  }

  async #foretell() {
    const turn = this.#turn += 1;
    const wish = this.#wish;
    this.#sure.hidden = true;
    this.#forecast.classList.remove('warns');
    if (Object.keys(wish).every((name) => wish[name] === this.#rules[name])) {
      this.#leave();
      return;
    }
    this.#forecast.textContent = this.words.say('kept.counting');
    try {
      const { messages, at } = await this.ask(wish);
      if (turn !== this.#turn) return;
      this.#forecast.textContent = messages === 0 ? this.words.say('kept.nothing') : this.#sentence(messages, at);
      this.#forecast.classList.toggle('warns', messages > 0);
      this.#sure.hidden = false;
    } catch (error) {
      if (turn === this.#turn) this.#leave();
      this.refused(error);
    }
  }

  // The last that goes is of before the end of its day, or all of that day goes.
  #sentence(messages, at) {
    const isToday = dayOf(at) === dayOf(Date.now());
    const time = isToday ? this.calendar.moment(at) : this.calendar.dateAndYear.format(at);
    return this.words.say(messages === 1 ? 'kept.one' : 'kept.some', { count: this.numbers.format(messages), time });
  }

  async #confirm() {
    if (await this.change(this.#wish)) return;
    this.#leave();
  }
}
