// By an owner link one owns the server, on this device.
import { ask, Refused } from './requests.js';

export async function own(secret, { words, session }, notice) {
  try {
    await ask('own', { secret });
    session.told({ type: 'hosting' });
    notice.say(words.say('own.done'));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    notice.say(words.sentenceFor(error.error));
  }
}
