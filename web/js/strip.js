// Says what is the matter with the connection, and only when it is not over in a moment.
import { byId } from './element.js';

const PATIENCE = 5_000;
// Refused rooms that another try would not open.
const NO_ROOM = ['too_long', 'bad_field', 'no_such_room'];

export class Strip {
  #strip = byId('strip');
  #sentence = byId('strip-sentence');
  #countdown = byId('strip-countdown');
  #button = byId('strip-button');
  #lobby = byId('strip-lobby');
  #since = null;

  constructor(words, session) {
    this.words = words;
    this.session = session;
    this.#button.addEventListener('click', () => session.line.open());
    setInterval(() => this.draw(), 500);
  }

  draw() {
    const { words, session: { line, live } } = this;
    const ended = line.state === 'ended';
    const outside = line.state === 'idle' || (ended && !line.why);
    this.#since = live || outside ? null : this.#since ?? Date.now();
    this.#strip.hidden = this.#since === null || !(ended || Date.now() - this.#since >= PATIENCE);
    if (this.#strip.hidden) return;
    const seconds = Math.ceil((line.retryAt - Date.now()) / 1_000);
    const waiting = line.state === 'waiting' && seconds > 0;
    this.#put(this.#sentence, ended ? words.sentenceFor(line.why) : words.say('line.lost'));
    this.#put(this.#countdown, waiting ? words.say('line.soon', { seconds }) : '');
    this.#put(this.#button, words.say(ended ? 'line.enter' : 'line.now'));
    const noRoom = ended && line.why.about === 'room' && NO_ROOM.includes(line.why.code);
    this.#lobby.hidden = !noRoom;
    this.#button.hidden = noRoom || (!ended && !waiting);
  }

  // A live region speaks whenever it is written to, even the same.
  #put(node, text) {
    if (node.textContent !== text) node.textContent = text;
  }
}
