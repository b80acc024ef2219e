// What the server tells, and what it means for the conversation: who one is, which room it is about, what was refused.

// With nothing asked, these say why one is not in a room any more.
const REMOVALS = ['banned', 'locked', 'password'];

export class Hearing {
  nick = null;  // without one, one only reads along
  user = null;
  isHost = false;
  limits = {};

  // `stays` are those of the session, of which `again` enters as one without a name, `entered(stay)` hears that one is in
  // another; `tell` is the session's.
  constructor(stays, { again, entered, tell }) {
    Object.assign(this, { stays, again, entered, tell });
  }

  received(event) {
    const { ref, number } = split(event.ref);
    const plain = ref === undefined ? event : { ...event, ref };
    for (const stay of this.#whom(plain, number)) stay.take(plain);
    this.#meanings[event.type]?.(plain, number);
    this.tell.changed();
  }

  // Answers to what was asked for a room that one has left go to nobody.
  #whom(event, number) {
    const { stays } = this;
    const asked = number === undefined ? stays.greeted : stays.numbered(number);
    if (event.type === 'joined') return some(stays.of(event.room) ?? asked);
    if (event.room !== undefined) return some(stays.of(event.room));
    if (event.type !== 'error') return stays.all;
    if (event.id) return stays.all.filter(({ outbox }) => outbox.has(event.id));
    if (event.ref) return some(asked);
    return REMOVALS.includes(event.why) ? stays.all : [stays.shown];
  }

  #meanings = {
    // Not every way tells the limits.
    welcome: ({ user, nick, host = false, limits = this.limits }) => {
      for (const { room } of this.stays.all) room.iAm(user, nick);
      Object.assign(this, { user, limits, isHost: host });
      this.#named(nick);
    },

    hosting: () => { this.isHost = true; },

    joined: () => this.entered(),

    read: ({ room, up_to: read }) => this.tell.readElsewhere([{ room, read }]),

    unread: ({ rooms }) => this.tell.readElsewhere(rooms),

    news: (event) => this.tell.news(event),

    renamed: ({ user, nick }) => {
      if (user === this.user) this.#named(nick);
    },

    done: ({ ref }) => {
      if (ref === 'nick') this.tell.renamed(this.nick);
    },

    error: (error, number) => {
      if (error.ref === 'hello' || error.ref === 'nick') this.#nickRefused(error);
      else if (error.ref === 'act' && this.stays.numbered(number) === this.stays.shown) this.tell.actRefused(error);
    },
  };

  #named(nick) {
    this.nick = nick;
    this.tell.named(nick);
  }

  // One goes on reading while one thinks of another name.
  #nickRefused(error) {
    if (error.ref === 'hello') this.again();
    this.tell.nickRefused(error);
  }
}

const some = (stay) => (stay ? [stay] : []);

// Errors tell no room, but what they answer does: to a room's commands its number is added.
export const marked = (command, number) => (command.ref === undefined ? command : { ...command, ref: `${command.ref}@${number}` });

function split(ref) {
  const [, plain, number] = ref?.match(/^(.*)@(\d+)$/) ?? [null, ref];
  return { ref: plain, number: number === undefined ? undefined : Number(number) };
}
