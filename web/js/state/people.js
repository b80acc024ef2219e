// Who is in the room. The server names the first fifty and counts them all.
export class People {
  me = null;
  count = 0;  // until one is in; null when it is not told
  nicks = new Map();

  iAm(user, nick) {
    this.me = user;
    this.nicks.set(user, nick);
  }

  // In a large room one may not be among the first fifty oneself. Not every way tells who is here.
  joined({ members = [], count = null }) {
    const own = this.me === null ? [] : [[this.me, this.nicks.get(this.me)]];
    this.nicks = new Map([...own, ...members.map(({ user, nick }) => [user, nick])]);
    this.count = count;
  }

  entered({ user, nick, count }) {
    this.nicks.set(user, nick);
    this.count = count;
  }

  left({ user, count }) {
    this.nicks.delete(user);
    this.count = count;
  }

  presence({ entered = [], left = [], count }) {
    for (const { user } of left) this.nicks.delete(user);
    for (const { user, nick } of entered) this.nicks.set(user, nick);
    this.count = count;
  }

  renamed({ user, nick }) {
    if (this.nicks.has(user)) this.nicks.set(user, nick);
  }

  // Oneself first, the others by name.
  inOrder(collator) {
    const rank = (user) => (user === this.me ? 0 : 1);
    return Array.from(this.nicks, ([user, nick]) => ({ user, nick }))
      .sort((one, other) => rank(one.user) - rank(other.user) || collator.compare(one.nick, other.nick));
  }
}
