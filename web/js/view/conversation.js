// The log of the room, made of its entries: messages, notes, the divider.
import { DIVIDER, entriesOf } from '../state/entries.js';
import { Window } from '../state/window.js';
import { Divider } from './divider.js';
import { byId } from './element.js';
import { Log } from './log.js';
import { Note } from './note.js';
import { Slip } from './slip.js';

// So many messages stay in memory of who only reads along, for days.
const KEPT = 500;

export class Conversation {
  #log = new Log(byId('messages'), (entry) => this.#items[entry.kind ?? 'message'](entry));
  #window = new Window();
  #entries = [];
  #drawnFor = '';
  #nicks = null;  // of all who are known, for as long as one drawing takes
  #unreadFrom = null;
  #node = null;   // the one that is marked
  marked = null;  // the number of the message to which the reader was led

  // `fate` is what can be done with a message of one's own that was not sent, `acts` with one that was; `quotes` is
  // what a Slip takes.
  constructor({ words, calendar, room, scroll, fate, acts, quotes }) {
    Object.assign(this, { words, calendar, room, scroll, fate, acts, quotes });
  }

  // Another room is shown.
  turn() {
    this.#log.clear();
    this.#window = new Window();
    this.#node = this.marked = null;
  }

  // The message that a node shows, if the room has it.
  messageOf(node) {
    return this.room.messages.get(Number(node?.dataset.seq)) ?? null;
  }

  draw(unreadFrom) {
    if (this.scroll.following) this.room.keepNewest(KEPT);
    this.#unreadFrom = unreadFrom;
    this.#gather();
    this.scroll.keep(() => this.#draw());
  }

  // At an old place, what stands around that, and nothing of the newest: there is a hole between.
  #gather() {
    const { messages, comings } = this.room;
    const old = this.#old;
    this.#entries = entriesOf(old ?? messages.all, old ? [] : comings.told, this.#unreadFrom);
  }

  get #old() {
    return this.room.messages.aside?.messages;
  }

  // Whether the newest is on the page.
  get isAtEnd() {
    return !this.#old && this.#window.isAtEnd;
  }

  // Brings what stands above or below what is on the page; false when that is not in memory.
  up() {
    return this.#turn(this.#window.up(this.#entries));
  }

  down() {
    return this.#turn(this.#window.down(this.#entries));
  }

  #turn(moved) {
    if (moved) this.scroll.keep(() => this.#draw());
    return moved;
  }

  #draw(follows = this.scroll.following) {
    this.#nicks = null;
    this.#log.draw(this.#window.of(this.#entries, follows));
    this.mark();
  }

  // Its node may have been made anew.
  mark() {
    const node = this.nodeOf(this.room.messages.get(this.marked));
    if (node === this.#node) return;
    this.#node?.removeAttribute('aria-current');
    node?.setAttribute('aria-current', 'true');
    this.#node = node;
  }

  nodeOf(message) {
    return this.#log.nodeOf(message);
  }

  // A message is drawn by who one is: what is one's own, and what speaks to one.
  drawFor(nick) {
    const { me, messages } = this.room;
    const matters = ({ user, text }) => user === me || text.includes('@');
    const reader = `${me} ${nick}`;
    const changes = reader !== this.#drawnFor && messages.all.some(matters);
    this.#drawnFor = reader;
    this.nick = nick;
    if (!changes) return;
    this.scroll.keep(() => {
      this.#log.clear();
      this.#draw();
    });
  }

  goToUnread(count) {
    if (!this.#entries.includes(DIVIDER)) return;
    if (!this.nodeOf(DIVIDER)) this.#around(DIVIDER);
    this.scroll.toEntry(this.nodeOf(DIVIDER), count, this.isAtEnd);
  }

  goTo(message) {
    this.show(message);
    this.scroll.toMiddle(this.nodeOf(message));
  }

  show(message) {
    this.#gather();
    this.#around(message);
  }

  #around(entry) {
    this.#window.around(this.#entries, entry);
    this.#draw(false);
  }

  #items = {
    divider: () => new Divider(this.words),
    deed: (deed) => deed.make(),
    note: (note) => new Note(note, this),
    message: (message) => new Slip(message, {
      mine: message.user === this.room.me,
      me: this.nick,
      nicks: message.text.includes('@') ? this.#nicks ??= [...this.room.nicks.values()] : [],
      words: this.words,
      calendar: this.calendar,
      fate: this.fate,
      acts: this.acts,
      quotes: this.quotes,
      scroll: this.scroll,
    }),
  };
}
