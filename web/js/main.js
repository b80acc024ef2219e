// Joins the parts. What happens goes into the session; what there is to see is drawn from its room, all in one place.
import { Session } from './line/session.js';
import { roomOf } from './state/place.js';
import { Room } from './state/room.js';
import { Database } from './store/database.js';
import { History } from './store/history.js';
import { keepForOffline } from './store/offline.js';
import { Settings } from './store/settings.js';
import { calls } from './text/calls.js';
import { Calendar } from './text/time.js';
import { Acts } from './view/acts.js';
import { Alerts } from './view/alerts.js';
import { Carrier } from './view/carrier.js';
import { Composer } from './view/composer.js';
import { Conversation } from './view/conversation.js';
import { Crowd } from './view/crowd.js';
import { Door } from './view/door.js';
import { byId } from './view/element.js';
import { Emoji } from './view/emoji.js';
import { soon } from './view/frame.js';
import { Keeping } from './view/keeping.js';
import { keepAboveKeyboard } from './view/keyboard.js';
import { Mention } from './view/mention.js';
import { Places } from './view/places.js';
import { Reader } from './view/reader.js';
import { Scroll } from './view/scroll.js';
import { Search } from './view/search.js';
import { SettingsDialog } from './view/settings.js';
import { Share } from './view/share.js';
import { addShortcuts } from './view/shortcuts.js';
import { Spoken } from './view/spoken.js';
import { Strip } from './view/strip.js';
import { Title } from './view/title.js';
import { Whisper } from './view/whisper.js';
import { loadWords } from './view/words.js';

// Names that an @ offers.
const NAMED = 8;

const room = new Room(roomOf(location.pathname));
const database = new Database();
const history = new History(database, room);
const settings = new Settings();
const [words, unsent] = await Promise.all([
  loadWords(settings.get('language')), database.unsent(room.name), history.restore()]);
const calendar = new Calendar(words.language);

document.documentElement.lang = words.language;
words.fill(document);
const named = words.nameOf(room.name);
byId('room').textContent = named;

const draw = soon(() => {
  document.body.toggleAttribute('data-live', session.live);
  document.body.toggleAttribute('data-ready', session.inside);
  share.draw(session.live && room.messages.all.length === 0, session.choice.looks);
  conversation.draw(reader.unreadFrom);
  for (const part of [crowd, whisper, composer, emoji, carrier, strip, keeping, search]) part.draw();
  reader.look();
  history.keepSoon();
});

const session = new Session(room, database, {
  changed: draw,
  caughtUp: () => places.come(() => reader.come()),
  heard(message) {
    spoken.heard(message);
    scroll.arrived();
    if (reader.follows) return;
    const callsMe = calls(message.text, [...room.nicks.values()], session.nick);
    title.heard({ callsMe });
    alerts.heard(message, { callsMe });
  },
  done: (deed) => keeping.with((parts) => {
    spoken.happened(parts.told(deed));
    draw();
  }),
  failed: ({ refusal }) => spoken.say(words.sentenceFor(refusal)),
  named(nick) {
    door.named(nick);
    conversation.drawFor(nick);
  },
  renamed: (nick) => door.renamed(nick),
  nickRefused: (error) => door.refused(error),
  readElsewhere: (seq) => reader.told(seq),
  actRefused: (error) => composer.hint(words.sentenceFor(error)),
});
const keeping = new Keeping({
  words,
  calendar,
  room,
  session,
  say: (sentence) => spoken.say(sentence),
  goOn: () => goOn(),
  refused: session.tell.actRefused,
});

// From a button that is gone. On a phone the field would bring up the keyboard.
const goOn = () => (matchMedia('(pointer: coarse)').matches ? byId('log') : door).focus();

