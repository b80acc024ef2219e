// Says what is the matter with the connection, and only when it is not over in a moment.
import { isKeptOut, isShutOut } from '../line/closing.js';
import { byId } from './element.js';

const PATIENCE = 5_000;
const NEWS = 12_000;

export class Strip {
  #strip = byId('strip');
  #sentence = byId('strip-sentence');
  #countdown = byId('strip-countdown');
  #button = byId('strip-button');
  #lobby = byId('strip-lobby');
  #since = null;
  #fellBack = null;
  #act = () => {};

  constructor(words, session) {
    this.words = words;
    this.session = session;
    this.#button.addEventListener('click', () => this.#act());
    setInterval(() => this.draw(), 500);
  }

  draw() {
    const { session: { choice, line, live } } = this;
    const ended = line.state === 'ended';
    const outside = line.state === 'idle' || (ended && !line.why);
    this.#since = live || outside ? null : this.#since ?? Date.now();
    // A view of its own says that one may not be in the room, as far as it comes.
    const isPlain = ended && !isKeptOut(line);
    const trouble = this.#since !== null && (isPlain || Date.now() - this.#since >= PATIENCE);
    const stuck = choice.isStuck && choice.isBlocked;
    this.#strip.hidden = !trouble && !stuck && !this.#isNews();
    if (stuck && !ended) this.#stuck();
    else if (trouble) this.#trouble(line, ended);
    else if (!this.#strip.hidden) this.#news();
  }

  #trouble(line, ended) {
    const { words } = this;
    const seconds = Math.ceil((line.retryAt - Date.now()) / 1_000);
    const waiting = line.state === 'waiting' && seconds > 0;
    this.#put(this.#sentence, ended ? words.sentenceFor(line.why) : words.say('line.lost'));
    this.#put(this.#countdown, waiting ? words.say('line.soon', { seconds }) : '');
    this.#put(this.#button, words.say(ended ? 'line.enter' : 'line.now'));
    const noRoom = isShutOut(line);
    this.#lobby.hidden = !noRoom;
    this.#button.hidden = noRoom || (!ended && !waiting);
    this.#act = () => line.open();
  }

  #stuck() {
    const { words, session } = this;
    this.#put(this.#sentence, words.say('line.blocked'));
    this.#put(this.#countdown, '');
    this.#put(this.#button, words.say('line.automatic'));
    this.#lobby.hidden = true;
    this.#button.hidden = false;
    this.#act = () => session.carryBy('auto');
  }

  // That held requests must do is told once, for a while; the button with the way's name says it from then on.
  #isNews() {
    const { choice, live } = this.session;
    if (!choice.isBlocked || !live) return false;
    this.#fellBack ??= Date.now();
    return Date.now() - this.#fellBack < NEWS;
  }

  #news() {
    this.#put(this.#sentence, this.words.say('line.second'));
    this.#put(this.#countdown, '');
    this.#lobby.hidden = this.#button.hidden = true;
  }

  // A live region speaks whenever it is written to, even the same.
  #put(node, text) {
    if (node.textContent !== text) node.textContent = text;
  }
}
