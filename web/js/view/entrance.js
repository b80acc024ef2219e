// One field: what the others should call you. The same door serves to come in and to change the name later.
import { byId } from './element.js';
import { onEnter } from './enter.js';
import { lengthOf } from '../text/text.js';

const LONGEST = 32;

export class Entrance {
  #dialog = byId('entrance');
  #field = byId('nick');
  #why = byId('nick-why');
  #inside = false;

  constructor(words, chosen) {
    this.words = words;
    this.chosen = chosen;
    byId('nick-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    onEnter(this.#field, () => this.#submit());
    byId('nick-cancel').addEventListener('click', () => this.#dialog.close());
    // Escape closes a dialog, but there is nothing behind this one before one has come in.
    this.#dialog.addEventListener('close', () => this.#inside || this.#dialog.showModal());
  }

  get isOpen() {
    return this.#dialog.open;
  }

  open(nick, why = '') {
    document.body.dataset.entrance = this.#inside ? 'rename' : 'enter';
    byId('nick-submit').textContent = this.words.say(this.#inside ? 'nick.change' : 'nick.enter');
    byId('nick-cancel').hidden = !this.#inside;
    this.#field.value = nick ?? '';
    this.refuse(why);
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#field.select();
  }

  // The server did not let one in after all.
  reopen(nick, why) {
    this.#inside = false;
    this.open(nick, why);
  }

  close() {
    this.#inside = true;
    this.#dialog.close();
  }

  refuse(why) {
    this.#why.textContent = why;
    this.#field.setAttribute('aria-invalid', Boolean(why));
    if (why) this.#field.focus();
  }

  #submit() {
    const nick = this.#field.value.trim();
    if (!nick) this.refuse(this.words.say('nick.empty'));
    else if (lengthOf(nick) > LONGEST) this.refuse(this.words.say('nick.long', { most: LONGEST }));
    else this.chosen(nick);
  }
}
