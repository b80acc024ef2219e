// By an owner link one owns the server, on this device.
import { ask, Refused } from './requests.js';

export async function own(secret, { words, session }, say) {
  try {
    await ask('own', { secret });
    session.told({ type: 'hosting' });
    say(words.say('own.done'));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    say(words.sentenceFor(error.error));
  }
}
