// A grid of buttons in titled groups; Tab reaches one of them and the arrow keys the others.
import { placeAfter } from '../state/grid.js';
import { element } from './element.js';

// As many as are wide enough for a finger on the narrowest screen.
const COLUMNS = 7;

export class Grid {
  #root;
  #rows = [];
  #entry = null;
  #events;

  constructor(root, events) {
    this.#root = root;
    this.#events = events;
    this.#listen('keydown', (event) => this.#pressed(event));
    this.#listen('focusin', ({ target }) => this.#enterAt(target));
    this.#listen('click', ({ target, shiftKey }) => events.chosen(target, shiftKey));
    // The focus stays where one types: a phone's keyboard would go down, and the cells would move under the finger.
    this.#listen('mousedown', (event) => event.preventDefault());
  }

  // Firefox gives the focus to whatever scrolls; what matters here happens to the cells.
  #listen(type, happened) {
    this.#root.addEventListener(type, (event) => {
      if (event.target.matches('button')) happened(event);
    });
  }

  get isEmpty() {
    return this.#rows.length === 0;
  }

  focus() {
    this.#entry.focus();
  }

  chooseFirst(more) {
    this.#events.chosen(this.#rows[0][0], more);
  }

  draw(groups) {
    this.#rows = [];
    this.#root.replaceChildren(...groups.map((group) => this.#group(group, groups.length > 1)));
    this.#root.scrollTop = 0;
    this.#entry = null;
    if (!this.isEmpty) this.#enterAt(this.#rows[0][0]);
  }

  #group({ title, entries }, titled) {
    const grid = element('div', '');
    grid.setAttribute('role', 'grid');
    grid.setAttribute('aria-label', title);
    for (let start = 0; start < entries.length; start += COLUMNS) {
      const cells = entries.slice(start, start + COLUMNS).map((entry) => this.#cell(entry));
      const row = element('div', 'row', ...cells);
      row.setAttribute('role', 'row');
      this.#rows.push(cells);
      grid.append(row);
    }
    return element('section', '', ...(titled ? [element('h2', '', title)] : []), grid);
  }

  #cell({ text, name }) {
    const cell = element('button', '', text);
    cell.type = 'button';
    cell.tabIndex = -1;
    cell.title = name;
    cell.setAttribute('role', 'gridcell');
    cell.setAttribute('aria-label', name);
    return cell;
  }

  #enterAt(cell) {
    if (this.#entry) this.#entry.tabIndex = -1;
    this.#entry = cell;
    cell.tabIndex = 0;
  }

  #pressed(event) {
    // On the way down: a click made of it later would go on to where the choice has moved the focus.
    if (event.key === 'Enter') {
      event.preventDefault();
      this.#events.chosen(event.target, event.shiftKey);
      return;
    }
    const row = this.#rows.findIndex((cells) => cells.includes(event.target));
    const column = this.#rows[row].indexOf(event.target);
    const to = placeAfter(event.key, { row, column }, this.#rows.map((cells) => cells.length));
    if (to === undefined) return;
    event.preventDefault();
    if (to) this.#rows[to.row][to.column].focus();
    else this.#events.left();
  }
}
