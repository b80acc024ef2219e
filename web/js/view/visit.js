// An old place of the talk: found, brought into the middle and marked. From there one reads on to both sides, and goes back.
import { Archive } from '../line/archive.js';
import { Aside } from '../state/aside.js';
import { pathOf, seqOf } from '../state/place.js';
import { byId } from './element.js';
import { wordsBeside } from './later.js';
import { Quotes } from './quotes.js';

// In ms, after a page that did not come.
const PAUSE = 1_000;

export class Visit {
  #turn = 0;  // counts where one wanted to be
  #waiting = false;
  #dates = null;

  // `isLive()` tells whether one is in the room, `hint(sentence)` stands above the field, `changed()` draws, and `lost()` tells
  // that something could not be had.
  constructor({ room, words, calendar, conversation, scroll, spoken, isLive, hint, changed, lost }) {
    Object.assign(this, { room, words, calendar, conversation, scroll, spoken, hint, changed, lost });
    this.messages = room.messages;
    this.aside = room.messages.aside = new Aside();
    this.archive = new Archive(room);
    this.quotes = new Quotes(this.aside, this.archive, { isLive, changed });
  }

  // To where the address is, or to where one was when one went on from it.
  async come() {
    const place = seqOf(location.pathname);
    const seq = history.state?.from ?? place;
    if (seq === null) this.scroll.toEnd();
    else this.#show(await this.#find(seq), { seq, marked: place });
  }

  // `left` is what the way back is to know: `from`, the number of the message to which it leads, or that one has `sought`.
  async go(seq, left) {
    const found = await this.#find(seq);
    if (found && !this.#isInView(found)) {
      history.replaceState({ ...history.state, ...left }, '');
      history.pushState({ came: left.sought ? 'sought' : true }, '', pathOf(this.room.name, seq));
    }
    this.#show(found, { seq, marked: seq });
  }

  // To a day that one is asked for; that of the time `at`, in ms, is there already.
  async toDay(at) {
    this.#dates ??= await this.#datesOf();
    this.#dates.open(at);
  }

  async #datesOf() {
    const [{ Dates }, words] = await Promise.all([import('./dates.js'), wordsBeside(this.words, 'dates')]);
    return new Dates(words, {
      find: async (day) => (await this.archive.from(day, 1)).messages[0],
      go: ({ seq }) => this.go(seq, { from: (!this.scroll.following && this.scroll.at) || undefined }),
      passed: ({ at }) => this.hint(words.say('dates.passed', { day: this.calendar.day(at, Date.now()) })),
    });
  }

  older() {
    const { aside, archive } = this;
    if (aside.more) this.#read(() => archive.before(aside.messages[0].seq), (page) => aside.prepend(page));
    return aside.messages !== null;
  }

  newer() {
    const { aside, archive } = this;
    this.#read(() => archive.after(aside.messages.at(-1).seq), (page) => aside.append(page));
  }

  // One is in the room again, and may not have been told what has become of the messages here.
  async refresh() {
    this.quotes.again();
    if (!this.aside.messages || !this.aside.isStale) return;
    const found = await this.#find(this.scroll.at ?? this.conversation.marked);
    if (found) this.scroll.keep(() => this.conversation.show(found));
  }

  // One is at the newest.
  close() {
    this.#turn += 1;
    this.aside.close();
    this.conversation.marked = null;
    byId('back').hidden = true;
  }

  // Gives the message that stands nearest to a number, null where none can be had, or where one has gone elsewhere meanwhile.
  async #find(seq) {
    const { messages, aside, archive } = this;
    this.#turn += 1;
    const turn = this.#turn;
    if (!aside.isStale && aside.messages?.some((message) => message.seq === seq)) return aside.get(seq);
    const isNowhere = seq > messages.last || !messages.more;
    if (isNowhere || messages.sent.some((message) => message.seq === seq)) {
      aside.close();
      return nearest(messages.sent, seq);
    }
    try {
      const [page] = await aside.hear([archive.around(seq)]);
      if (turn !== this.#turn) return null;
      aside.open(page);
      this.#join();
      return nearest(aside.messages ?? messages.sent, seq);
    } catch {
      if (turn === this.#turn) this.lost();
      return null;
    }
  }

  #show(message, { seq, marked }) {
    if (!message) return;
    const isThere = message.seq === seq;
    this.conversation.marked = isThere ? marked : null;
    if (this.#isInView(message)) this.conversation.mark();
    else this.conversation.goTo(message);
    this.#showBack(history.state?.came);
    this.hint(isThere ? '' : this.words.say('place.gone'));
    if (isThere) this.#tell(message);
    // Who is asked for a name goes on with that.
    if (byId('entrance').hidden) this.conversation.nodeOf(message).focus({ preventScroll: true });
    this.changed();
  }

  #showBack(came) {
    byId('back').hidden = !came;
    byId('back').textContent = this.words.say(came === 'sought' ? 'search.back' : 'place.back');
  }

  #tell({ nick, at }) {
    this.spoken.say(this.words.say('place.at', { nick, time: this.calendar.full.format(at) }));
  }

  #isInView(message) {
    const node = this.conversation.nodeOf(message)?.getBoundingClientRect();
    const frame = byId('log').getBoundingClientRect();
    return Boolean(node) && node.top >= frame.top && node.bottom <= frame.bottom;
  }

  async #read(ask, take) {
    const { aside } = this;
    if (this.#waiting || !aside.messages) return;
    this.#waiting = true;
    const turn = this.#turn;
    try {
      const [page] = await aside.hear([ask()]);
      this.#waiting = false;
      if (turn !== this.#turn) return;
      take(page);
      this.#join();
      // Nothing new would be asked for again at once.
      if (page.messages.length > 0 || !aside.messages) this.changed();
    } catch {
      setTimeout(() => { this.#waiting = false; }, PAUSE);
    }
  }

  // Where the stretch has come to the newest messages, it is one with them. Never before: there would be a hole.
  #join() {
    const { messages, aside } = this;
    if (messages.complete && aside.reaches(messages.oldest)) messages.precede(aside.messages, aside.more);
    else if (aside.messages.length > 0) return;
    aside.close();
  }
}

const nearest = (messages, seq) => messages.findLast((message) => message.seq <= seq) ?? messages[0] ?? null;
