// The newest messages of the room, kept for the next visit: it then shows them at once, and asks only for what is new.
const KEPT = 200;
const PAUSE = 1_000;

export class History {
  #timer = null;
  #kept = '';

  constructor(database, room) {
    this.database = database;
    this.room = room;
    addEventListener('pagehide', () => this.#keep());
    document.addEventListener('visibilitychange', () => document.hidden && this.#keep());
  }

  async restore() {
    const row = await this.database.room(this.room.name);
    if (!row) return;
    this.room.messages.restore(row);
    this.room.messages.unsent.iAm(row.me);
  }

  keepSoon() {
    this.#timer ??= setTimeout(() => this.#keep(), PAUSE);
  }

  #keep() {
    clearTimeout(this.#timer);
    this.#timer = null;
    const { name, messages, me } = this.room;
    const { epoch, last, sent, complete, changes } = messages;
    const state = `${name} ${me} ${epoch} ${last} ${sent.length} ${complete} ${changes}`;
    const kept = messages.kept(KEPT);
    if (!kept || state === this.#kept) return;
    this.#kept = state;
    this.database.keepRoom({ room: name, me, ...kept });
  }
}
