// A dialog made of what it is to show, and what it is made of.
import { element } from '../view/element.js';

export function buttonOf(label, act, className = '') {
  const button = element('button', className, label);
  button.type = 'button';
  button.addEventListener('click', act);
  return button;
}

// A field with its name.
export function labelled(label, field, id) {
  field.id = id;
  const name = element('label', '', label);
  name.htmlFor = id;
  return [name, field];
}

export class Sheet {
  #title = element('h2', '');
  #status = element('p', 'sheet-status');
  #body = element('div', 'sheet-body');
  #close;
  #dialog;

  constructor(id, words) {
    this.#close = buttonOf(words.say('way.close'), () => this.close(), 'sheet-close');
    this.#dialog = element('dialog', 'dialog sheet', element('div', 'sheet-head', this.#title, this.#close), this.#status, this.#body);
    this.#dialog.id = id;
    this.#title.id = `${id}-title`;
    this.#title.tabIndex = -1;
    this.#title.autofocus = true;
    this.#dialog.setAttribute('aria-labelledby', this.#title.id);
    this.#status.setAttribute('role', 'status');
    this.#dialog.addEventListener('click', ({ target }) => target === this.#dialog && this.close());
    // A field for searching would only be emptied by it.
    this.#dialog.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.close();
    });
    document.body.append(this.#dialog);
  }

  get isOpen() {
    return this.#dialog.open;
  }

  open(title) {
    this.#title.replaceChildren(title);
    this.say('');
    this.#body.replaceChildren();
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  // In place of what it shows; whoever stands on what goes goes on from the beginning of what comes.
  show(...nodes) {
    const held = this.#dialog.contains(document.activeElement) ? document.activeElement : null;
    this.#body.replaceChildren(...nodes);
    if (held === null || held.isConnected) return;
    const again = held.id && document.getElementById(held.id);
    (again || this.#body.querySelector(':checked, button') || this.#title).focus({ preventScroll: Boolean(again) });
  }

  say(sentence) {
    if (this.#status.textContent !== sentence) this.#status.textContent = sentence;
  }

  close() {
    this.#dialog.close();
  }
}
