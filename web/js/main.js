// Joins the parts. What happens goes into the session; what there is to see is drawn from its room, all in one place.
import { Session } from './line/session.js';
import { DIVIDER, entriesOf } from './state/entries.js';
import { roomOf } from './state/place.js';
import { Room } from './state/room.js';
import { Database } from './store/database.js';
import { History } from './store/history.js';
import { rememberNick, rememberedNick } from './store/memory.js';
import { keepForOffline } from './store/offline.js';
import { Settings } from './store/settings.js';
import { calls } from './text/mentions.js';
import { completionsOf } from './text/complete.js';
import { Calendar } from './text/time.js';
import { Alerts } from './view/alerts.js';
import { Carrier } from './view/carrier.js';
import { Composer } from './view/composer.js';
import { Crowd } from './view/crowd.js';
import { Divider } from './view/divider.js';
import { byId } from './view/element.js';
import { Emoji } from './view/emoji.js';
import { Entrance } from './view/entrance.js';
import { soon } from './view/frame.js';
import { keepAboveKeyboard } from './view/keyboard.js';
import { Keys } from './view/keys.js';
import { Log } from './view/log.js';
import { Mention } from './view/mention.js';
import { Note } from './view/note.js';
import { Reader } from './view/reader.js';
import { Scroll } from './view/scroll.js';
import { SettingsDialog } from './view/settings.js';
import { Share } from './view/share.js';
import { Slip } from './view/slip.js';
import { Spoken } from './view/spoken.js';
import { Strip } from './view/strip.js';
import { Title } from './view/title.js';
import { Whisper } from './view/whisper.js';
import { loadWords } from './view/words.js';

// So many messages stay on the page of who only reads along, for days.
const KEPT = 500;
// So many names are offered after an @.
const NAMED = 8;

const room = new Room(roomOf(location.pathname));
const database = new Database();
const history = new History(database, room);
const settings = new Settings();
const [words, unsent] = await Promise.all([loadWords(settings.get('language')), database.unsent(room.name), history.restore()]);
const calendar = new Calendar(words.language);
let wish = rememberedNick();

document.documentElement.lang = words.language;
words.fill(document);
byId('room').textContent = room.name;

const draw = soon(() => {
  const { messages } = room;
  document.body.toggleAttribute('data-live', session.live);
  document.body.toggleAttribute('data-ready', session.inside);
  if (scroll.following) room.keepNewest(KEPT);
  share.draw(session.live && messages.all.length === 0);
  scroll.keep(() => log.draw(entriesOf(messages.all, room.comings.notes, reader.unreadFrom)));
  crowd.draw();
  whisper.draw();
  composer.draw();
  emoji.draw();
  carrier.draw();
  strip.draw();
  reader.look();
  history.keepSoon();
});

const session = new Session(room, database, {
  changed: draw,
  caughtUp() {
    reader.come();
  },
  heard(message) {
    spoken.heard(message);
    scroll.arrived();
    if (reader.follows) return;
    const callsMe = calls(message.text, session.nick ?? '');
    title.heard({ callsMe });
    alerts.heard(message, { callsMe });
  },
  failed: ({ refusal }) => spoken.say(words.sentenceFor(refusal)),
  named(nick) {
    if (nick !== wish) composer.hint(words.say('nick.given', { nick }));
    wish = nick;
    whoAmI();
  },
  renamed(nick) {
    rememberNick(nick);
    goIn();
  },
  nickRefused(error) {
    const why = words.sentenceFor({ ...error, about: 'nick' });
    if (entrance.isOpen) {
      entrance.refuse(why);
      return;
    }
    // The server gave another name before it refused the wished one; it is the wished one that is to be mended.
    composer.hint('');
    ask({ nick: rememberedNick() ?? wish, why });
  },
});

const entrance = new Entrance(words, {
  chosen(nick) {
    if (session.inside) {
      session.rename(nick);
      return;
    }
    wish = nick;
    rememberNick(nick);
    session.enter(nick);
    goIn();
  },
  left: () => goIn(),
});

const items = {
  divider: () => new Divider(words),
  note: (note) => new Note(note, { words, calendar }),
  message: (message) => new Slip(message, {
    mine: message.user === room.me,
    me: session.nick,
    nicks: [...room.nicks.values()],
    words,
    calendar,
    fate: { again: (failed) => session.again(failed), discard: (failed) => session.discard(failed) },
  }),
};
const log = new Log(byId('messages'), (entry) => items[entry.kind ?? 'message'](entry));
const scroll = new Scroll(words, { nearTop: () => session.older(), moved: () => reader.look() });
const title = new Title(`${room.name} · chatroom`);
const reader = new Reader(room, scroll, {
  seen() {
    title.seen();
    alerts.seen();
  },
  came(unseen) {
    draw.now();
    const node = log.nodeOf(DIVIDER);
    if (node) scroll.toEntry(node, unseen);
  },
});
const composer = new Composer(words, session, settings, { said: () => scroll.toEnd(), left: () => byId('log').focus() });
const crowd = new Crowd(words, room.people, {
  looks: () => session.choice.looks,
  rename: () => ask({ nick: session.nick, renames: true }),
});
const carrier = new Carrier(words, session, (isOpen) => crowd.makeRoom(isOpen));
const strip = new Strip(words, session);
const spoken = new Spoken(words);
const emoji = new Emoji(words, (sentence) => spoken.say(sentence));
new Mention(words, byId('text'), othersNamed, (sentence) => spoken.say(sentence));
const share = new Share(words, room);
const whisper = new Whisper(words, room.typing);
const alerts = new Alerts(words, settings, room);
const settingsDialog = new SettingsDialog(words, settings, { room, alerts });
const keys = new Keys(words, settings);
keys.add('n', words.say('keys.write'), () => (entrance.isOpen ? entrance : composer).focus());
keys.add('End', words.say('keys.latest'), () => scroll.toEnd());
keys.add('u', words.say('keys.people'), () => crowd.toggle());
keys.add('s', words.say('keys.share'), () => share.open());
keys.add('w', words.say('keys.wire'), () => carrier.toggle());
keys.add(',', words.say('keys.settings'), () => settingsDialog.open());
keys.tell(['Enter'], words.say('keys.send'));
keys.tell(['Shift', 'Enter'], words.say('keys.break'));
keys.tell(['Ctrl', 'Enter'], words.say('keys.always'));
keys.tell(['Esc'], words.say('keys.leave'));

// A message is drawn by who one is: what is one's own, and what speaks to one.
let known = '';
function whoAmI() {
  const now = `${room.me} ${session.nick}`;
  const matters = ({ user, text }) => user === room.me || text.includes('@');
  if (now !== known && room.messages.all.some(matters)) log.clear();
  known = now;
}

function othersNamed(typed) {
  const others = new Map(Array.from(room.nicks, ([user, nick]) => [nick, user]).filter(([, user]) => user !== room.me));
  return completionsOf(typed, [...others.keys()], NAMED).map((nick) => ({ user: others.get(nick), nick }));
}

function ask(question) {
  composer.show(false);
  entrance.open(question);
}

function goIn() {
  entrance.close();
  composer.show(true);
  composer.focus();
}

setInterval(draw, 60_000);  // past midnight, today is yesterday
keepAboveKeyboard();
keepForOffline();
session.outbox.restore(unsent);
session.enter(wish);
if (wish) goIn();
// On a phone the keyboard would cover what there is to read.
else ask({ focus: !matchMedia('(pointer: coarse)').matches });
