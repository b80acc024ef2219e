// The room as one knows it: its messages, the people, who is typing. It takes events and asks for nothing.
import { Comings } from './comings.js';
import { Messages } from './messages.js';
import { People } from './people.js';
import { Standing } from './standing.js';
import { Typing } from './typing.js';

export class Room {
  messages = new Messages();
  people = new People();
  typing = new Typing();
  comings = new Comings();
  standing = new Standing();
  kind = 'public';
  with = null;  // in a direct one, the other

  constructor(name) {
    this.name = name;
  }

  // A private one has no name but this.
  get title() {
    return this.standing.rules.title;
  }

  // What a list tells of it, until one is in.
  introduce({ kind = 'public', with: other = null, title, topic } = {}) {
    Object.assign(this, { kind, with: other });
    this.standing.rules = { title, topic };
  }

  get me() {
    return this.messages.me;
  }

  // Everybody whose name is known: who is here, and who said something that is on the page.
  get nicks() {
    const known = new Map(this.messages.sent.map(({ user, nick }) => [user, nick]));
    for (const [user, nick] of this.people.nicks) known.set(user, nick);
    return known;
  }

  iAm(user, nick) {
    this.messages.unsent.iAm(user);
    this.people.iAm(user, nick);
  }

  // Returns the message, when the event is one that somebody else has said and that was not known yet; and what was done to
  // keep order, likewise.
  take(event, now) {
    if (event.type === 'joined') this.name = event.room;  // as the server writes it: trimmed, NFC
    if (event.room !== undefined && event.room !== this.name) return null;
    const meaning = this.#meanings[event.type];
    if (meaning) return meaning(event, now) ?? null;
    // A kind of event that this page does not know has a number all the same.
    if (event.room !== undefined && Number.isInteger(event.seq)) this.messages.pass(event.seq);
    return null;
  }

  // All but why one may not be in it any more, and what it is called.
  forget() {
    this.messages.forget();
    this.people.joined({});
    this.comings.clear();
    this.typing = new Typing();
    this.standing.rules = { title: this.title };
  }

  // So many of the newest messages, and what is noted between them.
  keepNewest(count) {
    this.messages.keepNewest(count);
    if (this.messages.more) this.comings.keepFrom(this.messages.oldest ?? 0);
  }

  #meanings = {
    welcome: (event) => { this.standing.welcome(event); },

    hosting: () => { this.standing.hosting(); },

    joined: (event) => {
      this.kind = event.kind ?? 'public';
      this.with = event.with ?? null;
      this.people.joined(event);
      this.standing.joined(event);
      this.messages.joined(event);
      // Their places are numbers of a log that may be another now.
      if (!event.recovered) this.comings.clear();
    },

    said: (event, now) => {
      const message = this.messages.said(event);
      this.typing.stopped(event.user);
      if (event.user === this.me) this.standing.wrote(event, now);
      return message?.user === this.me ? null : message;
    },

    edited: (event) => { this.messages.became(event); },

    deleted: (event) => { this.messages.became(event); },

    reacted: (event) => { this.messages.became(event); },

    unreacted: (event) => { this.messages.became(event); },

    moderated: (event) => this.#did(event, () => event.whom.user === this.me && this.standing.moderated(event)),

    appointed: (event) => this.#did(event, () => event.whom.user === this.me && this.standing.appointed(event)),

    ruled: (event) => this.#did(event, () => { event.before = this.standing.ruled(event); }),

    error: (error) => { this.standing.refused(error); },

    entered: (event, now) => {
      this.people.entered(event);
      this.#note('came', event, now);
    },

    left: (event, now) => {
      this.people.left(event);
      this.typing.stopped(event.user);
      this.#note('left', event, now);
    },

    presence: (event) => { this.people.presence(event); },

    // It tells no room: of who is in another one there is nothing to note here.
    renamed: (event, now) => {
      if (this.with?.user === event.user) this.with = { user: event.user, nick: event.nick };
      if (!this.people.nicks.has(event.user)) return;
      this.people.renamed(event);
      this.#note('renamed', event, now);
    },

    typing: (event, now) => {
      if (event.user !== this.me) this.typing.heard(event, now);
    },
  };

  // What is known already has had its effect.
  #did(event, heed) {
    if (!event.again) this.messages.pass(event.seq);
    const deed = this.comings.keep(event);
    if (deed) heed();
    return deed;
  }

  #note(did, { user, nick, was }, at) {
    if (user === this.me) return;
    const { last, sent } = this.messages;
    this.comings.add({ did, user, nick, was, at }, Math.max(last, sent.at(-1)?.seq ?? 0));
  }
}
