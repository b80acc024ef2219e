// Who came, went or changed their name, noted where it happened. What happens between two messages is one note.

export class Comings {
  notes = [];

  // `after` is the number of the message that it stands behind, 0 at the beginning.
  add(happened, after) {
    const last = this.notes.at(-1);
    if (last?.after === after) {
      last.events.push(happened);
      last.revision += 1;
    } else {
      this.notes.push({ kind: 'note', after, events: [happened], revision: 0 });
    }
  }

  keepFrom(oldest) {
    while (this.notes.length > 0 && this.notes[0].after < oldest) this.notes.shift();
  }
}

// What is left when who came and went again is left out: { came, left, renamed }, each a list of people.
export function foldedOf({ events }) {
  const came = new Map();
  const left = new Map();
  const renamed = new Map();
  for (const { user, nick, was, did } of events) {
    if (did === 'came' && !left.delete(user)) came.set(user, nick);
    if (did === 'left' && !came.delete(user)) left.set(user, nick);
    if (did === 'renamed') renamed.set(user, { was: renamed.get(user)?.was ?? was, nick });
  }
  return { came: [...came.values()], left: [...left.values()], renamed: [...renamed.values()] };
}
