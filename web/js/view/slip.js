// One message on the page.
import { dayLine, drawDay, element, faceOf } from './element.js';
import { Fate } from './fate.js';
import { foldable, proseOf } from './prose.js';
import { Quote } from './quote.js';
import { Reactions } from './reactions.js';
import { isLate } from '../line/outbox.js';
import { FAILED, PENDING } from '../state/unsent.js';
import { isOnlyEmoji } from '../text/emoji.js';
import { hueOf } from '../text/names.js';
import { continues, dayOf } from '../text/time.js';

export class Slip {
  #drawn = [];
  #day = dayLine();
  #time = element('time');
  #fate;
  #reactions;
  #quote = null;

  // `mine`, `me` (one's own nick) and `nicks` (of all who are known) as they are now; `fate` is what Fate takes, `acts` what
  // Reactions take, `quotes` finds what a message answers and leads there, and `scroll` keeps the place.
  constructor(message, { mine, me, nicks, words, calendar, fate, acts, quotes, scroll }) {
    Object.assign(this, { message, calendar });
    const { user, nick, text, deleted } = message;
    this.#fate = new Fate(message, words, fate);
    const author = element('bdi', `nick hue-${hueOf(user)}`, mine ? words.say('message.mine') : nick);
    this.#time.addEventListener('click', () => this.#time.classList.toggle('full'));
    this.#reactions = new Reactions(message, { me: acts.me(), words, acts });
    const prose = deleted ? element('p', 'text gone', words.say('message.deleted')) : proseOf(text, { nicks, me, words });
    if (message.edited_at) prose.append(element('small', 'edited', words.say('message.edited')));
    if (message.reply_to && !deleted) {
      this.#quote = new Quote(words, () => quotes.go(message.reply_to, message.seq));
      prose.prepend(this.#quote.node);
    }
    this.quotes = quotes;
    this.node = element('li', mine ? 'message mine' : 'message',
      this.#day, faceOf(message), element('p', 'head', author, ' ', this.#time), prose, more(words),
      this.#reactions.node, this.#fate.node);
    this.node.tabIndex = -1;
    this.node.classList.toggle('big', isOnlyEmoji(text));
    this.node.classList.toggle('to-me', !mine && prose.querySelector('.to-me') !== null);
    foldable(prose, text, words, (edge) => scroll.holdTo(this.node, edge));
  }

  // Thousands of them are asked to draw themselves at each change, and nearly none has changed.
  draw({ above, earlier, before, now }) {
    const { message } = this;
    const late = message.status === PENDING && isLate(message, now);
    const quoted = this.#quote && this.quotes.find(message.reply_to);
    const drawn = [quoted, above, earlier, before && dayOf(before), message.revision, late, dayOf(now)];
    if (drawn.every((value, index) => value === this.#drawn[index])) return;
    this.#drawn = drawn;
    const { classList } = this.node;
    classList.toggle('first', !(above === earlier && continues(message, earlier)));
    classList.toggle('late', late);
    for (const status of [PENDING, FAILED]) classList.toggle(status, message.status === status);
    if (message.seq) this.node.dataset.seq = message.seq;
    this.#drawTimes(before, now);
    this.#fate.draw();
    this.#reactions.draw();
    this.#quote?.draw(quoted);
    if (this.#quote && !quoted) this.quotes.miss(message.reply_to, this.#quote.node);
  }

  #drawTimes(before, now) {
    const { message: { at }, calendar } = this;
    drawDay(this.#day, at, { before, now, calendar });
    this.#time.textContent = calendar.hour.format(at);
    this.#time.dateTime = new Date(at).toISOString();
    this.#time.title = this.node.title = calendar.full.format(at);
  }
}

// Opens what can be done with it; the keyboard has Enter on the message.
function more(words) {
  const button = element('button', 'more', '⋯');
  button.type = 'button';
  button.tabIndex = -1;
  button.setAttribute('aria-label', words.say('act.menu'));
  return button;
}
