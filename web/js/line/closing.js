// What to do when a connection has ended, by docs/protocol.md, "Close codes".

// By these codes the server itself says that one is to come again.
const INVITING = [1001, 4008];
// Who was there less than a minute ago (in ms) may be back soon, and is asked every few seconds.
const RECENT = 60_000;
const SHORT = 5;

const FINAL = {
  1003: 'unreadable',
  1007: 'unreadable',
  1008: 'turned_away',
  1009: 'too_big',
  4003: 'removed',
};

const FIRST = 0.5;
export const LONGEST = 30;

// Refused rooms that another try would not open.
const NO_ROOM = ['too_long', 'bad_field', 'no_such_room'];

// Whether a line has ended at such a room.
export const isShutOut = ({ state, why }) => state === 'ended' && why?.about === 'room' && NO_ROOM.includes(why.code);

// Whether it has ended because one may not be in the room, or had to go.
export const isKeptOut = ({ state, why }) => state === 'ended' && (why?.code === 'removed' || Boolean(why?.why));

function delayIn(reason) {
  try {
    const { reconnect } = JSON.parse(reason);
    return reconnect >= 0 && reconnect <= 300 ? reconnect : null;
  } catch {
    return null;
  }
}

// Returns { why }, a code that has a sentence, when it is over, otherwise { wait } in seconds. Half of each wait is chance, so
// that a thousand pages do not come back in the same moment. What the server asks for may be more than `longest`.
export function afterClose({ code, reason }, attempt, longest = LONGEST, random = Math.random) {
  if (code in FINAL) return { why: { code: FINAL[code] } };
  if (code === 4008 && attempt === 0) return { wait: 0 };
  const told = code === 1001 ? delayIn(reason) : null;
  return { wait: told ?? Math.min(longest, FIRST * 2 ** attempt) * (0.5 + random() / 2) };
}

// When to come back, by how often it was tried and how long ago one was there.
export class Comeback {
  #attempt = 0;
  #lostAt = -Infinity;

  // All is well: the next loss is a first one.
  settled() {
    this.#attempt = 0;
  }

  lost(now) {
    this.#lostAt = now;
  }

  // As afterClose.
  after(close, now) {
    const answer = afterClose(close, this.#attempt, now - this.#lostAt < RECENT ? SHORT : LONGEST);
    this.#attempt += 1;
    return answer;
  }
}

export const isInviting = ({ code }) => INVITING.includes(code);
