// Joins the parts. What happens goes into the session; what there is to see is drawn from its room, all in one place.
import { Carrier } from './view/carrier.js';
import { Composer } from './view/composer.js';
import { Crowd } from './view/crowd.js';
import { byId } from './view/element.js';
import { Entrance } from './view/entrance.js';
import { soon } from './view/frame.js';
import { keepAboveKeyboard } from './view/keyboard.js';
import { Log } from './view/log.js';
import { rememberNick, rememberedNick } from './store/memory.js';
import { roomOf } from './state/place.js';
import { Room } from './state/room.js';
import { Scroll } from './view/scroll.js';
import { Session } from './line/session.js';
import { Share } from './view/share.js';
import { Spoken } from './view/spoken.js';
import { Strip } from './view/strip.js';
import { Calendar } from './text/time.js';
import { Title } from './view/title.js';
import { Whisper } from './view/whisper.js';
import { loadWords } from './view/words.js';

// So many messages stay on the page of who only reads along, for days.
const KEPT = 500;

const words = await loadWords(navigator.language);
const calendar = new Calendar(words.language);
const room = new Room(roomOf(location.pathname));
let wish = rememberedNick();

document.documentElement.lang = words.language;
words.fill(document);
for (const id of ['room', 'door']) byId(id).textContent = room.name;

const draw = soon(() => {
  const { messages } = room;
  document.body.toggleAttribute('data-ready', session.live);
  if (scroll.following) messages.keepNewest(KEPT);
  share.draw(session.live && messages.all.length === 0);
  scroll.keep(() => log.draw(messages.all));
  crowd.draw();
  whisper.draw();
  composer.draw();
  carrier.draw();
  strip.draw();
});

const session = new Session(room, (error) => words.sentenceFor(error), {
  changed: draw,
  heard(message) {
    spoken.heard(message);
    title.heard();
    scroll.arrived();
  },
  failed: ({ why }) => spoken.say(why),
  named(nick) {
    if (nick !== wish) composer.hint(words.say('nick.given', { nick }));
    wish = nick;
  },
  renamed(nick) {
    rememberNick(nick);
    goIn();
  },
  nickRefused(why) {
    if (entrance.isOpen) {
      entrance.refuse(why);
      return;
    }
    // The server gave another name before it refused the wished one; it is the wished one that is to be mended.
    composer.hint('');
    entrance.reopen(rememberedNick() ?? wish, why);
  },
});

const entrance = new Entrance(words, (nick) => {
  if (session.live) {
    session.rename(nick);
    return;
  }
  wish = nick;
  rememberNick(nick);
  session.enter(nick);
  goIn();
});

const log = new Log(byId('messages'), (message) => ({
  mine: message.user === room.me, words, calendar, again: (failed) => session.again(failed),
}));
const scroll = new Scroll(words, () => session.older());
const composer = new Composer(words, session, () => scroll.toEnd());
const crowd = new Crowd(words, room.people, () => entrance.open(session.nick));
const carrier = new Carrier(words, session);
const strip = new Strip(words, session);
const spoken = new Spoken(words);
const share = new Share(words);
const title = new Title(`${room.name} · chatroom`);
const whisper = new Whisper(words, room.typing);

function goIn() {
  entrance.close();
  composer.focus();
}

setInterval(draw, 60_000);  // past midnight, today is yesterday
keepAboveKeyboard();

if (wish) {
  session.enter(wish);
  goIn();
} else {
  entrance.open();
}
