// The conversation with the server about one room: what the reader does, and the parts that carry it out.
import { Choice } from './choice.js';
import { Hearing } from './hearing.js';
import { Line } from './line.js';
import { Lookout } from './lookout.js';
import { LATE, Outbox } from './outbox.js';
import { Pages } from './pages.js';
import { Progress } from './progress.js';
import { Tap } from './tap.js';

export class Session {
  #hearing;

  // `tell` has a function each for changed, caughtUp, heard(message), failed(message), named(nick), renamed(nick),
  // nickRefused(error), actRefused(error), readElsewhere(seq) and done(deed).
  constructor(room, database, tell) {
    this.room = room;
    this.tell = tell;
    const send = (command) => this.line.send(command);
    this.choice = new Choice(() => this.#greeting());
    this.line = new Line(this.choice, {
      received: (event) => this.#hearing.received(event),
      changed: () => this.#lineChanged(),
      askedAt: () => this.outbox.askedAt,
    });
    this.tap = this.choice.tap = new Tap(() => this.line.way, () => tell.changed());
    this.lookout = new Lookout(this.choice, this.line);
    const others = globalThis.BroadcastChannel && new BroadcastChannel('discarded');
    this.outbox = new Outbox(room, send, { database, others, changed: () => tell.changed() });
    this.pages = new Pages(room, send);
    this.progress = new Progress((seq) => this.#read(seq));
    this.#hearing = new Hearing(this, { again: () => this.enter(), tell });
  }

  get nick() {
    return this.#hearing.nick;
  }

  get limits() {
    return this.#hearing.limits;
  }

  // Whether all that is said is here.
  get live() {
    return this.#hearing.live;
  }

  // Whether one is in the room oneself.
  get inside() {
    return this.live && !this.choice.looks;
  }

  // Without a nick one looks.
  enter(nick = null) {
    this.#hearing.nick = nick;
    this.line.open();
  }

  rename(nick) {
    this.line.send({ type: 'nick', nick, ref: 'nick' });
  }

  // Resolves when what is said will outlive the page.
  say(text, replyTo) {
    this.room.typing.said();
    const kept = this.outbox.say(text, this.nick, replyTo);
    this.tell.changed();
    setTimeout(this.tell.changed, LATE);
    return kept;
  }

  again(message) {
    this.outbox.again(message);
    this.tell.changed();
  }

  discard(message) {
    this.outbox.discard(message);
    this.tell.changed();
  }

  // What is to become of a message: edit, delete, react or unreact. Returns whether it is on its way; why not, now or later,
  // comes to `actRefused`.
  act(type, { seq }, fields = {}) {
    if (!this.inside) {
      this.tell.actRefused({ code: 'offline' });
      return false;
    }
    this.line.send({ type, room: this.room.name, seq, ref: 'act', ...fields });
    return true;
  }

  // The answer to a request of one's own: it may run ahead of what others did before.
  told(event) {
    this.#hearing.received({ ...event, room: this.room.name, again: true });
  }

  #read(seq) {
    if (this.inside) this.line.send({ type: 'read', room: this.room.name, seq });
    return this.inside;
  }

  write() {
    const { name, standing, typing } = this.room;
    const now = Date.now();
    if (this.inside && !standing.silence(now) && typing.mayTell(now)) this.line.send({ type: 'typing', room: name });
  }

  older() {
    if (this.live) this.pages.older();
  }

  carryBy(wish) {
    const before = this.choice.name;
    this.choice.choose(wish);
    if (this.choice.name !== before || this.line.state === 'waiting') this.line.reopen();
    this.lookout.look();
    this.tell.changed();
  }

  watch(isWatched) {
    if (isWatched) this.tap.open();
    else this.tap.close();
    // A connection that is still being made is let come in first.
    if (this.live && this.tap.wantsAnother) this.line.reopen();
  }

  // Made anew for each connection.
  #greeting() {
    const { name, messages } = this.room;
    return { nick: this.nick, room: name, ...messages.position };
  }

  #lineChanged() {
    if (this.line.state !== 'open') this.#hearing.lost();
    if (this.line.why) this.outbox.giveUp();
    if (this.line.state === 'waiting') this.lookout.look();
    this.tell.changed();
  }
}