const scroll = new Scroll(words, {
  nearTop: () => (!scroll.following && conversation.up()) || places.older() || session.older(),
  // Between two edges that are both near, the page would go up and down for ever.
  nearEnd: (isNearTop) => (!isNearTop && conversation.down()) || places.newer(),
  endIsHere: () => conversation.isAtEnd,
  toEnd() {
    places.leave();
    draw.now();
  },
  moved: () => reader.look(),
});
const acts = {
  me: () => room.me,
  reply: (message) => composer.reply(message),
  edit: (message) => composer.edit(message),
  remove: (message) => session.act('delete', message),
  react: (message, emoji) => session.act('react', message, { emoji }),
  unreact: (message, emoji) => session.act('unreact', message, { emoji }),
  address: (message) => share.addressOf(message),
  copied: () => composer.hint(words.say('share.copied')),
  keeps: () => room.standing.keeps,
  versions: (message) => keeping.with((parts) => parts.versions(message)),
  person: (person) => keeping.with((parts) => parts.person.open(person)),
};
const conversation = new Conversation({
  words,
  calendar,
  room,
  scroll,
  acts,
  fate: {
    again(failed) {
      session.again(failed);
      goOn();
    },
    discard(failed) {
      session.discard(failed);
      goOn();
    },
  },
  quotes: {
    find: (seq) => room.messages.get(seq),
    miss: (seq, node) => places.quote(seq, node),
    go: (seq, from) => places.go(seq, from),
  },
});
const reader = new Reader(room, scroll, {
  seen() {
    title.seen();
    alerts.seen();
  },
  read: (seq) => session.progress.read(seq),
  came(unread) {
    draw.now();
    if (!places.isAway) conversation.goToUnread(unread);
  },
});
const spoken = new Spoken(words);
const title = new Title(`${named} · chatroom`);
const alerts = new Alerts(words, settings, room);
const composer = new Composer(words, session, settings, {
  keeping,
  said: () => scroll.toEnd(),
  left: () => byId('log').focus(),
  last: () => room.messages.sent.findLast(({ user, deleted }) => user === room.me && !deleted),
});
new Acts(words, {
  calendar,
  messageOf: (node) => (session.inside ? conversation.messageOf(node) : null),
  mine: ({ user }) => user === room.me,
  acts,
});
const door = new Door(words, session, composer);
const emoji = new Emoji(words, (sentence) => spoken.say(sentence));
const crowd = new Crowd(words, room.people, {
  looks: () => session.choice.looks,
  rename: () => door.rename(),
  opens() {
    carrier.giveWay();
    search.giveWay();
  },
  keeps: acts.keeps,
  person: acts.person,
});
const carrier = new Carrier(words, session, (isOpen) => {
  if (isOpen) search.giveWay();
  crowd.makeRoom(isOpen);
});
const strip = new Strip(words, session);
const share = new Share(words, room);
const whisper = new Whisper(words, room.typing);
const dialog = new SettingsDialog(words, settings, { room, alerts });
new Mention(words, byId('text'), (typed) => room.called(typed, NAMED), (sentence) => spoken.say(sentence));
const lost = () => composer.hint(words.sentenceFor({ code: 'offline' }));
const places = new Places({
  room,
  words,
  calendar,
  conversation,
  scroll,
  spoken,
  isLive: () => session.live,
  hint: (sentence) => composer.hint(sentence),
  changed: draw,
  lost,
});
const search = new Search({
  words,
  calendar,
  room,
  session,
  nameOf: (name) => words.nameOf(name),
  go: (seq, left) => places.go(seq, scroll.following ? undefined : scroll.at, left),
  makeRoom(isOpen) {
    if (isOpen) carrier.giveWay();
    crowd.makeRoom(isOpen);
  },
  lost,
});
addShortcuts(words, settings, { door, scroll, places, search, crowd, share, carrier, dialog });

setInterval(draw, 60_000);  // past midnight, today is yesterday
keepAboveKeyboard();
keepForOffline();
session.outbox.restore(unsent);
search.begin();
places.begin();
keeping.own();
door.open();
