// One message that was found: who said it, when, in which room, and the piece of it that was looked for. A link to its place.
import { pathOf } from '../state/place.js';
import { element, faceOf } from '../view/element.js';
import { excerptOf } from './excerpt.js';

// An hour of today, a day of this year, or a date.
export function timesOf(calendar, language) {
  const long = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  return (at, now = Date.now()) => {
    const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
    return isThisYear ? calendar.moment(at, now) : long.format(at);
  };
}

export class Hit {
  // `where` is the name of its room, '' where that goes without saying.
  constructor(message, { words, calendar, timeOf, where }) {
    const { room, seq, nick, text, deleted, match } = message;
    this.link = element('a', deleted ? 'gone' : '');
    this.link.href = pathOf(room, seq);
    this.link.append(
      faceOf(message),
      element('bdi', 'nick', nick),
      ' ',
      this.#time(message, calendar, timeOf),
      ...(where ? [' ', element('bdi', 'where', where)] : []),
      ' ',
      this.#said(deleted ? [{ text: words.say('message.deleted') }] : excerptOf(text, match)),
    );
    this.node = element('li', '', this.link);
  }

  draw() {}

  #time({ at }, calendar, timeOf) {
    const time = element('time', '', timeOf(at));
    time.dateTime = new Date(at).toISOString();
    time.title = calendar.full.format(at);
    return time;
  }

  #said(pieces) {
    const said = element('span', 'said', ...pieces.map(({ text, isFound }) => (isFound ? element('mark', '', text) : text)));
    said.dir = 'auto';
    return said;
  }
}
