// The conversation with the server about one room: who one is, what was missed, what is still to be said.
import { Choice } from './choice.js';
import { Line } from './line.js';
import { Lookout } from './lookout.js';
import { LATE, Outbox } from './outbox.js';
import { Pages } from './pages.js';
import { Tap } from './tap.js';

export class Session {
  nick = null;  // without one, one only reads along
  limits = {};
  live = false;
  #missedUpTo = Infinity;

  // `tell` has a function each for changed, caughtUp, heard(message), failed(message), named(nick), renamed(nick) and
  // nickRefused(error).
  constructor(room, database, tell) {
    this.room = room;
    this.tell = tell;
    this.choice = new Choice(() => this.#greeting());
    this.line = new Line(this.choice, {
      received: (event) => this.#received(event),
      changed: () => this.#lineChanged(),
      askedAt: () => this.outbox.askedAt,
    });
    this.tap = this.choice.tap = new Tap(() => this.line.way, () => tell.changed());
    this.lookout = new Lookout(this.choice, this.line);
    const send = (command) => this.line.send(command);
    this.outbox = new Outbox(room, send, database);
    this.pages = new Pages(room, send);
  }

  get inside() {
    return this.live && !this.choice.looks;
  }

  // Without a nick one looks.
  enter(nick = null) {
    this.nick = nick;
    this.line.open();
  }

  rename(nick) {
    this.line.send({ type: 'nick', nick, ref: 'nick' });
  }

  say(text) {
    this.room.typing.said();
    this.outbox.say(text, this.nick);
    this.tell.changed();
    setTimeout(this.tell.changed, LATE);
  }

  again(message) {
    this.outbox.again(message);
    this.tell.changed();
  }

  discard(message) {
    this.outbox.discard(message);
    this.tell.changed();
  }

  write() {
    if (this.inside && this.room.typing.mayTell(Date.now())) this.line.send({ type: 'typing', room: this.room.name });
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

  // Only a connection that was opened for it is described.
  watch(isWatched) {
    if (isWatched) this.tap.open();
    else this.tap.close();
    if (this.line.state === 'open' && this.line.way.isTapped === !isWatched) this.line.reopen();
  }

  // Made anew for each connection.
  #greeting() {
    const { name, messages } = this.room;
    return { nick: this.nick, room: name, ...messages.position, newest: messages.newest };
  }

  #lineChanged() {
    if (this.line.state !== 'open') {
      this.live = false;
      this.outbox.closed();
      this.pages.lost();
    }
    if (this.line.why) this.outbox.giveUp();
    if (this.line.state === 'waiting') this.lookout.look();
    this.tell.changed();
  }

  #received(event) {
    const message = this.room.take(event, Date.now());
    if (message) this.tell.heard(message);
    this.#answers[event.type]?.(event);
    if (this.live && this.room.messages.last >= this.#missedUpTo) this.#caughtUp();
    this.tell.changed();
  }

  #answers = {
    // Not every way tells the limits.
    welcome: ({ user, nick, limits = this.limits }) => {
      this.room.iAm(user, nick);
      this.limits = limits;
      this.#named(nick);
    },

    joined: ({ recovered, seq }) => {
      this.#missedUpTo = seq;
      if (recovered) this.#goLive();
      else this.pages.newest();
    },

    said: () => { this.outbox.settled(); },

    history: (page) => {
      const complete = this.pages.take(page);
      this.outbox.settled();
      if (complete) this.#goLive();
    },

    renamed: ({ user, nick }) => {
      if (user === this.room.me) this.#named(nick);
    },

    done: ({ ref }) => {
      if (ref === 'nick') this.tell.renamed(this.nick);
    },

    error: (error) => {
      if (error.id) this.#messageRefused(error);
      else if (error.ref === 'hello' || error.ref === 'nick') this.#nickRefused(error);
      else if (error.ref === 'join' || error.ref === 'newest') this.#shutOut(error);
      else if (error.ref?.startsWith('older')) this.pages.refused();
    },
  };

  #goLive() {
    this.live = true;
    this.line.settled();
    this.lookout.look();
    if (!this.choice.looks) this.outbox.opened();
  }

  // What was missed came after `joined`, one by one.
  #caughtUp() {
    this.#missedUpTo = Infinity;
    this.tell.caughtUp();
  }

  #named(nick) {
    this.nick = nick;
    this.tell.named(nick);
  }

  #messageRefused(error) {
    const message = this.outbox.refused(error);
    if (message) this.tell.failed(message);
  }

  // One goes on reading while one thinks of another name.
  #nickRefused(error) {
    if (error.ref === 'hello') this.enter();
    this.tell.nickRefused(error);
  }

  #shutOut(error) {
    if (error.code === 'unavailable' || error.code === 'too_fast') this.line.lose({ code: 1001 });
    else this.line.end({ ...error, about: 'room' });
  }
}
