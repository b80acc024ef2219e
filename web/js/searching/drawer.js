// Where one searches: beside the talk on a wide page, over all of it on a narrow one. A dialog in both, since the reader's
// device knows how to leave one, and the focus goes back to where it was.
import { byId, element } from '../view/element.js';

export class Drawer {
  #dialog = element('dialog', '');
  #toggle = byId('search-toggle');
  #wide = matchMedia('(min-width: 900px)');
  #isShown = false;
  #cameFrom;

  // `nodes` stand in it; `left()` when it is closed by whatever, `isComposing(event)` tells of keys that are not for it, and
  // `makeRoom(isOpen)` hears that it takes the column beside the talk, or leaves it.
  constructor(title, nodes, { left, isComposing, makeRoom }) {
    Object.assign(this, { left, makeRoom });
    const heading = element('h2', 'unseen', title);
    this.#dialog.id = 'searching';
    heading.id = 'searching-title';
    this.#dialog.setAttribute('aria-labelledby', heading.id);
    this.#dialog.append(heading, ...nodes);
    this.#dialog.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || isComposing(event)) return;
      event.preventDefault();
      this.close();
    });
    // By a gesture of the system, or because one may not be here any more.
    this.#dialog.addEventListener('close', () => this.#closed());
    this.#wide.addEventListener('change', () => this.#turned());
    byId('people').after(this.#dialog);
  }

  get isOpen() {
    return this.#dialog.open;
  }

  get isBeside() {
    return this.#wide.matches;
  }

  open() {
    if (document.activeElement === document.body) this.#toggle.focus({ preventScroll: true });
    if (!this.#isWithin) this.#cameFrom = document.activeElement;
    if (!this.isOpen) {
      if (this.isBeside) this.#dialog.show();
      else this.#dialog.showModal();
    }
    this.#isShown = true;
    this.#toggle.setAttribute('aria-expanded', true);
    this.makeRoom(true);
  }

  openQuietly() {
    const held = document.activeElement;
    this.open();
    held.focus({ preventScroll: true });
  }

  close() {
    const goesBack = this.#isWithin;
    this.#dialog.close();
    // By itself it would lead to where one was when it was opened, and one may have been elsewhere since.
    if (goesBack) this.#cameFrom.focus({ preventScroll: true });
    this.#closed();
  }

  get #isWithin() {
    return this.#dialog.contains(document.activeElement);
  }

  // The event comes later than what closed it: it may be open again by then, or something else in its place.
  #closed() {
    if (this.isOpen || !this.#isShown) return;
    this.#isShown = false;
    this.#toggle.setAttribute('aria-expanded', false);
    // What had the focus before may be gone.
    if (document.activeElement === document.body) this.#toggle.focus({ preventScroll: true });
    this.makeRoom(false);
    this.left();
  }

  // A screen that is turned, a window that is made smaller.
  #turned() {
    if (!this.isOpen) return;
    const held = this.#isWithin ? document.activeElement : null;
    this.#dialog.close();
    this.open();
    held?.focus({ preventScroll: true });
  }
}
