// Joins the parts. What happens goes into the session; what there is to see is drawn from its room, all in one place.
import { Session } from './line/session.js';
import { Listing } from './line/listing.js';
import { roomOf } from './state/place.js';
import { Rooms } from './state/rooms.js';
import { Shown } from './state/shown.js';
import { Database } from './store/database.js';
import { History } from './store/history.js';
import { rememberRooms, rememberedRooms } from './store/memory.js';
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
import { Empty } from './view/empty.js';
import { soon } from './view/frame.js';
import { Going } from './view/going.js';
import { Head } from './view/head.js';
import { Keeping } from './view/keeping.js';
import { keepAboveKeyboard } from './view/keyboard.js';
import { OnDemand } from './view/on_demand.js';
import { Places } from './view/places.js';
import { Reader } from './view/reader.js';
import { RoomList } from './view/rooms.js';
import { Scroll } from './view/scroll.js';
import { Search } from './view/search.js';
import { addShortcuts } from './view/shortcuts.js';
import { Spoken } from './view/spoken.js';
import { Strip } from './view/strip.js';
import { Title } from './view/title.js';
import { Whisper } from './view/whisper.js';
import { loadWords } from './view/words.js';

const database = new Database();
const history = new History(database, () => session.rooms);
const settings = new Settings();
const [words, first] = await Promise.all([
  loadWords(settings.get('language')), history.restore(roomOf(location.pathname))]);
// Whichever is shown.
const room = new Shown(first.room);
const calendar = new Calendar(words.language);

document.documentElement.lang = words.language;
words.fill(document);

const draw = soon(() => {
  document.body.toggleAttribute('data-live', session.live);
  document.body.toggleAttribute('data-ready', session.inside);
  byId('share-toggle').hidden = !mayInvite();
  empty.draw(whyEmpty(), mayInvite());
  conversation.draw(reader.unreadFrom);
  for (const part of [head, list, crowd, whisper, composer, emoji, carrier, strip, keeping, search]) part.draw();
  title.told(rooms.calling);
  reader.look();
  history.keepSoon();
});

function whyEmpty() {
  if (room.messages.all.length > 0) return null;
  if (session.live) return session.choice.looks ? 'empty.outside' : 'empty.sentence';
  return session.line.state === 'waiting' ? 'empty.away' : null;
}

const session = new Session(first.room, database, {
  changed: draw,
  caughtUp: () => places.come(() => reader.come()),
  heard(message, place) {
    const isHere = place === room.room;
    const callsMe = place.kind === 'direct' || calls(message.text, [...place.nicks.values()], session.nick);
    rooms.heard(place.name, message, { callsMe, counts: !isHere });
    if (isHere) {
      spoken.heard(message);
      scroll.arrived();
      if (reader.follows) return;
      title.heard({ callsMe });
    }
    alerts.heard(message, { callsMe, room: place });
  },
  async news({ room: name, newest: seq, text = '', ...who }) {
    const isNew = !rooms.get(name);
    const callsMe = calls(text, [session.nick], session.nick);
    if (!isNew && text) rooms.heard(name, { seq, at: Date.now() }, { callsMe, counts: true });
    else await listing.ask();
    const place = rooms.get(name);
    if (place && text) alerts.heard({ ...who, text }, { callsMe: callsMe || place.kind === 'direct', room: place });
  },
  done: (deed, place) => keeping.with((parts) => {
    const sentence = parts.told(deed);
    if (place !== room.room) return;
    spoken.happened(sentence);
    draw();
  }),
  gone: (place) => leave(place, words.say('rooms.gone', { room: words.nameOf(place) })),
  missing({ name }) {
    rooms.forget(name);
    rememberRooms(rooms.kept);
    database.forgetRoom(name);
  },
  parted: (place) => leave(place, words.say('rooms.parted', { room: words.nameOf(place) })),
  failed: ({ refusal }) => spoken.say(words.sentenceFor(refusal)),
  named(nick) {
    door.named(nick);
    conversation.drawFor(nick);
  },
  renamed: (nick) => door.renamed(nick),
  nickRefused: (error) => door.refused(error),
  readElsewhere(told) {
    for (const { room: name, read } of told) {
      rooms.read(name, read);
      if (name === room.name) reader.told(read);
    }
  },
  actRefused: (error) => composer.hint(words.sentenceFor(error)),
});
const keeping = new Keeping({
  words,
  calendar,
  room,
  session,
  say: (sentence) => spoken.say(sentence),
  direct: (whom) => roomParts.with((parts) => parts.direct(whom)),
  goOn: () => goOn(),
  refused: session.tell.actRefused,
});

