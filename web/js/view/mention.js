// While an @ is being typed in a field, offers the names that may be meant.
import { completionsOf, mentionAt } from '../text/complete.js';
import { dress } from './later.js';
import { compositionIn } from './enter.js';
import { insert } from './insert.js';
import { Listbox } from './listbox.js';

// So many names are offered.
const NAMED = 8;

class Mention {
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

  // Of the people of a `room`; `say` tells who cannot see the list.
  constructor({ words, field, room, say }) {
    this.words = words;
    this.room = room;
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
    this.#look();
  }

  // Also while an input method composes: phones compose each word, and the letters of pinyin may find a name.
  #look() {
    const { value, selectionStart, selectionEnd } = this.#field;
    const isTyping = document.activeElement === this.#field && selectionStart === selectionEnd;
    this.#at = isTyping ? mentionAt(value, selectionStart) : null;
    if (this.#at?.from !== this.#dismissed) this.#dismissed = null;
    const people = this.#at && this.#dismissed === null ? this.#called(this.#at.typed) : [];
    if (people.length > 0) this.#offer(people);
    else this.#list.hide();
  }

  // Those who may be meant: { user, nick }, the best first.
  #called(typed) {
    const { me, nicks } = this.room;
    const others = new Map(Array.from(nicks, ([user, nick]) => [nick, user]).filter(([, user]) => user !== me));
    return completionsOf(typed, [...others.keys()], NAMED).map((nick) => ({ user: others.get(nick), nick }));
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

export async function mention(parts) {
  await dress('mention');
  return new Mention(parts);
}
