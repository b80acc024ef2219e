// Asks for something about a room, and says why it was refused.
import { ask, Refused } from '../keeping/requests.js';

export class Asking {
  constructor({ words, room, rooms, session, go, refused }) {
    Object.assign(this, { words, room, rooms, session, go, refused });
  }

  // Gives { told } or { why }, a sentence. What was done to the room is known at once.
  async try(type, fields = {}, place = this.room.name) {
    try {
      const told = await ask(type, fields, place);
      if (Number.isInteger(told?.seq)) this.session.told(told);
      return { told, why: '' };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { told: null, error: error.error, why: this.words.sentenceFor({ ...error.error, about: 'room' }) };
    }
  }

  // To the room of oneself and another.
  async direct({ user }) {
    const { told, error } = await this.try('direct', { user }, null);
    if (error) {
      this.refused(error);
      return;
    }
    this.rooms.learn(told.room, { kind: 'direct', with: told.with, at: Date.now() });
    this.go(told.room);
  }
}
