// Carries out what one orders, and says what has come of it; a mute and a ban can be taken back.
import { ask, Refused } from './requests.js';

const UNDO = { mute: 'unmute', ban: 'unban' };

export class Orders {
  // `sentenceOf(event)` tells what was done, `say(sentence, undo)` says it, and `done()` is called after it.
  constructor({ room, session, words }, { say, sentenceOf, done }) {
    Object.assign(this, { room, session, words, say, sentenceOf, done });
  }

  ask(type, fields = {}, place = this.room.name) {
    return ask(type, fields, place);
  }

  // Why it was refused, or ''. `whom` is { user, nick }.
  async order(type, whom, fields = {}, place = this.room.name) {
    try {
      const event = await ask(type, { ...fields, user: whom?.user }, place);
      if (Number.isInteger(event?.seq)) this.session.told(event);
      const told = event ?? { act: type, nick: this.session.nick, user: this.room.me, whom, ...until(fields) };
      const undo = UNDO[type];
      if (type !== 'rule') this.say(this.sentenceOf(told), undo && (() => this.#undo(undo, whom, place)));
      this.done();
      return '';
    } catch (error) {
      return this.whyNot(error);
    }
  }

  whyNot(error) {
    if (!(error instanceof Refused)) throw error;
    return this.words.sentenceFor(error.error);
  }

  async #undo(type, whom, place) {
    const why = await this.order(type, whom, {}, place);
    if (why) this.say(why);
  }
}

const until = ({ seconds, reason }) => ({ until: seconds && Date.now() + seconds * 1_000, reason });
