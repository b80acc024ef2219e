// The blocks of a message: a small Markdown for chat, in which plain text stays as it was written.
//
// A line break at the edge of a block goes; all others, and all spaces, stay. There are no headings, tables, pictures,
// HTML or entities.
import { inlineOf } from './inline.js';

const FENCE = /^```(?<language>[\w+#.-]*)[ \t\r]*$/;
// >_< and >:( are faces.
const QUOTED = /^>(?:$| |(?=>))(?<rest>.*)$/s;
// With (?! ), what follows is looked at once and not from each of a hundred thousand spaces. * * * is no item.
const ITEM = /^(?:(?<bullet>[-*+])|(?<number>\d{1,9})[.)]) +(?! )(?=.*[^\s*+-])(?<rest>\S.*)$/su;
const DEEPEST = 3;

// Gives the blocks of a text: { kind: 'paragraph', pieces }, { kind: 'code', text, language }, { kind: 'quote', blocks },
// { kind: 'list', ordered, numbers, items } with the pieces of each item. `nicks` are the names that an @ may call.
export function blocksOf(text, nicks = []) {
  return blocks(text.split('\n'), inlineOf(nicks), 0);
}

function blocks(lines, inline, depth) {
  const found = [];
  const plain = [];
  const endParagraph = () => {
    const text = trimmed(plain.splice(0), found.length > 0).join('\n');
    if (text !== '') found.push({ kind: 'paragraph', pieces: inline(text) });
  };
  let at = 0;
  while (at < lines.length) {
    const [block, next] = blockAt(lines, at, inline, depth);
    if (block) {
      // The blank lines before a block are its edge.
      while (plain.at(-1) === '') plain.pop();
      endParagraph();
      found.push(block);
    } else {
      plain.push(lines[at]);
    }
    at = next;
  }
  endParagraph();
  return found;
}

// So are those behind it.
function trimmed(lines, afterBlock) {
  const first = afterBlock ? lines.findIndex((line) => line !== '') : 0;
  return first < 0 ? [] : lines.slice(first);
}

// Gives the block that begins at a line, or null, and where to go on.
function blockAt(lines, at, inline, depth) {
  const fence = FENCE.exec(lines[at]);
  if (fence) return codeAt(lines, at, fence.groups.language);
  if (QUOTED.test(lines[at]) && depth < DEEPEST) return quoteAt(lines, at, inline, depth);
  if (ITEM.test(lines[at])) return listAt(lines, at, inline);
  return [null, at + 1];
}

// One that is not closed runs to the end.
function codeAt(lines, at, language) {
  let end = at + 1;
  while (end < lines.length && lines[end].trimEnd() !== '```') end += 1;
  return [{ kind: 'code', text: lines.slice(at + 1, end).join('\n'), language }, end + 1];
}

function quoteAt(lines, at, inline, depth) {
  const quoted = [];
  while (at + quoted.length < lines.length) {
    const line = QUOTED.exec(lines[at + quoted.length]);
    if (!line) break;
    quoted.push(line.groups.rest);
  }
  return [{ kind: 'quote', blocks: blocks(quoted, inline, depth + 1) }, at + quoted.length];
}

// Items of one kind, one a line. Their numbers stay as they were written: they may be those of questions.
function listAt(lines, at, inline) {
  const ordered = ITEM.exec(lines[at]).groups.number !== undefined;
  const items = [];
  const numbers = [];
  while (at + items.length < lines.length) {
    const item = ITEM.exec(lines[at + items.length]);
    if (!item || (item.groups.number !== undefined) !== ordered) break;
    items.push(inline(item.groups.rest));
    if (ordered) numbers.push(Number(item.groups.number));
  }
  return [{ kind: 'list', ordered, numbers, items }, at + items.length];
}
