// Searching: a button and a key open it. What it takes is loaded then.
import { carriedSearch } from '../store/memory.js';
import { byId } from './element.js';

export class Search {
  #loading = null;
  #panel = null;

  // `context` is what the panel takes; `lost()` when it could not be had.
  constructor(context) {
    this.context = context;
    byId('search-toggle').addEventListener('click', () => this.#with((panel) => panel.toggle()));
    addEventListener('popstate', () => this.#panel?.returned());
  }

  // One may have come from another room by what was found there.
  begin() {
    const carried = carriedSearch();
    if (!carried) return;
    if (matchMedia('(min-width: 900px)').matches || history.state?.sought) this.#with((panel) => panel.goOn(carried));
    else history.replaceState({ came: 'sought' }, '');
  }

  open() {
    this.#with((panel) => panel.open());
  }

  // To what takes its place.
  giveWay() {
    this.#panel?.close();
  }

  // Another room is shown.
  turn() {
    this.#panel?.turn();
  }

  draw() {
    this.#panel?.draw();
  }

  async #with(act) {
    this.#loading ??= import('../searching/parts.js').then(({ gather }) => gather(this.context));
    try {
      this.#panel = await this.#loading;
    } catch {
      this.#loading = null;
      this.context.lost();
      return;
    }
    act(this.#panel);
  }
}
