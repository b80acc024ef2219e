// One message on the page.
import { element, faceOf } from './element.js';
import { isLate } from '../line/outbox.js';
import { hueOf } from '../text/names.js';
import { piecesOf } from '../text/links.js';
import { continues, sameDay } from '../text/time.js';

function link({ text, href }) {
  const node = element('a', '', text);
  node.href = href;
  node.target = '_blank';
  node.rel = 'noopener noreferrer nofollow';
  return node;
}

export class Slip {
  #drawn = '';
  #day = element('p', 'day');
  #time = element('time');
  #fate = element('p', 'fate');

  constructor(message, { mine, words, calendar, again }) {
    Object.assign(this, { message, mine, words, calendar, again });
    const { user, nick, text } = message;
    const author = element('bdi', `nick hue-${hueOf(user)}`, mine ? words.say('message.mine') : nick);
    const body = element('div', 'text', ...piecesOf(text).map((piece) => (piece.href ? link(piece) : piece.text)));
    body.dir = 'auto';
    this.node = element('li', mine ? 'message mine' : 'message',
      this.#day, faceOf(message), element('p', 'head', author, ' ', this.#time), body, this.#fate);
  }

  draw(previous, now) {
    const { message, calendar } = this;
    const first = !continues(message, previous);
    const day = previous && sameDay(message.at, previous.at) ? '' : calendar.day(message.at, now);
    const late = isLate(message, now);
    const state = [first, day, late, message.status, message.at, message.why].join('\n');
    if (state === this.#drawn) return;
    this.#drawn = state;
    this.node.classList.toggle('first', first);
    this.node.classList.toggle('late', late);
    for (const status of ['pending', 'failed']) this.node.classList.toggle(status, message.status === status);
    if (message.seq) this.node.dataset.seq = message.seq;
    this.#day.textContent = day;
    this.#time.textContent = calendar.hour.format(message.at);
    this.#time.dateTime = new Date(message.at).toISOString();
    this.node.title = calendar.full.format(message.at);
    this.#drawFate();
  }

  #drawFate() {
    const { message, words } = this;
    if (message.status === 'failed') {
      const button = element('button', 'again', words.say('message.again'));
      button.type = 'button';
      button.addEventListener('click', () => this.again(message));
      this.#fate.replaceChildren(message.why, ' ', button);
    } else {
      this.#fate.textContent = message.status === 'pending' ? words.say('message.pending') : '';
    }
  }
}
