// Which key does what.
import { byId } from './element.js';
import { Keys } from './keys.js';

export function addShortcuts(words, settings, { door, scroll, places, search, crowd, share, carrier, dialog }) {
  const keys = new Keys(words, settings);
  keys.add('n', words.say('keys.write'), () => door.focus());
  keys.add('/', words.say('search.open'), () => search.open());
  keys.add('End', words.say('keys.latest'), () => scroll.toEnd());
  keys.add('d', words.say('keys.date'), () => places.toDay());
  keys.add('u', words.say('keys.people'), () => crowd.toggle());
  keys.add('s', words.say('keys.share'), () => share.open());
  keys.add('w', words.say('keys.wire'), () => carrier.toggle());
  keys.add(',', words.say('keys.settings'), () => dialog.open());
  keys.tell(['Enter'], words.say('keys.send'));
  keys.tell(['Shift', 'Enter'], words.say('keys.break'));
  keys.tell(['Ctrl', 'Enter'], words.say('keys.always'));
  keys.tell(['Esc'], words.say('keys.leave'));
  keys.tell(['↑'], words.say('keys.change'));
  keys.tell(['Esc', '↑', 'Enter'], words.say('keys.acts'));
  byId('log').addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    if (places.isAway) scroll.toEnd();
    door.focus();
  });
}
