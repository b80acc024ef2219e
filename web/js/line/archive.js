// Pages of the room's history from anywhere in it: one request each, over the HTTP API, whatever carries the chat.

const SIZE = 50;
// In ms
const PATIENCE = 10_000;

export class Archive {
  constructor(room) {
    this.room = room;
  }

  before(seq, limit = SIZE) {
    return this.#page({ before: seq, limit });
  }

  after(seq, limit = SIZE) {
    return this.#page({ after: seq, limit });
  }

  around(seq, limit = 2 * SIZE) {
    return this.#page({ around: seq, limit });
  }

  // From the first on that was said at a time, in ms, or later.
  from(at, limit = SIZE) {
    return this.#page({ at, limit });
  }

  async #page(asked) {
    const path = `/api/v1/rooms/${encodeURIComponent(this.room.name)}/messages?${new URLSearchParams(asked)}`;
    const answer = await fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok) throw new Error(`history: ${answer.status}`);
    return answer.json();
  }
}
