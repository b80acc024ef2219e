// The conversation with the server: what the reader does, in the room that is shown, and the parts that carry it out.
import { isAddress } from '../state/place.js';
import { Choice } from './choice.js';
import { Hearing } from './hearing.js';
import { Line } from './line.js';
import { Lookout } from './lookout.js';
import { LATE } from './outbox.js';
import { Progress } from './progress.js';
import { Stays } from './stays.js';
import { Tap } from './tap.js';

export class Session {
  #hearing;
  #stays;

  // `tell` has a function each for changed, caughtUp, heard(message, room), failed(message), named(nick), renamed(nick),
  // nickRefused(error), actRefused(error), readElsewhere(rooms), news(event), done(deed, room), and missing(room),
  // gone(room) and parted(room), of a room that is not there, not any more, or that one has left on another device.
  constructor(room, database, tell) {
    this.tell = tell;
    this.choice = new Choice(() => this.#greeting());
    this.line = new Line(this.choice, {
      received: (event) => this.#hearing.received(event),
      changed: () => this.#lineChanged(),
      askedAt: () => Math.min(...this.#stays.all.map(({ outbox }) => outbox.askedAt)),
    });
    this.tap = this.choice.tap = new Tap(() => this.line.way, () => tell.changed());
    this.lookout = new Lookout(this.choice, this.line);
    this.progress = new Progress((place, seq) => this.#read(place, seq));
    const others = globalThis.BroadcastChannel && new BroadcastChannel('discarded');
    this.#stays = new Stays({
      send: (command) => this.line.send(command),
      leave: (stay) => { if (stay.isIn) this.line.send({ type: 'leave', room: stay.room.name }); },
      parts: { database, others, tell: this.#ofStays() },
    });
    this.#hearing = new Hearing(this.#stays, { again: () => this.enter(), entered: () => this.#enterOthers(), tell });
    this.#stays.show(this.#stays.add(room));
  }

  get room() {
    return this.#stays.shown.room;
  }

  get outbox() {
    return this.#stays.shown.outbox;
  }

  get nick() {
    return this.#hearing.nick;
  }

  get limits() {
    return this.#hearing.limits;
  }

  // Whether all that is said in the room is here.
  get live() {
    return this.#stays.shown.live;
  }

  // Whether one is in the room oneself.
  get inside() {
    return this.live && !this.choice.looks;
  }

  // The rooms that are followed, the one that is shown last.
  get rooms() {
    return this.#stays.all.map(({ room }) => room);
  }

  follows(name) {
    return Boolean(this.#stays.of(name));
  }

  // Follows another room, which need not be shown.
  follow(room, unsent = []) {
    if (this.#hearing.user !== null) room.iAm(this.#hearing.user, this.nick);
    if (this.#hearing.isHost) room.standing.hosting();
    const stay = this.#stays.add(room);
    stay.outbox.restore(unsent);
    if (this.#carriesMore) stay.enter();
    else if (this.#canSay) stay.outbox.opened();
  }

  // Shows a room that is followed.
  show(name) {
    this.progress.tellNow();
    const stay = this.#stays.of(name);
    const isOther = stay !== this.#stays.shown;
    this.#stays.show(stay);
    const { state } = this.line;
    if (!isOther || state === 'idle' || state === 'waiting') return;
    if (state === 'ended' || !this.choice.carriesMany) this.line.open();
    else if (state === 'open' && !stay.isIn && !stay.asks) stay.enter();
  }

  // Of one that one is to be in no more.
  forget(name) {
    const stay = this.#stays.of(name);
    if (stay && stay !== this.#stays.shown) this.#stays.drop(stay);
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
    this.#stays.shown.send({ type, room: this.room.name, seq, ref: 'act', ...fields });
    return true;
  }

  // The answer to a request of one's own: it may run ahead of what others did before.
  told(event) {
    this.#hearing.received({ room: this.room.name, ...event, again: true });
  }

  #read(place, seq) {
    const stay = this.#stays.of(place);
    const can = Boolean(stay?.live) && !this.choice.looks;
    if (can) this.line.send({ type: 'read', room: place, seq });
    return can;
  }

  write() {
    const { name, standing, typing } = this.room;
    const now = Date.now();
    if (this.inside && !standing.silence(now) && typing.mayTell(now)) this.line.send({ type: 'typing', room: name });
  }

  older() {
    if (this.live) this.#stays.shown.pages.older();
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
    this.#stays.greeted = this.#stays.shown;
    const { name, messages } = this.room;
    return { nick: this.nick, room: name, ...messages.position };
  }

  get #canSay() {
    return this.live && !this.choice.looks;
  }

  get #carriesMore() {
    return this.#canSay && this.choice.carriesMany;
  }

  // One is in a room by the line itself; it may carry others too, the shown one first.
  #enterOthers() {
    // It may have been opened anew meanwhile.
    if (this.line.state !== 'open' || !this.choice.carriesMany) return;
    for (const stay of this.#stays.all.toReversed()) if (!stay.isIn && !stay.asks) stay.enter();
  }

  #ofStays() {
    const { tell } = this;
    const isShown = (stay) => stay === this.#stays.shown;
    return {
      changed: () => tell.changed(),
      live: (stay) => this.#goLive(stay),
      caughtUp: (stay) => { if (isShown(stay)) tell.caughtUp(); },
      heard: (message, stay) => {
        if (!isShown(stay)) stay.rest();
        tell.heard(message, stay.room);
      },
      done: (deed, { room }) => tell.done(deed, room),
      failed: (message, stay) => { if (isShown(stay)) tell.failed(message); },
      gone: ({ room }) => tell.gone(room),
      parted: ({ room }) => tell.parted(room),
      out: (why, stay) => {
        // It may have been told without a room.
        for (const { isIn, room } of this.#stays.all) if (isIn) room.standing.removed = null;
        this.#missing(why, stay);
        if (!isShown(stay)) this.#stays.drop(stay);
        else if (why.code === 'unavailable' || why.code === 'too_fast') this.line.lose({ code: 1001 });
        else this.line.end(why);
      },
    };
  }

  #goLive(stay) {
    this.line.settled();
    if (this.tap.wantsAnother) {
      this.line.reopen();
      return;
    }
    this.lookout.look();
    if (this.choice.looks) return;
    stay.outbox.opened();
    // What was said elsewhere needs no more than the line, where that follows one room only.
    if (!this.choice.carriesMany) for (const other of this.#stays.others) other.outbox.opened();
  }

  #lineChanged() {
    const { state, why } = this.line;
    if (state !== 'open') for (const stay of this.#stays.all) stay.lost();
    // What a room refuses concerns no other.
    const isOfRoom = why?.about === 'room' || why?.code === 'removed';
    if (why) for (const stay of isOfRoom ? [this.#stays.shown] : this.#stays.all) stay.outbox.giveUp();
    if (why) this.#missing(why, this.#stays.shown);
    if (state === 'waiting') this.lookout.look();
    this.tell.changed();
  }

  // Of a private one nothing is left for who is out of it.
  #missing({ code }, { room }) {
    const isGone = code === 'no_such_room' || code === 'removed';
    if (!isGone || !isAddress(room.name)) return;
    room.forget();
    this.tell.missing(room);
  }
}