// What comes when it is first needed. Without a network it may not come.
const lost = () => composer.hint(words.sentenceFor({ code: 'offline' }));
const later = (load) => new OnDemand(load, lost);
const roomParts = later(() => import('./rooms/parts.js').then(({ gather }) => gather({
  words,
  calendar,
  room,
  rooms,
  session,
  share: () => openShare(),
  addressWith: (code) => share.with((parts) => parts.addressWith(code)),
  go: (name) => going.to(name),
  refused: session.tell.actRefused,
  save: () => openSave(),
  left: (place, sentence) => leave(place, sentence, true),
  people: () => new Map(session.rooms.flatMap(({ nicks }) => [...nicks]).filter(([user]) => user !== room.me)),
  keep: () => keeping.with((parts) => parts.panel.open()),
})));
const openOf = (name) => () => roomParts.with((parts) => parts[name].open());
byId('menu-open').addEventListener('click', openOf('menu'));
byId('rooms-new').addEventListener('click', openOf('make'));
byId('rooms-all').addEventListener('click', openOf('directory'));

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
  address: (message) => share.with((parts) => parts.addressOf(message)),
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
  read(seq) {
    session.progress.read(room.name, seq);
    rooms.read(room.name, seq);
  },
  came(unread) {
    draw.now();
    if (!places.isAway) conversation.goToUnread(unread);
  },
});
const spoken = new Spoken(words);
const title = new Title();
const rooms = new Rooms();
rooms.restore(rememberedRooms());
const head = new Head(words, room, (name) => {
  title.turn(`${name} · chatroom`);
  rooms.show(room);
});
const going = new Going({
  history,
  session,
  leave() {
    history.keep();
    places.turn();
  },
  come() {
    room.room = session.room;
    if (!session.live) room.room.introduce(rooms.get(room.name));
    rooms.show(room);
    for (const part of [conversation, scroll, reader, composer, crowd, search]) part.turn();
    reader.told(rooms.get(room.name).read ?? -1);
    if (session.live) session.tell.caughtUp();
    draw.now();
    goOn();
    spoken.say(words.say('rooms.at', { room: words.nameOf(room) }));
  },
});
const alerts = new Alerts(words, settings, room, (name) => going.to(name));
const list = new RoomList(words, rooms, settings, (name) => going.to(name));
const listing = new Listing((listed) => {
  rooms.take(listed);
  rememberRooms(rooms.kept);
  draw();
});

// Of a room that one is not in any more. It may be told more than once; what one did oneself says it best.
const farewells = new WeakMap();
async function leave(place, sentence, isOwn = false) {
  const isGoing = farewells.has(place);
  if (!isGoing || isOwn) farewells.set(place, sentence);
  if (!isGoing) {
    rooms.forget(place.name);
    database.forgetRoom(place.name);
    if (place === room.room) await going.to('lobby', { replaces: true });
    session.forget(place.name);
  } else if (!isOwn) {
    return;
  }
  composer.hint(farewells.get(place));
  spoken.say(farewells.get(place));
  draw();
}
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
// Who was invited comes in by that, and the link is used then.
const [, invitation] = location.hash.match(/^#invite=([\w-]{1,64})$/) ?? [];
const accept = (nick) => roomParts.with(async ({ invited }) => {
  const why = await invited.accept(room.name, invitation, nick);
  if (why?.code !== 'offline') globalThis.history.replaceState(null, '', location.pathname);
  door.accept = null;
  return why;
});
addEventListener('hashchange', () => location.hash.startsWith('#invite=') && location.reload());
const door = new Door(words, session, composer, invitation && accept);
const emoji = new Emoji(words, (sentence) => spoken.say(sentence));
const crowd = new Crowd(words, room, {
  looks: () => session.choice.looks,
  rename: () => door.rename(),
  opens() {
    carrier.giveWay();
    search.giveWay();
  },
  person: acts.person,
});
const carrier = new Carrier(words, session, (isOpen) => {
  if (isOpen) search.giveWay();
  crowd.makeRoom(isOpen);
});
const strip = new Strip(words, session);
const share = later(() => import('./view/share.js').then(({ sharing }) => sharing(words, room)));
// Into a private one its address alone leads nobody.
const openShare = () => (room.kind === 'private'
  ? roomParts.with((parts) => parts.invitations.open()) : share.with((parts) => parts.open()));
const saving = later(() => import('./saving/saving.js'));
const openSave = () => saving.with(({ open }) => open(words, room));
const mayInvite = () => room.kind === 'public' || (room.kind === 'private' && room.standing.keeps);
const empty = new Empty(words);
for (const id of ['share-toggle', 'empty-share']) byId(id).addEventListener('click', openShare);
const whisper = new Whisper(words, room);
const dialog = later(() => import('./view/settings.js').then(({ settingsOf }) => settingsOf(words, settings, { room, alerts })));
const openSettings = () => dialog.with((parts) => parts.open());
byId('settings-toggle').addEventListener('click', openSettings);
if (location.hash === '#settings') dialog.with((parts) => parts.reopen());
// Here, and in the other windows of the same browser.
settings.watch(() => dispatchEvent(new CustomEvent('dress', { detail: { theme: settings.get('theme'), size: settings.get('size') } })));
const names = new OnDemand(() => import('./view/mention.js').then(({ mention }) => mention({
  words, room, field: byId('text'), say: (sentence) => spoken.say(sentence),
})), () => {});
// From the first @ on.
byId('text').addEventListener('input', ({ target }) => target.value.includes('@') && names.with(() => {}));
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
  nameOf: (name) => words.nameOf(rooms.get(name) ?? { name }),
  go: (seq, left) => places.go(seq, scroll.following ? undefined : scroll.at, left),
  makeRoom(isOpen) {
    if (isOpen) carrier.giveWay();
    crowd.makeRoom(isOpen);
  },
  lost,
});
addShortcuts(words, settings, {
  door,
  scroll,
  places,
  search,
  crowd,
  carrier,
  rooms,
  openShare,
  openSettings,
  go: (name) => going.to(name),
  switchRoom: () => roomParts.with((parts) => parts.switcher.toggle()),
});

// What was written in another room, and could not be sent there before the page was left.
async function sayElsewhere() {
  for (const name of await database.waiting()) {
    if (session.follows(name)) continue;
    const { room: other, unsent } = await history.restore(name);
    if (!session.follows(name)) session.follow(other, unsent);
  }
}

setInterval(draw, 60_000);  // past midnight, today is yesterday
keepAboveKeyboard();
keepForOffline();
session.outbox.restore(first.unsent);
room.room.introduce(rooms.get(room.name));
rooms.show(room);
search.begin();
places.begin();
keeping.own();
door.open();
listing.ask();
sayElsewhere();
