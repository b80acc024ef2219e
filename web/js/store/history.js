// The newest messages of a room, kept for the next visit: it then shows them at once, and asks only for what is new.
import { Room } from '../state/room.js';

const KEPT = 200;
const PAUSE = 1_000;

export class History {
  #timer = null;
  #kept = new WeakMap();

  // `rooms()` gives those whose messages are to be kept.
  constructor(database, rooms) {
    this.database = database;
    this.rooms = rooms;
    addEventListener('pagehide', () => this.keep());
    document.addEventListener('visibilitychange', () => document.hidden && this.keep());
  }

  // Gives the room as it was known last, and what was not sent there.
  async restore(name) {
    const room = new Room(name);
    const [row, unsent] = await Promise.all([this.database.room(name), this.database.unsent(name)]);
    if (row) {
      room.messages.restore(row);
      room.messages.unsent.iAm(row.me);
    }
    return { room, unsent, isKnown: Boolean(row) };
  }

  keepSoon() {
    this.#timer ??= setTimeout(() => this.keep(), PAUSE);
  }

  keep() {
    clearTimeout(this.#timer);
    this.#timer = null;
    for (const room of this.rooms()) this.#keep(room);
  }

  #keep(room) {
    const { name, messages, me } = room;
    const { epoch, last, sent, complete, changes } = messages;
    const state = `${name} ${me} ${epoch} ${last} ${sent.length} ${complete} ${changes}`;
    const kept = messages.kept(KEPT);
    if (!kept || state === this.#kept.get(room)) return;
    this.#kept.set(room, state);
    this.database.keepRoom({ room: name, me, ...kept });
  }
}
