// The pieces of a paragraph: code, links, emphasis, names that are called.
//
// One pass from left to right with a stack of what is open, so that a hostile text costs no more than any other.
import { linksOf } from './links.js';
import { mentionsOf } from './mentions.js';
import { Pieces } from './pieces.js';

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
  #pieces = new Pieces();
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
    return this.#pieces.whole();
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
    const mark = letter.repeat(known ? width : 0);
    const isOpen = known && this.#pieces.isOpen(mark);
    if (isOpen && this.#mayClose(letter, width)) this.#pieces.end(mark);
    else if (known && !isOpen && this.#mayOpen(letter, width)) this.#pieces.begin(mark);
    else return this.#keep(length);
    this.#at += width;
    return undefined;
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

  #mayClose(letter, width) {
    const [before, after] = this.#around(width);
    return !SPACE.test(before) && (letter === '*' || !LETTER.test(after));
  }

  #put(piece, length) {
    this.#pieces.put(piece);
    this.#at += length;
  }

  #keep(length) {
    this.#pieces.keep(this.text.slice(this.#at, this.#at + length));
    this.#at += length;
  }
}
