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

  // `fate` is what can be done with a message of one's own that was not sent, `acts` with one that was.
  constructor({ words, calendar, room, scroll, fate, acts }) {
    Object.assign(this, { words, calendar, room, scroll, fate, acts });
  }

  // The message that a node shows, if the room has it.
  messageOf(node) {
    const message = this.room.messages.get(Number(node?.dataset.seq));
    return message && !message.deleted ? message : null;
  }

  draw(unreadFrom) {
    const { room, scroll } = this;
    if (scroll.following) room.keepNewest(KEPT);
    this.#entries = entriesOf(room.messages.all, room.comings.told, unreadFrom);
    scroll.keep(() => this.#draw());
  }

  // Whether the newest is on the page.
  get isAtEnd() {
    return this.#window.isAtEnd;
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

  #draw() {
    this.#nicks = null;
    this.#log.draw(this.#window.of(this.#entries, this.scroll.following));
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
    if (!this.#log.nodeOf(DIVIDER)) {
      this.#window.around(this.#entries, DIVIDER);
      this.#nicks = null;
      this.#log.draw(this.#window.of(this.#entries, false));
    }
    this.scroll.toEntry(this.#log.nodeOf(DIVIDER), count, this.isAtEnd);
  }

  #quotes = {
    find: (seq) => this.room.messages.get(seq),
    go: (message) => this.#goTo(message),
  };

  #goTo(message) {
    if (!this.#log.nodeOf(message)) {
      this.#window.around(this.#entries, message);
      this.#nicks = null;
      this.#log.draw(this.#window.of(this.#entries, false));
    }
    const node = this.#log.nodeOf(message);
    node.scrollIntoView({ block: 'center' });
    node.focus({ preventScroll: true });
  }

  #items = {
    divider: () => new Divider(this.words),
    note: (note) => new Note(note, this),
    message: (message) => new Slip(message, {
      mine: message.user === this.room.me,
      me: this.nick,
      nicks: message.text.includes('@') ? this.#nicks ??= [...this.room.nicks.values()] : [],
      words: this.words,
      calendar: this.calendar,
      fate: this.fate,
      acts: this.acts,
      quotes: this.#quotes,
      scroll: this.scroll,
    }),
  };
}
