// What the field is for beside saying something new: an answer to a message, or another text for one's own. A line above the
// field tells it, and lets it be.
import { byId } from './element.js';

export class Task {
  kind = null;  // 'reply', 'edit' or null
  message = null;
  #bar = byId('task');
  #words = byId('task-words');

  // `left()` when it is let be.
  constructor(words, left) {
    this.words = words;
    byId('task-cancel').addEventListener('click', left);
  }

  begin(kind, message) {
    this.kind = kind;
    this.message = message;
    const line = [...message.text.replace(/\s+/g, ' ')].slice(0, 60).join('');
    this.#words.textContent = this.words.say(kind === 'reply' ? 'act.replying' : 'act.editing', { nick: message.nick, line });
    this.#bar.hidden = false;
  }

  end() {
    this.kind = this.message = null;
    this.#bar.hidden = true;
  }
}
