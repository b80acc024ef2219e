// Carries out what one orders, and says what has come of it; a mute and a ban can be taken back.
import { ask, Refused } from './requests.js';

export const UNDO = { mute: 'unmute', ban: 'unban' };

export class Orders {
  #turn = Promise.resolve();

  // `sentenceOf(event)` tells what was done, `say(sentence, { undo, isNews })` says it, which is news where the log does not
  // tell it, and `done()` is called after it.
  constructor({ room, session, words }, { say, sentenceOf, done }) {
    Object.assign(this, { room, session, words, say, sentenceOf, done });
  }

  ask(type, fields = {}, place = this.room.name) {
    return ask(type, fields, place);
  }

  // Why it was refused, or ''. `whom` is { user, nick }. One after the other: what is left out of a rule stays as it is then.
  order(type, whom, fields = {}, place = this.room.name) {
    const carried = this.#turn.then(() => this.#carryOut(type, whom, fields, place));
    this.#turn = carried.catch(() => {});
    return carried;
  }

  async #carryOut(type, whom, fields, place) {
    try {
      const event = await ask(type, { ...fields, user: whom?.user }, place);
      if (Number.isInteger(event?.seq)) this.session.told(event);
      const told = event ?? { act: type, nick: this.session.nick, user: this.room.me, whom, ...until(fields) };
      const undo = UNDO[type];
      const take = undo && (() => this.#undo(undo, whom, place));
      if (type !== 'rule') this.say(this.sentenceOf(told), { undo: take, isNews: !event });
      this.done();
      return '';
    } catch (error) {
      return this.whyNot(error, fields);
    }
  }

  // What is wrong with a ban can only be that nobody knows the network.
  whyNot(error, { network = false } = {}) {
    if (!(error instanceof Refused)) throw error;
    if (network && error.error.code === 'bad_field') return this.words.say('keep.no_network');
    return this.words.sentenceFor(error.error);
  }

  async #undo(type, whom, place) {
    const why = await this.order(type, whom, {}, place);
    if (why) this.say(why, { isNews: true });
  }
}

const until = ({ seconds, reason }) => ({ until: seconds && Date.now() + seconds * 1_000, reason });
