// The emoji at a message: each a button that puts one's own there, or takes it back.
import { element } from './element.js';

const NAMED = 10;

export class Reactions {
  node = element('ul', 'reactions');
  #drawn = null;

  // `react(message, emoji)` and `unreact(message, emoji)` do so.
  constructor(message, { me, words, acts }) {
    Object.assign(this, { message, me, words, acts });
  }

  draw() {
    const { reactions = [] } = this.message;
    if (reactions === this.#drawn) return;
    this.#drawn = reactions;
    const held = this.node.contains(document.activeElement) ? document.activeElement.dataset.emoji : null;
    this.node.replaceChildren(...reactions.map((reaction) => element('li', '', this.#button(reaction))));
    this.node.hidden = reactions.length === 0;
    if (held) (this.#buttonOf(held) ?? this.node.closest('.message')).focus({ preventScroll: true });
  }

  #buttonOf(emoji) {
    return [...this.node.querySelectorAll('button')].find(({ dataset }) => dataset.emoji === emoji);
  }

  #button({ emoji, users, nicks, count }) {
    const mine = users.includes(this.me);
    const button = element('button', 'reaction', element('span', 'emoji', emoji), ' ', String(count));
    button.type = 'button';
    button.dataset.emoji = emoji;
    button.setAttribute('aria-pressed', mine);
    const names = nicks.slice(0, NAMED).join(this.words.say('note.comma'));
    button.title = count > NAMED ? this.words.say('note.more', { names, others: count - NAMED }) : names;
    button.setAttribute('aria-label', `${emoji} ${count} ${button.title}`);
    button.addEventListener('click', () => (mine ? this.acts.unreact : this.acts.react)(this.message, emoji));
    return button;
  }
}
