// Going from room to room without loading the page again. The address says where one is.
import { pathTo, roomOf } from '../state/place.js';

export class Going {
  #turn = 0;

  // `history` gives a room as it was known last, `session` carries the chat, `leave()` puts away what is of the room that was
  // shown, and `come()` shows the other one.
  constructor({ history, session, leave, come }) {
    Object.assign(this, { history, session, leave, come });
    addEventListener('popstate', () => this.#show(roomOf(location.pathname)));
    // A notification was tapped.
    navigator.serviceWorker?.addEventListener('message', ({ data }) => data?.path && this.to(roomOf(data.path)));
  }

  // Returns when it is shown. What it `replaces` is not to be gone back to.
  async to(name, { replaces = false } = {}) {
    const change = replaces ? 'replaceState' : 'pushState';
    if (roomOf(location.pathname) !== name) globalThis.history[change](null, '', pathTo(name));
    await this.#show(name);
  }

  // Of two that were asked for, the last counts.
  async #show(name) {
    this.#turn += 1;
    const turn = this.#turn;
    const { session } = this;
    if (name === session.room.name) return;
    if (!session.follows(name)) {
      const { room, unsent } = await this.history.restore(name);
      if (turn !== this.#turn) return;
      if (!session.follows(name)) session.follow(room, unsent);
    }
    for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
    this.leave();
    session.show(name);
    this.come();
  }
}
