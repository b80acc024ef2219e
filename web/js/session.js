// The conversation with the server about one room: who one is, what was missed, what is still to be said.
import { Line } from './line.js';
import { LATE, Outbox } from './outbox.js';
import { Pages } from './pages.js';

export class Session {
  nick = null;
  limits = {};
  live = false;
  #welcomed = false;

  // `tell` has a function each for changed, heard(message), failed(message), named(nick), renamed(nick) and
  // nickRefused(sentence).
  constructor(url, room, sentenceFor, tell) {
    this.room = room;
    this.sentenceFor = sentenceFor;
    this.tell = tell;
    this.line = new Line(url, {
      received: (event) => this.#received(event),
      changed: () => this.#lineChanged(),
      askedAt: () => this.outbox.askedAt,
    });
    const send = (command) => this.line.send(command);
    this.outbox = new Outbox(room, send, sentenceFor);
    this.pages = new Pages(room, send);
  }

  enter(nick) {
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

  write() {
    if (this.live && this.room.typing.mayTell(Date.now())) this.line.send({ type: 'typing', room: this.room.name });
  }

  older() {
    if (this.live) this.pages.older();
  }

  #lineChanged() {
    if (this.line.state !== 'open') {
      this.live = this.#welcomed = false;
      this.outbox.closed();
      this.pages.lost();
    }
    if (this.line.why) this.outbox.giveUp();
    this.tell.changed();
  }

  #received(event) {
    const message = this.room.take(event, Date.now());
    if (message) this.tell.heard(message);
    this.#answers[event.type]?.(event);
    this.tell.changed();
  }

  #answers = {
    // The first one knows the cookie's guest; the second answers our hello.
    welcome: ({ user, nick, limits }) => {
      this.room.iAm(user, nick);
      this.limits = limits ?? {};
      if (!this.#welcomed) {
        this.#welcomed = true;
        this.line.send({ type: 'hello', nick: this.nick, ref: 'hello' });
        return;
      }
      this.#named(nick);
      this.line.send({ type: 'join', room: this.room.name, ...this.room.messages.position, ref: 'join' });
    },

    joined: ({ recovered }) => {
      if (recovered) this.#goLive();
      else this.pages.newest();
    },

    history: (page) => {
      if (this.pages.take(page)) this.#goLive();
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
    this.outbox.opened();
  }

  #named(nick) {
    this.nick = nick;
    this.tell.named(nick);
  }

  #messageRefused(error) {
    const message = this.outbox.refused(error);
    if (message) this.tell.failed(message);
  }

  #nickRefused(error) {
    if (error.ref === 'hello') this.line.end(null);
    this.tell.nickRefused(this.sentenceFor({ ...error, about: 'nick' }));
  }

  #shutOut(error) {
    if (error.code === 'unavailable' || error.code === 'too_fast') this.line.lose();
    else this.line.end({ ...error, about: 'room' });
  }
}
