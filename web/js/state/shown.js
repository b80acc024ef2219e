// The room that is shown. Who looks at it looks through this, for another room may take its place at any moment.

export class Shown {
  constructor(room) {
    this.room = room;
  }

  get name() { return this.room.name; }

  get title() { return this.room.title; }

  get kind() { return this.room.kind; }

  get with() { return this.room.with; }

  get messages() { return this.room.messages; }

  get people() { return this.room.people; }

  get typing() { return this.room.typing; }

  get comings() { return this.room.comings; }

  get standing() { return this.room.standing; }

  get me() { return this.room.me; }

  get nicks() { return this.room.nicks; }

  keepNewest(count) { this.room.keepNewest(count); }
}
