// For who has no name yet: reads along, by requests that are held. One is not in the room, and nobody sees one come.
import { EMPTY, ReadingWay } from './reading.js';

// In s, and for the answer on its way in ms.
const HELD = 25;
const SPARE = 10_000;

export class LookingWay extends ReadingWay {
  silence = HELD * 1_000 + SPARE;

  // A room where nobody ever was is refused, and the browser's console complains; but one may wait for it.
  first = { since: 0, limit: 1, wait: 1 };

  reached() {
    this.onopen();
  }

  send(command) {
    if (command.type === 'history') this.run(() => this.#history(command));
    // Whether the server is there; what is held answers later.
    if (command.type === 'ping') this.run(() => this.get('events', this.since > 0 ? { limit: 1 } : this.first));
  }

  async #history(command) {
    if (this.since > 0) await this.history(command);
    else this.tell({ ...EMPTY, type: 'history', room: this.room, ref: command.ref });
  }

  async live() {
    this.goTo(this.greeting().room);
    await this.enter();
    for (;;) await this.ask({ wait: HELD });
  }
}
