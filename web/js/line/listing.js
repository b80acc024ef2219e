// Asks for the rooms: on opening, on coming back to the page, and now and then while one looks. By a request, whatever carries
// the chat.

// In ms
const EVERY = 60_000;
const PATIENCE = 15_000;

// Gives { rooms, more }; fails where they cannot be had. `fields` are `q` and `limit`.
export async function roomsBy(fields = {}) {
  const answer = await fetch(`/api/v1/rooms?${new URLSearchParams(fields)}`, {
    cache: 'no-store', signal: AbortSignal.timeout(PATIENCE),
  });
  if (!answer.ok) throw new Error(`rooms: ${answer.status}`);
  return answer.json();
}

export class Listing {
  #askedAt = -Infinity;
  #turn = 0;

  // `take(rooms)` gets them.
  constructor(take) {
    this.take = take;
    setInterval(() => this.#askAgain(), EVERY / 4);
    document.addEventListener('visibilitychange', () => document.hidden || this.ask());
  }

  // Of several answers on their way the last one counts.
  async ask() {
    this.#askedAt = Date.now();
    this.#turn += 1;
    const turn = this.#turn;
    const told = await roomsBy().catch(() => null);
    if (told && turn === this.#turn) this.take(told.rooms);
  }

  #askAgain() {
    if (!document.hidden && Date.now() - this.#askedAt >= EVERY) this.ask();
  }
}
