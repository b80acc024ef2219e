// Joins what keeps order, for whom it is needed: its words, how it looks, its views.
import { dress, wordsBeside } from '../view/later.js';
import { Deed } from './deed.js';
import { Deeds } from './deeds.js';
import { Notice } from './notice.js';
import { Orders } from './orders.js';
import { own } from './own.js';
import { Panel } from './panel.js';
import { Person } from './person.js';
import { Shut } from './shut.js';
import { Texts } from './texts.js';

export async function gather(page) {
  const [words] = await Promise.all([wordsBeside(page.words, 'keeping'), dress('keeping')]);
  const context = { ...page, words };
  const deeds = new Deeds(words, page.calendar);
  const notice = new Notice(words);
  const sentenceOf = (event) => deeds.sentenceOf(event);
  // A dialog lies over everything else.
  const say = (sentence, { undo, isNews = false }) => {
    if (panel.isOpen) panel.say(sentence);
    else notice.say(sentence, undo);
    if (isNews && !panel.isOpen) page.say(sentence);
  };
  const orders = new Orders(context, { say, sentenceOf, done: () => panel.refresh() });
  const person = new Person(context, orders);
  const panel = new Panel(context, { orders, sentenceOf, person });
  const texts = new Texts(context, orders);
  return {
    panel,
    person,
    shut: new Shut(context),
    own: (secret) => own(secret, context, (sentence) => say(sentence, { isNews: true })),
    // Lets the log show it; gives its sentence.
    told(deed) {
      panel.refresh();
      const sentence = sentenceOf(deed.event);
      Object.assign(deed, { tells: true, make: () => new Deed(deed.at, sentence, page.calendar) });
      return sentence;
    },
    versions: (message) => texts.open(message),
  };
}
