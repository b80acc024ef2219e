// Where one would write: what the others should call you. The same field serves to change the name later.
import { byId } from './element.js';
import { compositionIn, onEnter } from './enter.js';
import { lengthOf } from '../text/text.js';

const LONGEST = 32;

export class Entrance {
  isOpen = false;
  #form = byId('entrance');
  #field = byId('nick');
  #why = byId('nick-why');
  #button = byId('nick-submit');
  #cancel = byId('nick-cancel');

  // `chosen(nick)`, and `left()` when one keeps the name that one has.
  constructor(words, { chosen, left }) {
    this.words = words;
    this.chosen = chosen;
    this.left = left;
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    onEnter(this.#field, () => this.#submit());
    this.#field.addEventListener('input', () => this.refuse(''));
    const isComposing = compositionIn(this.#field);
    this.#field.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !isComposing(event) && !this.#cancel.hidden) this.#leave();
    });
    this.#cancel.addEventListener('click', () => this.#leave());
  }

  // With `renames`, one is inside and may leave it be.
  open({ nick = '', why = '', renames = false, isInvited = false, focus = true }) {
    this.isOpen = true;
    document.body.dataset.entrance = renames ? 'rename' : 'enter';
    this.#button.textContent = this.words.say(renames ? 'nick.change' : 'nick.enter');
    this.#cancel.hidden = !renames;
    byId('nick-note').textContent = this.words.say(isInvited ? 'nick.invited' : 'nick.note');
    this.#form.hidden = false;
    this.#field.value = nick;
    this.refuse(why);
    if (focus) this.focus();
  }

  focus() {
    this.#field.focus();
    this.#field.select();
  }

  close() {
    this.isOpen = false;
    this.#form.hidden = true;
    delete document.body.dataset.entrance;
  }

  refuse(why) {
    if (this.#why.textContent === why) return;
    this.#why.textContent = why;
    this.#field.setAttribute('aria-invalid', Boolean(why));
    if (why) this.#field.focus();
  }

  #leave() {
    this.close();
    this.left();
  }

  #submit() {
    const nick = this.#field.value.trim();
    if (!nick) this.refuse(this.words.say('nick.empty'));
    else if (lengthOf(nick) > LONGEST) this.refuse(this.words.say('nick.long', { most: LONGEST }));
    else this.chosen(nick);
  }
}
