// What the server tells, and what it means for the conversation: who one is, when the room is complete, what was refused.

export class Hearing {
  nick = null;  // without one, one only reads along
  limits = {};
  live = false;
  #missedUpTo = Infinity;
  #enteredAt = 0;

  // `parts` are the room, the choice of a way, the line, the tap, the lookout, the outbox and the pages; `again` enters as one
  // without a name; `tell` is the session's.
  constructor(parts, { again, tell }) {
    Object.assign(this, { ...parts, again, tell });
  }

  // The line is not open: nothing is known of what happens in the room.
  lost() {
    this.live = false;
    this.outbox.closed();
    this.pages.lost();
  }

  received(event) {
    const news = this.room.take(event, Date.now());
    if (news?.kind) this.tell.done(news);
    else if (news) this.tell.heard(news);
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
      this.#missedUpTo = this.#enteredAt = seq;
      if (recovered) this.#goLive();
      else this.pages.newest();
    },

    said: () => { this.outbox.settled(); },

    // Who asks by requests is not in the room, and nobody closes anything.
    moderated: ({ act, whom, seq }) => {
      const removes = act === 'kick' || act === 'ban';
      if (removes && whom.user === this.room.me && seq > this.#enteredAt) this.line.end({ code: 'removed' });
    },

    read: ({ room, up_to: read }) => this.#readElsewhere([{ room, read }]),

    unread: ({ rooms }) => this.#readElsewhere(rooms),

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
      else if (error.ref === 'act') this.tell.actRefused(error);
      else if (error.ref === 'join' || error.ref === 'newest') this.#shutOut(error);
      else if (error.ref?.startsWith('older')) this.pages.refused();
    },
  };

  #readElsewhere(rooms) {
    const found = rooms.find(({ room }) => room === this.room.name);
    if (found) this.tell.readElsewhere(found.read);
  }

  #goLive() {
    this.live = true;
    this.line.settled();
    if (this.tap.wantsAnother) {
      this.line.reopen();
      return;
    }
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
    if (error.ref === 'hello') this.again();
    this.tell.nickRefused(error);
  }

  #shutOut(error) {
    if (error.code === 'unavailable' || error.code === 'too_fast') this.line.lose({ code: 1001 });
    else this.line.end({ ...error, about: 'room' });
  }
}
