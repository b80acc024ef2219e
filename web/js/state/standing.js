// How the room is kept, and what one is in it oneself: docs/protocol.md, "Roles".
// So many rules of before are known.
const KEPT = 100;
const RANKS = ['guest', 'member', 'moderator', 'owner', 'host'];

export const rankOf = (role) => RANKS.indexOf(role);

export class Standing {
  rules = {};
  muted = null;    // { until, reason? }
  removed = null;  // the event or the error by which one had to go
  #role = 'guest';
  #host = false;
  #asOf = 0;       // the number of the log by which the rules are known
  #known = [];     // { seq, rules }: the rules from that number on, in its order
  #joined = 0;     // the one by which all was, on coming in
  #wrote = { seq: 0, at: -Infinity };

  get role() {
    return this.#host ? 'host' : this.#role;
  }

  get keeps() {
    return rankOf(this.role) >= rankOf('moderator');
  }

  // Why one may not write now: 'archived', 'muted', 'announcements' or null.
  silence(now) {
    if (this.rules.archived) return 'archived';
    if (this.muted?.until > now) return 'muted';
    return this.rules.announcements && !this.keeps ? 'announcements' : null;
  }

  // When one may write again in slow mode.
  get nextAt() {
    return this.rules.slow && !this.keeps ? this.#wrote.at + this.rules.slow * 1_000 : -Infinity;
  }

  welcome({ host = false }) {
    this.#host = host;
  }

  hosting() {
    this.#host = true;
  }

  joined({ role = 'guest', rules = {}, muted, muted_for: reason, host, seq, recovered }) {
    this.#role = role;
    this.rules = rules;
    this.#asOf = this.#joined = seq;
    if (!recovered) this.#known = [];
    this.#knows(seq, rules);
    this.muted = muted ? { until: muted, reason } : null;
    this.removed = null;
    // Not every way tells it with the welcome.
    if (host !== undefined) this.#host = host;
  }

  // Returns the rules of before, where they are known.
  ruled({ rules, seq }) {
    const before = this.#known.findLast((known) => known.seq < seq)?.rules;
    this.#knows(seq, rules);
    // One's own are answered ahead of what others ordered before, and what was missed comes after one is in.
    if (seq > this.#asOf) {
      this.rules = rules;
      this.#asOf = seq;
    }
    return before;
  }

  #knows(seq, rules) {
    const place = this.#known.findLastIndex((known) => known.seq <= seq) + 1;
    this.#known.splice(place, 0, { seq, rules });
    if (this.#known.length > KEPT) this.#known.shift();
  }

  // Of oneself.
  appointed({ role, seq }) {
    if (seq > this.#joined) this.#role = role;
  }

  moderated(event) {
    const { act, until, reason, seq } = event;
    if (seq <= this.#joined) return;
    if (act === 'mute') this.muted = { until, reason };
    if (act === 'unmute') this.muted = null;
    if (act === 'kick' || act === 'ban') this.removed = event;
  }

  // What is known of it from elsewhere.
  refused(error) {
    if (error.why === 'muted') this.muted = error;
    if (error.why === 'banned' && this.removed?.act !== 'ban') this.removed = error;
    // Nothing was asked: it is why one has to go.
    if (!error.ref && !error.id && ['locked', 'password'].includes(error.why)) this.removed = error;
  }

  // What is said while slow mode is on. A receipt may come before its message does, and what was missed long after it was said;
  // no clock is ahead of one's own.
  wrote({ seq, at }, now) {
    if (this.rules.slow && seq > this.#wrote.seq) this.#wrote = { seq, at: Math.min(at, now) };
  }
}
