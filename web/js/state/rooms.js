// The rooms that are one's own: what is new in each, and the order in which they stand. The server tells all of them now and
// then; what is heard between changes them.

const LOBBY = 'lobby';
// Up to this many of the list are kept for the next visit.
const KEPT = 200;

export class Rooms {
  shown = '';      // the name of the one that is looked at
  isKnown = false; // whether the server has told them
  #all = new Map([[LOBBY, { name: LOBBY }]]);

  // Those of the last visit.
  restore(rooms) {
    for (const room of rooms) if (typeof room?.name === 'string') this.#all.set(room.name, room);
  }

  get kept() {
    return this.inOrder.slice(0, KEPT);
  }

  get(name) {
    return this.#all.get(name);
  }

  // The last active first.
  get inOrder() {
    return [...this.#all.values()].sort((one, other) => (other.at ?? 0) - (one.at ?? 0));
  }

  // All that the server lists; one's own are among them, whatever it left out. What one only looks at stays while one does.
  take(listed) {
    const own = listed.filter(({ mine }) => mine);
    const looked = this.#all.get(this.shown);
    const told = listed.find(({ name }) => name === this.shown);
    this.#all = new Map(own.map((room) => [room.name, room]));
    if (told ?? looked) this.#all.set(this.shown, { ...looked, ...told });
    // From everywhere there is a way to it.
    if (!this.#all.has(LOBBY)) this.#all.set(LOBBY, listed.find(({ name }) => name === LOBBY) ?? { name: LOBBY });
    this.isKnown = true;
    this.#clear(this.shown);
  }

  // What one knows of a room by being in it.
  show({ name, kind, title, with: other }) {
    this.shown = name;
    this.learn(name, { kind, title, with: other ?? undefined });
    this.#clear(name);
  }

  learn(name, facts) {
    const given = Object.entries(facts).filter(([, value]) => value !== undefined);
    this.#all.set(name, { name, ...this.#all.get(name), ...Object.fromEntries(given) });
  }

  // Somebody else said something there.
  heard(name, { seq, at }, { callsMe, counts }) {
    const known = this.#all.get(name);
    if (known && seq <= (known.seq ?? 0)) return;
    const { unread = 0, mentions = 0 } = known ?? {};
    this.learn(name, { seq, at });
    if (counts) this.learn(name, { unread: unread + 1, mentions: mentions + (callsMe ? 1 : 0) });
  }

  // Up to where one has read, perhaps on another device; of what is said since, the server knows the count.
  read(name, upTo) {
    const known = this.#all.get(name);
    if (!known) return;
    this.learn(name, { read: Math.max(upTo, known.read ?? 0) });
    if (upTo >= (known.seq ?? 0)) this.#clear(name);
  }

  forget(name) {
    this.#all.delete(name);
  }

  // How much calls for one in rooms that are not shown.
  get calling() {
    return [...this.#all.values()].filter(({ name }) => name !== this.shown)
      .reduce((sum, room) => sum + callsIn(room), 0);
  }

  // The one that stands before or after the shown one, the last after the first; with `isUnread` one with something new.
  next(by, isUnread = false) {
    const all = this.inOrder;
    const place = all.findIndex(({ name }) => name === this.shown);
    for (let step = 1; step <= all.length; step += 1) {
      const room = all[(place + by * step + all.length * step) % all.length];
      if (room.name !== this.shown && (!isUnread || room.unread > 0)) return room;
    }
    return null;
  }

  #clear(name) {
    if (this.#all.has(name)) this.learn(name, { unread: 0, mentions: 0 });
  }
}

// In a direct one, all that is said calls.
export const callsIn = ({ kind, unread = 0, mentions = 0 }) => (kind === 'direct' ? unread : mentions);
