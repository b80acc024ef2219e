// How the room is kept, to be changed: the lock, slow mode, announcements, the password.
import { element } from '../view/element.js';
import { maySetPassword } from './rights.js';
import { buttonOf, labelled } from './sheet.js';
import { spanOf } from './terms.js';

// In s; 0 is none.
const SLOW = [0, 5, 10, 30, 60, 300];
const LONGEST_PASSWORD = 100;

export class Rules {
  #lock = buttonOf('', () => this.change({ locked: !this.#rules.locked }), 'lock');
  #slow = element('select', '');
  #hush = element('input', '');
  #word = element('input', '');
  #why = element('p', 'why');
  #takeAway;
  #form;
  #rules = {};

  // `change(rules)` asks for it.
  constructor(words, change) {
    Object.assign(this, { words, change });
    this.#slow.append(...SLOW.map((seconds) => new Option(this.#spanOf(seconds), seconds)));
    this.#slow.addEventListener('change', () => change({ slow: Number(this.#slow.value) }));
    this.#hush.type = 'checkbox';
    this.#hush.addEventListener('change', () => change({ announcements: this.#hush.checked }));
    this.#takeAway = buttonOf(words.say('panel.no_password'), () => this.#give(''), 'quiet');
    this.#form = this.#passwordForm();
    this.node = element('section', 'rules', this.#lock, this.#why,
      element('div', 'rows',
        ...labelled(words.say('panel.slow'), this.#slow, 'rule-slow'),
        ...labelled(words.say('panel.announcements'), this.#hush, 'rule-announcements')),
      this.#form);
    this.#lock.id = 'rule-lock';
  }

  // One that is not public is closed anyhow.
  draw({ role, rules, kind }) {
    this.#rules = rules;
    const isPublic = kind === 'public';
    this.#lock.hidden = this.#why.hidden = !isPublic;
    const { locked = false, announcements = false, slow = 0, password = false } = rules;
    this.#lock.setAttribute('aria-pressed', locked);
    this.#lock.textContent = this.words.say(locked ? 'panel.unlock' : 'panel.lock');
    this.#why.textContent = this.words.say(locked ? 'panel.locked_why' : 'panel.lock_why');
    if (!SLOW.includes(slow) && !this.#slow.querySelector(`[value="${slow}"]`)) {
      this.#slow.append(new Option(this.#spanOf(slow), slow));
    }
    this.#slow.value = slow;
    this.#hush.checked = announcements;
    this.#form.hidden = !isPublic || !maySetPassword(role);
    this.#takeAway.hidden = !password;
    this.#word.placeholder = this.words.say(password ? 'panel.other_password' : 'panel.none');
  }

  #spanOf(seconds) {
    return seconds ? spanOf(seconds, this.words) : this.words.say('panel.off');
  }

  // Others are to be told it: one sees what one writes.
  #passwordForm() {
    Object.assign(this.#word, { type: 'text', maxLength: LONGEST_PASSWORD, autocomplete: 'off', spellcheck: false });
    const form = element('form', 'word', ...labelled(this.words.say('panel.password'), this.#word, 'rule-password'),
      element('button', '', this.words.say('panel.set')), this.#takeAway);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.#word.value) this.#give(this.#word.value);
    });
    return form;
  }

  async #give(password) {
    if (await this.change({ password })) this.#word.value = '';
  }
}
