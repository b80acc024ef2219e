// Who came, went or changed their name, noted where it happened; what happens between two messages is one note. And what was
// done to keep order, each by itself.

// What a note tells when it is opened, the newest last.
const MOST = 100;

export class Comings {
  notes = [];

  // `after` is the number of the event that it stands behind, 0 at the beginning.
  add(happened, after) {
    let last = this.notes.at(-1);
    if (last?.after !== after || last.kind !== 'note') {
      last = new Note(after, happened.at);
      this.notes.push(last);
    }
    last.add(happened);
  }

  // One's own may run ahead of what others did before it, and come once more in its turn. Returns null when it is known.
  // There is something to tell of it once its words are there.
  keep(event) {
    const { seq: after, at } = event;
    if (this.notes.some((note) => note.kind === 'deed' && note.after === after)) return null;
    const deed = { kind: 'deed', revision: 0, tells: false, after, at, event };
    const place = this.notes.findLastIndex((note) => note.after <= after) + 1;
    this.notes.splice(place, 0, deed);
    return deed;
  }

  // Those that have something to tell.
  get told() {
    return this.notes.filter((note) => note.tells);
  }

  keepFrom(oldest) {
    while (this.notes.length > 0 && this.notes[0].after < oldest) this.notes.shift();
  }

  clear() {
    this.notes = [];
  }
}

// Of who came and went again is left that somebody did; of who left and came back, as with a page loaded again, nothing.
class Note {
  kind = 'note';
  revision = 0;
  events = [];
  passed = false;
  came = new Map();     // user to nick
  left = new Map();     // user to nick
  renamed = new Map();  // user to { was, nick }

  // `at` is when the first of it happened.
  constructor(after, at) {
    this.after = after;
    this.at = at;
  }

  get tells() {
    return this.passed || this.came.size + this.left.size + this.renamed.size > 0;
  }

  add(happened) {
    this.events.push(happened);
    if (this.events.length > MOST) this.events.shift();
    this.revision += 1;
    this.#fold[happened.did](happened);
  }

  #fold = {
    came: ({ user, nick }) => {
      if (!this.left.delete(user)) this.came.set(user, nick);
    },

    left: ({ user, nick }) => {
      this.renamed.delete(user);
      if (this.came.delete(user)) this.passed = true;
      else this.left.set(user, nick);
    },

    renamed: ({ user, nick, was }) => {
      if (this.came.has(user)) {
        this.came.set(user, nick);
        return;
      }
      const first = this.renamed.get(user)?.was ?? was;
      if (first === nick) this.renamed.delete(user);
      else this.renamed.set(user, { was: first, nick });
    },
  };
}
