// The drawer's record: the handshake as the server saw it, and what travels, newest last.
import { byId, element } from '../view/element.js';
import { OPCODES, entryMeaning, frameMeaning, headerMeaning, requestMeaning, statusMeaning } from './explain.js';

const NEAR_END = 40;
const MEANINGS = { frame: frameMeaning, request: requestMeaning, entry: entryMeaning };
const KINDS = {
  frame: ({ opcode }) => OPCODES[opcode] ?? String(opcode),
  request: ({ line, status }) => `${line.split(' ')[0]} ${status}`,
  entry: ({ responseStatus: status }) => (status ? `HTTP ${status}` : 'HTTP'),
};
const SIZES = {
  frame: ({ length }) => length,
  request: ({ received, sent }) => received + sent,
  entry: ({ encodedBodySize }) => encodedBodySize,
};
// The browser's entries do not tell the method, but what was asked for does.
const GIVEN = ['wire.said', 'wire.guests'];
const IS_UP = {
  frame: ({ way }) => way === 'up',
  request: ({ line }) => line.startsWith('POST'),
  entry: (entry) => GIVEN.includes(entryMeaning(entry).key),
};

export class Wire {
  #list = byId('wire-list');
  #drawn = -1;
  #paused = false;
  #nodes = new Map();
  #shaken = false;  // what was drawn last; not yet anything

  constructor(words, tap) {
    this.words = words;
    this.tap = tap;
    this.time = new Intl.DateTimeFormat(words.language, { hour: 'numeric', minute: '2-digit', second: '2-digit' });
    byId('wire-clear').addEventListener('click', () => this.#clear());
    byId('wire-pause').addEventListener('click', () => this.#pause());
  }

  draw() {
    if (!this.tap.isOpen) return;
    this.#drawHandshake();
    if (this.tap.revision === this.#drawn) return;
    this.#drawn = this.tap.revision;
    if (!this.#paused) this.#drawList();
  }

  #clear() {
    this.tap.clear();
    this.#drawList();
  }

  #pause() {
    this.#paused = !this.#paused;
    byId('wire-pause').setAttribute('aria-pressed', this.#paused);
    if (!this.#paused) this.#drawList();
  }

  #drawHandshake() {
    const { handshake } = this.tap;
    if (handshake === this.#shaken) return;
    this.#shaken = handshake;
    byId('handshake-none').hidden = handshake !== undefined;
    byId('handshake-awaited').hidden = handshake !== null;
    byId('handshake').replaceChildren(...handshake ? [
      this.#head('wire.request', handshake.request), this.#head('wire.response', handshake.response)] : []);
  }

  #head(title, { line, headers }) {
    const meaning = statusMeaning(line);
    const lines = headers.map(([name, value]) => this.#line(`${name}: ${value}`, headerMeaning(name, value)));
    return element('div', 'head-lines', element('h4', '', this.words.say(title)), this.#line(line, meaning), ...lines);
  }

  #line(text, meaning) {
    const code = element('code', '', text);
    return element('p', '', code, ...meaning ? [element('small', '', this.words.say(meaning))] : []);
  }

  #drawList() {
    const { scrollHeight, clientHeight, scrollTop } = this.#list;
    const follows = scrollHeight - clientHeight - scrollTop < NEAR_END;
    const { records } = this.tap;
    const nodes = new Map(records.map((record) => [record, this.#nodes.get(record) ?? this.#node(record)]));
    for (const [record, node] of this.#nodes) if (!nodes.has(record)) node.remove();
    for (const [record, node] of nodes) if (!this.#nodes.has(record)) this.#list.append(node);
    this.#nodes = nodes;
    byId('wire-none').hidden = records.length > 0;
    if (follows) this.#list.scrollTop = this.#list.scrollHeight;
  }

  #node(record) {
    const up = IS_UP[record.kind](record);
    const { key, values } = MEANINGS[record.kind](record);
    const arrow = element('span', 'arrow', up ? '↑' : '↓');
    arrow.setAttribute('aria-hidden', 'true');
    const time = element('time', '', this.time.format(record.at));
    return element('li', up ? 'up' : 'down',
      element('p', 'fact', arrow, element('span', 'unseen', this.words.say(up ? 'wire.up' : 'wire.down')), ' ',
        element('b', '', KINDS[record.kind](record)), ' ',
        element('span', '', this.words.say('wire.bytes', { count: SIZES[record.kind](record) })), ' ', time),
      element('p', 'why', this.words.say(key, values)));
  }
}
