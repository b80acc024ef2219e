// Who is writing just now. Nobody says when they stop: it ends by itself, or with what they said.
const ENDS = 6_000;
const EVERY = 3_000;

export class Typing {
  #until = new Map();
  #told = -Infinity;

  heard({ user, nick }, now) {
    this.#until.set(user, { nick, end: now + ENDS });
  }

  stopped(user) {
    this.#until.delete(user);
  }

  names(now) {
    for (const [user, { end }] of this.#until) if (end <= now) this.#until.delete(user);
    return Array.from(this.#until.values(), ({ nick }) => nick);
  }

  // Whether the others may be told again that one is writing oneself.
  mayTell(now) {
    if (now - this.#told < EVERY) return false;
    this.#told = now;
    return true;
  }

  said() {
    this.#told = -Infinity;
  }
}
