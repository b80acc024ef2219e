// Leads to a day of the talk, or to the next after it on which something was said.
import { sameDay } from '../text/time.js';
import { element } from './element.js';

export class Dates {
  #title = element('h2', '');
  #field = element('input', '');
  #why = element('p', 'why');
  #dialog;

  // `find(at)` gives the first message that was said then or later, `go(message)` leads there, and `passed(message)` hears that
  // nothing was said on the day itself.
  constructor(words, { find, go, passed }) {
    Object.assign(this, { words, find, go, passed });
    this.#title.textContent = words.say('dates.title');
    this.#title.id = 'dates-title';
    Object.assign(this.#field, { type: 'date', id: 'dates-day', required: true });
    this.#field.setAttribute('aria-describedby', 'dates-why');
    this.#why.id = 'dates-why';
    this.#why.setAttribute('role', 'status');
    const label = element('label', '', words.say('dates.day'));
    label.htmlFor = this.#field.id;
    const leave = element('button', 'quiet', words.say('act.cancel'));
    leave.type = 'button';
    leave.addEventListener('click', () => this.#dialog.close());
    const form = element('form', '', label, this.#field, this.#why,
      element('div', 'buttons', leave, element('button', '', words.say('dates.go'))));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#chosen();
    });
    this.#field.addEventListener('input', () => this.#say(''));
    this.#dialog = element('dialog', 'dialog', this.#title, form);
    this.#dialog.id = 'dates';
    this.#dialog.setAttribute('aria-labelledby', this.#title.id);
    this.#dialog.addEventListener('click', ({ target }) => target === this.#dialog && this.#dialog.close());
    document.body.append(this.#dialog);
  }

  // On the day of a time, in ms.
  open(at) {
    this.#field.max = dateOf(Date.now());
    this.#field.value = dateOf(at);
    this.#say('');
    this.#dialog.showModal();
    this.#field.focus();
  }

  async #chosen() {
    const day = beginOf(this.#field.value);
    try {
      const message = await this.find(day);
      // Another day may have been chosen meanwhile, or none.
      if (!this.#dialog.open || beginOf(this.#field.value) !== day) return;
      if (!message) {
        this.#say(this.words.say('dates.nothing'));
        return;
      }
      this.#dialog.close();
      await this.go(message);
      if (!sameDay(message.at, day)) this.passed(message);
    } catch {
      this.#say(this.words.sentenceFor({ code: 'offline' }));
    }
  }

  #say(sentence) {
    this.#why.textContent = sentence;
  }
}

// As a date field has it, by the reader's own clock.
export function dateOf(at) {
  const [year, month, day] = [new Date(at).getFullYear(), new Date(at).getMonth() + 1, new Date(at).getDate()];
  return [String(year).padStart(4, '0'), ...[month, day].map((part) => String(part).padStart(2, '0'))].join('-');
}

// In ms, when the day begins here.
export const beginOf = (date) => new Date(`${date}T00:00`).getTime();
