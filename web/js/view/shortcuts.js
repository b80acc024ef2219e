// Which key does what.
import { byId } from './element.js';
import { Keys } from './keys.js';

const IS_MAC = /Mac|iP/.test(navigator.platform);
const STEPS = { ArrowUp: -1, ArrowDown: 1 };

export function addShortcuts(words, settings, {
  door, scroll, places, search, crowd, carrier, rooms, go, switchRoom, openShare, openSettings,
}) {
  const keys = new Keys(words, settings);
  keys.add('n', words.say('keys.write'), () => door.focus());
  keys.add('/', words.say('search.open'), () => search.open());
  keys.add('End', words.say('keys.latest'), () => scroll.toEnd());
  keys.add('d', words.say('keys.date'), () => places.toDay());
  keys.add('u', words.say('keys.people'), () => crowd.toggle());
  keys.add('s', words.say('keys.share'), openShare);
  keys.add('w', words.say('keys.wire'), () => carrier.toggle());
  keys.add(',', words.say('keys.settings'), openSettings);
  keys.tell(['Enter'], words.say('keys.send'));
  keys.tell(['Shift', 'Enter'], words.say('keys.break'));
  keys.tell(['Ctrl', 'Enter'], words.say('keys.always'));
  keys.tell(['Esc'], words.say('keys.leave'));
  keys.tell(['↑'], words.say('keys.change'));
  keys.tell(['Esc', '↑', 'Enter'], words.say('keys.acts'));
  keys.tell([IS_MAC ? '⌘' : 'Ctrl', 'K'], words.say('keys.switch'));
  keys.tell(['Alt', '↑ ↓'], words.say('keys.next'));
  keys.tell(['Alt', 'Shift', '↑ ↓'], words.say('keys.unread'));
  // Before all others: with Alt, an arrow is no arrow.
  document.addEventListener('keydown', (event) => {
    const act = event.isComposing || event.keyCode === 229 ? null : roomKey(event);
    if (!act || document.querySelector('dialog[open]:not(#switcher)')) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }, { capture: true });

  function roomKey({ key, altKey, ctrlKey, metaKey, shiftKey }) {
    const [isMain, isOther] = IS_MAC ? [metaKey, ctrlKey] : [ctrlKey, metaKey];
    if (isMain && !isOther && !altKey && !shiftKey && key.toLowerCase() === 'k') return switchRoom;
    if (!altKey || ctrlKey || metaKey || !(key in STEPS)) return null;
    const room = rooms.next(STEPS[key], shiftKey);
    return room ? () => go(room.name) : () => {};
  }

  byId('log').addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    if (places.isAway) scroll.toEnd();
    door.focus();
  });
}
