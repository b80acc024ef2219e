// The people to choose from above a field, which keeps the focus.
//
// A textarea may not be a combobox (https://www.w3.org/TR/html-aria/#el-textarea), so it cannot say whether the list is
// expanded. As a text box it may name the list and the option pointed at; that there is a list is for others to say.
import { element, faceOf } from './element.js';

export class Listbox {
  people = [];
  #field;
  #list = element('div', 'mentions');
  #pointed = 0;

  constructor(field, label, chosen) {
    this.#field = field;
    this.#list.id = `${field.id}-mentions`;
    this.#list.hidden = true;
    this.#list.setAttribute('role', 'listbox');
    this.#list.setAttribute('aria-label', label);
    this.#list.addEventListener('mousedown', (event) => event.preventDefault());
    this.#list.addEventListener('click', ({ target }) => {
      const option = target.closest('[role="option"]');
      if (option) chosen(this.people[this.#options.indexOf(option)]);
    });
    field.after(this.#list);
    field.setAttribute('aria-autocomplete', 'list');
    field.setAttribute('aria-controls', this.#list.id);
  }

  get isOpen() {
    return !this.#list.hidden;
  }

  get pointed() {
    return this.people[this.#pointed];
  }

  get #options() {
    return [...this.#list.children];
  }

  // What one has pointed at stays so while the people are the same.
  show(people) {
    const isSame = JSON.stringify(people) === JSON.stringify(this.people);
    this.people = people;
    this.#list.hidden = false;
    if (isSame) return;
    this.#list.replaceChildren(...people.map((person, index) => this.#option(person, index)));
    this.#point(0);
  }

  hide() {
    this.people = [];
    this.#list.hidden = true;
    this.#field.removeAttribute('aria-activedescendant');
  }

  // Round and round.
  move(by) {
    this.#point((this.#pointed + by + this.people.length) % this.people.length);
  }

  #option(person, index) {
    const option = element('div', '', faceOf(person), element('bdi', '', person.nick));
    option.id = `${this.#list.id}-${index}`;
    option.setAttribute('role', 'option');
    return option;
  }

  #point(pointed) {
    this.#pointed = pointed;
    this.#options.forEach((option, index) => option.setAttribute('aria-selected', index === pointed));
    const option = this.#options[pointed];
    this.#field.setAttribute('aria-activedescendant', option.id);
    option.scrollIntoView({ block: 'nearest' });
  }
}
