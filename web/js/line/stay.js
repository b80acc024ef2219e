// One's stay in a room: the talk as far as it is known here, and what is on its way there. It goes on while another room is
// shown, as long as the line carries more than one.
import { Outbox } from './outbox.js';
import { Pages } from './pages.js';

// So many messages stay in memory of a room that is not shown.
const KEPT = 500;

export class Stay {
  live = false;  // whether all that is said is here
  isIn = false;
  asks = false;  // whether one has asked to come in, and has no answer yet
  #missedUpTo = Infinity;
  #enteredAt = 0;

  // `database` and `others` are what an Outbox takes; `tell` has a function for each of live(), caughtUp(), heard(message),
  // done(deed), failed(message), out(why), gone(), parted() and changed(), and each gets the stay as its last.
  constructor(room, send, { database, others, tell }) {
    Object.assign(this, { room, send, tell });
    this.outbox = new Outbox(room, send, { database, others, changed: () => tell.changed(this) });
    this.pages = new Pages(room, send);
  }

  enter() {
    this.asks = true;
    this.send({ type: 'join', room: this.room.name, ...this.room.messages.position, ref: 'join' });
  }

  // The line is not open: nothing is known of what happens in the room.
  lost() {
    this.live = this.isIn = this.asks = false;
    this.outbox.closed();
    this.pages.lost();
  }

  // Nobody looks at it.
  rest() {
    this.room.keepNewest(KEPT);
  }

  take(event) {
    const news = this.room.take(event, Date.now());
    if (news?.kind) this.tell.done(news, this);
    else if (news) this.tell.heard(news, this);
    this.#meanings[event.type]?.(event);
    if (this.live && this.room.messages.last >= this.#missedUpTo) this.#caughtUp();
  }

  #meanings = {
    joined: ({ recovered, seq }) => {
      this.isIn = true;
      this.asks = false;
      this.#missedUpTo = this.#enteredAt = seq;
      if (recovered) this.#goLive();
      else this.pages.newest();
    },

    said: () => { this.outbox.settled(); },

    history: (page) => {
      const complete = this.pages.take(page);
      this.outbox.settled();
      if (complete) this.#goLive();
    },

    // Who asks by requests is not in the room, and nobody closes anything.
    moderated: ({ act, whom, seq }) => {
      const removes = act === 'kick' || act === 'ban';
      if (removes && whom.user === this.room.me && seq > this.#enteredAt) this.#out({ code: 'removed' });
    },

    // On one's own word from another device, or by who banned one.
    left: ({ user }) => {
      if (user !== this.room.me || !this.isIn) return;
      if (this.room.standing.removed) this.#out({ code: 'removed' });
      else this.tell.parted(this);
    },

    destroyed: () => { this.tell.gone(this); },

    error: (error) => {
      if (error.id) this.#messageRefused(error);
      else if (error.ref === 'join' || error.ref === 'newest') this.#out({ ...error, about: 'room' });
      else if (error.ref?.startsWith('older')) this.pages.refused();
    },
  };

  #goLive() {
    this.live = true;
    this.tell.live(this);
  }

  // What was missed came after `joined`, one by one.
  #caughtUp() {
    this.#missedUpTo = Infinity;
    this.tell.caughtUp(this);
  }

  #out(why) {
    this.lost();
    this.tell.out(why, this);
  }

  #messageRefused(error) {
    const message = this.outbox.refused(error);
    if (message) this.tell.failed(message, this);
  }
}
