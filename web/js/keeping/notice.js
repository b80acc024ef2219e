// One line over the messages that says what has come of it, for a moment; where it can be undone, with a button.
import { element } from '../view/element.js';
import { buttonOf } from './sheet.js';

// In ms: long enough to read it, find the button, and think again.
const SHOWN = 12_000;

export class Notice {
  #line = element('span', '');
  #node = element('div', 'notice', this.#line);
  #timer = null;

  constructor(words) {
    this.words = words;
    document.querySelector('main').append(this.#node);
    this.#node.hidden = true;
  }

  say(sentence, undo = null) {
    clearTimeout(this.#timer);
    this.#node.hidden = false;
    this.#line.textContent = sentence;
    const button = buttonOf(this.words.say(undo ? 'keep.undo' : 'keep.fine'), () => {
      this.#close();
      undo?.();
    });
    this.#node.replaceChildren(this.#line, button);
    this.#wait();
  }

  // It does not go from under who is on it.
  #wait() {
    this.#timer = setTimeout(() => (this.#node.matches(':hover, :focus-within') ? this.#wait() : this.#close()), SHOWN);
  }

  // Whoever stands on the button would lose their place.
  #close() {
    clearTimeout(this.#timer);
    if (this.#node.contains(document.activeElement)) document.getElementById('log').focus({ preventScroll: true });
    this.#node.hidden = true;
  }
}
