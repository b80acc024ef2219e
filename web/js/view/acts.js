// What can be done with a message: a sheet that opens from it, by mouse, by keyboard, by a long press.
import { copy } from './copy.js';
import { byId, element } from './element.js';

const QUICK = ['👍', '❤️', '😄', '🎉', '😮', '😢'];
// In ms: as long as phones take for it.
const LONG = 500;
// In px: a finger that goes further scrolls.
const STEADY = 10;

export class Acts {
  #dialog = byId('acts');
  #list = byId('messages');
  #message = null;
  #sure = false;

  // `messageOf(node)` gives what a node shows, null where nothing can be done with it; `mine(message)` tells whether one has
  // said it; `reply`, `edit`, `remove`, `react` and `unreact` do so, `address(message)` leads to it, and `copied()` says that it
  // was. `keeps()` tells whether one keeps order, and may look up the `versions` of a message; `person` leads to who said it.
  constructor(words, { calendar, messageOf, mine, acts }) {
    Object.assign(this, { words, calendar, messageOf, mine, acts });
    for (const emoji of QUICK) byId('acts-quick').append(this.#quick(emoji));
    byId('act-reply').addEventListener('click', () => this.#do(acts.reply));
    byId('act-edit').addEventListener('click', () => this.#do(acts.edit));
    byId('act-delete').addEventListener('click', () => this.#remove());
    byId('act-copy').addEventListener('click', () => this.#copy(this.#message.text));
    byId('act-link').addEventListener('click', async () => this.#copy(await acts.address(this.#message)));
    byId('act-versions').addEventListener('click', () => this.#do(acts.versions));
    byId('act-person').addEventListener('click', () => this.#do(acts.person));
    byId('acts-close').addEventListener('click', () => this.#dialog.close());
    this.#dialog.addEventListener('click', ({ target }) => target === this.#dialog && this.#dialog.close());
    this.#listen();
  }

  #listen() {
    this.#list.addEventListener('contextmenu', (event) => {
      // A link, and what one has marked, have a menu of the browser's own.
      if (event.target.closest('a') || !getSelection().isCollapsed) return;
      if (!this.#openOf(event.target)) return;
      event.preventDefault();
      if (event.pointerType === 'touch') letGo();
    });
    this.#list.addEventListener('click', ({ target }) => target.closest('.more, [data-ready] .head .nick') && this.#openOf(target));
    this.#list.addEventListener('pointerdown', (event) => this.#press(event));
    byId('log').addEventListener('keydown', (event) => this.#pressed(event));
  }

  // Safari on a phone has no contextmenu.
  #press({ pointerType, target, clientX, clientY }) {
    if (pointerType === 'mouse' || target.closest('a, button')) return;
    const ends = new AbortController();
    const timer = setTimeout(() => { if (!this.#dialog.open && this.#openOf(target)) letGo(); }, LONG);
    ends.signal.addEventListener('abort', () => clearTimeout(timer));
    const far = ({ clientX: x, clientY: y }) => Math.hypot(x - clientX, y - clientY) > STEADY;
    for (const end of ['pointerup', 'pointercancel']) addEventListener(end, () => ends.abort(), { signal: ends.signal });
    addEventListener('pointermove', (event) => far(event) && ends.abort(), { signal: ends.signal });
  }

  // From the log, the arrows lead from message to message, and Enter opens.
  #pressed(event) {
    const { key, target } = event;
    const held = target.closest('.message');
    if (key === 'Enter' && target === held && this.#openOf(held)) event.preventDefault();
    if (key !== 'ArrowUp' && key !== 'ArrowDown') return;
    if (target !== held && target !== byId('log')) return;
    const all = [...this.#list.querySelectorAll('.message')];
    const place = held ? all.indexOf(held) + (key === 'ArrowUp' ? -1 : 1) : all.length - 1;
    if (!all[place]) return;
    event.preventDefault();
    all[place].focus({ preventScroll: true });
    all[place].scrollIntoView({ block: 'nearest' });
  }

  #openOf(node) {
    const message = this.messageOf(node.closest('.message'));
    if (!message) return false;
    if (node.closest('.head .nick') && !this.mine(message)) {
      this.acts.person(message);
      return true;
    }
    if (message.deleted) return false;
    this.#message = message;
    this.#sure = false;
    byId('acts-title').textContent = `${message.nick} · ${this.calendar.full.format(message.at)}`;
    const [isMine, keeps] = [this.mine(message), this.acts.keeps()];
    byId('act-edit').hidden = !isMine;
    byId('act-delete').hidden = !isMine && !keeps;
    byId('act-versions').hidden = !keeps || !message.edited_at;
    byId('act-person').hidden = isMine;
    byId('act-person').textContent = this.words.say(keeps ? 'act.person' : 'act.meet', { nick: message.nick });
    byId('act-delete').textContent = this.words.say('act.delete');
    for (const button of byId('acts-quick').children) button.setAttribute('aria-pressed', this.#has(button.textContent));
    this.#dialog.showModal();
    return true;
  }

  #has(emoji) {
    return this.#message.reactions?.find((reaction) => reaction.emoji === emoji)?.users.includes(this.acts.me()) ?? false;
  }

  #quick(emoji) {
    const button = element('button', 'quiet', emoji);
    button.type = 'button';
    button.addEventListener('click', () => {
      const act = this.#has(emoji) ? this.acts.unreact : this.acts.react;
      this.#do((message) => act(message, emoji));
    });
    return button;
  }

  #do(act) {
    this.#dialog.close();
    act(this.#message);
  }

  // What is gone is gone: asked once more, on the same button.
  #remove() {
    if (this.#sure) {
      this.#do(this.acts.remove);
      return;
    }
    this.#sure = true;
    byId('act-delete').textContent = this.words.say('act.sure');
  }

  async #copy(text) {
    if (!await copy(text)) return;
    this.#dialog.close();
    this.acts.copied();
  }
}

// The finger that opened a sheet is lifted above it, which is no click on what lies there now.
function letGo() {
  const ends = new AbortController();
  const { signal } = ends;
  addEventListener('click', (event) => {
    event.preventDefault();
    event.stopPropagation();
  }, { capture: true, signal });
  // The click comes after it, as a task of its own.
  for (const end of ['pointerup', 'pointercancel']) addEventListener(end, () => setTimeout(() => ends.abort(), 100), { signal });
  addEventListener('pointerdown', () => ends.abort(), { capture: true, signal });
}
