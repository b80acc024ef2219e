// Coming in by an invitation link.

export class Invited {
  constructor(asking) {
    this.asking = asking;
  }

  // Makes one a member under this nick. Gives why not, or null.
  async accept(place, code, nick) {
    const named = await this.asking.try('guest', { nick }, null);
    if (named.error) return { ...named.error, about: 'nick' };
    const { error } = await this.asking.try('join', { invitation: code }, place);
    return error ? { ...error, about: 'room' } : null;
  }
}
