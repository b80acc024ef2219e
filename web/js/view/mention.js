// While an @ is being typed in a field, offers the names that may be meant.
import { mentionAt } from '../text/complete.js';
import { compositionIn } from './enter.js';
import { insert } from './insert.js';
import { Listbox } from './listbox.js';

export class Mention {
  #field;
  #list;
  #isComposing;
  #keys = {
    ArrowDown: () => this.#list.move(1),
    ArrowUp: () => this.#list.move(-1),
    Enter: () => this.#take(this.#list.pointed),
    Tab: () => this.#take(this.#list.pointed),
    Escape: () => this.#dismiss(),
  };
  #at = null;
  #dismissed = null;

  // `candidates` gives the people, { user, nick }, for what is typed after the @; `say` tells who cannot see the list.
  constructor(words, field, candidates, say) {
    this.words = words;
    this.candidates = candidates;
    this.say = say;
    this.#field = field;
    this.#isComposing = compositionIn(field);
    this.#list = new Listbox(field, words.say('mention.label'), (person) => this.#take(person));
    field.addEventListener('input', () => this.#look());
    field.addEventListener('blur', () => this.#list.hide());
    // What is sent is taken out of the field without an event of the field's.
    field.form.addEventListener('submit', () => this.#list.hide());
    document.addEventListener('selectionchange', () => {
      if (this.#list.isOpen) this.#look();
    });
    // Before all others that listen here: what the list takes neither sends nor closes anything else.
    field.addEventListener('keydown', (event) => this.#pressed(event), { capture: true });
  }

  // Also while an input method composes: phones compose each word, and the letters of pinyin may find a name.
  #look() {
    const { value, selectionStart, selectionEnd } = this.#field;
    const isTyping = document.activeElement === this.#field && selectionStart === selectionEnd;
    this.#at = isTyping ? mentionAt(value, selectionStart) : null;
    if (this.#at?.from !== this.#dismissed) this.#dismissed = null;
    const people = this.#at && this.#dismissed === null ? this.candidates(this.#at.typed) : [];
    if (people.length > 0) this.#offer(people);
    else this.#list.hide();
  }

  #offer(people) {
    const wasOpen = this.#list.isOpen;
    this.#list.show(people);
    if (!wasOpen) this.say(this.words.say('mention.some', { count: people.length }));
  }

  #pressed(event) {
    if (!this.#list.isOpen || !(event.key in this.#keys) || this.#isComposing(event)) return;
    // A name that stands there whole is no choice any more.
    const isWhole = event.key === 'Enter' && this.#list.pointed.nick === this.#at.typed;
    if (isWhole || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) {
      this.#list.hide();
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#keys[event.key]();
  }

  #take({ nick }) {
    this.#field.setSelectionRange(this.#at.from, this.#field.selectionEnd);
    this.#dismiss();
    insert(this.#field, `@${nick} `);
  }

  #dismiss() {
    this.#dismissed = this.#at.from;
    this.#list.hide();
  }
}
