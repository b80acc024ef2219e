// The pieces of a paragraph: code, links, emphasis, names that are called.
//
// One pass from left to right with a stack of what is open, so that a hostile text costs no more than any other.
import { linksOf } from './links.js';
import { mentionsOf } from './mentions.js';

const LETTER = /[\p{L}\p{N}_]/u;
const SPACE = /\s/u;
const DIGIT = /\p{Nd}/u;
const SPECIAL = /[`*_@]/g;

// Gives a function that gives the pieces of a text: { kind: 'text', text }, { kind: 'link', text, href },
// { kind: 'code', text }, { kind: 'mention', text, nick }, and { kind: 'strong' or 'em', pieces }.
export function inlineOf(nicks) {
  const called = mentionsOf(nicks);
  return (text) => new Inline(text, called).read();
}

class Inline {
  #open = [{ mark: '', pieces: [] }];
  #marks = new Set();
  #plain = '';
  #at = 0;

  constructor(text, called) {
    this.text = text;
    this.links = new Map(linksOf(text).map((link) => [link.index, link]));
    this.starts = [...this.links.keys()];
    this.called = called;
    this.codeEnds = text.lastIndexOf('`');
  }

  read() {
    while (this.#at < this.text.length) this.#step();
    while (this.#open.length > 1) this.#giveUp();
    this.#flush();
    return this.#open[0].pieces;
  }

  #step() {
    const link = this.links.get(this.#at);
    if (link) return this.#put({ kind: 'link', text: link.text, href: link.text }, link.text.length);
    const letter = this.text[this.#at];
    if (letter === '`') return this.#code();
    if (letter === '*' || letter === '_') return this.#mark(letter);
    if (letter === '@') return this.#mention();
    return this.#keep(this.#next() - this.#at);
  }

  // Where something may begin again.
  #next() {
    SPECIAL.lastIndex = this.#at + 1;
    const next = SPECIAL.exec(this.text)?.index ?? this.text.length;
    while (this.starts[0] <= this.#at) this.starts.shift();
    return Math.min(next, this.starts[0] ?? next);
  }

  #code() {
    const end = this.#at < this.codeEnds ? this.text.indexOf('`', this.#at + 1) : -1;
    const code = end < 0 ? '' : this.text.slice(this.#at + 1, end);
    if (code.trim() === '' || code.includes('\n')) return this.#keep(1);
    return this.#put({ kind: 'code', text: code }, code.length + 2);
  }

  #mention() {
    const found = this.called(this.text, this.#at);
    return found ? this.#put({ kind: 'mention', ...found }, found.text.length) : this.#keep(1);
  }

  // A run of marks closes what it can, else opens what it can, else is text.
  #mark(letter) {
    let length = 1;
    while (this.text[this.#at + length] === letter) length += 1;
    const width = letter === '*' ? length : 1;
    const known = letter === '*' ? length <= 3 : length === 1;
    // Another of the same within would only be closed first.
    const isOpen = known && this.#marks.has(letter.repeat(width));
    if (isOpen && this.#closes(letter, width)) return undefined;
    if (known && !isOpen && this.#mayOpen(letter, width)) return this.#begin(letter, width);
    return this.#keep(length);
  }

  #around(width) {
    return [this.text[this.#at - 1] ?? ' ', this.text[this.#at + width] ?? ' '];
  }

  #mayOpen(letter, width) {
    const [before, after] = this.#around(width);
    if (SPACE.test(after)) return false;
    // 2*3 and snake_case
    return letter === '*' ? !DIGIT.test(before) || !DIGIT.test(after) : !LETTER.test(before);
  }

  #closes(letter, width) {
    const mark = letter.repeat(width);
    const [before, after] = this.#around(width);
    if (SPACE.test(before) || (letter === '_' && LETTER.test(after))) return false;
    const depth = this.#open.findLastIndex((open) => open.mark === mark);
    while (this.#open.length > depth + 1) this.#giveUp();
    this.#end();
    this.#at += width;
    return true;
  }

  #begin(letter, width) {
    this.#flush();
    const mark = letter.repeat(width);
    this.#marks.add(mark);
    this.#open.push({ mark, pieces: [] });
    this.#at += width;
  }

  #end() {
    this.#flush();
    const { mark, pieces } = this.#close();
    const em = { kind: 'em', pieces };
    const whole = { 1: em, 2: { kind: 'strong', pieces }, 3: { kind: 'strong', pieces: [em] } }[mark.length];
    this.#open.at(-1).pieces.push(whole);
  }

  // What was not closed was text.
  #giveUp() {
    this.#flush();
    const { mark, pieces } = this.#close();
    const around = this.#open.at(-1).pieces;
    join(around, { kind: 'text', text: mark });
    for (const piece of pieces) join(around, piece);
  }

  #close() {
    const open = this.#open.pop();
    this.#marks.delete(open.mark);
    return open;
  }

  #put(piece, length) {
    this.#flush();
    this.#open.at(-1).pieces.push(piece);
    this.#at += length;
  }

  #keep(length) {
    this.#plain += this.text.slice(this.#at, this.#at + length);
    this.#at += length;
  }

  #flush() {
    if (this.#plain !== '') join(this.#open.at(-1).pieces, { kind: 'text', text: this.#plain });
    this.#plain = '';
  }
}

function join(pieces, piece) {
  const last = pieces.at(-1);
  if (piece.kind === 'text' && last?.kind === 'text') last.text += piece.text;
  else pieces.push(piece);
}
