// A message's text on the page: its blocks and pieces as nodes, never as markup.
import { copy } from './copy.js';
import { element } from './element.js';
import { isLong } from '../text/long.js';
import { blocksOf } from '../text/markdown.js';

export function proseOf(text, { nicks, me, words }) {
  const blocks = blocksOf(text, nicks).map((block) => nodeOf(block, { me, words }));
  const prose = element('div', 'text', ...blocks);
  prose.dir = 'auto';
  return prose;
}

// Only its beginning, until one asks for the rest. `hold(edge)` is called before its size changes: the beginning stays where
// it is, or the button by which one has read to the end.
export function foldable(prose, text, words, hold) {
  if (!isLong(text)) return;
  const button = element('button', 'unfold');
  button.type = 'button';
  const fold = (folded) => {
    prose.classList.toggle('folded', folded);
    button.textContent = words.say(folded ? 'message.unfold' : 'message.fold');
    button.setAttribute('aria-expanded', !folded);
  };
  button.addEventListener('click', () => {
    const folded = !prose.classList.contains('folded');
    hold(folded ? 'bottom' : 'top');
    fold(folded);
  });
  fold(true);
  prose.after(button);
}

const blockNodes = {
  paragraph: ({ pieces }, how) => element('p', '', ...pieces.map((piece) => pieceOf(piece, how))),
  quote: ({ blocks }, how) => element('blockquote', '', ...blocks.map((block) => nodeOf(block, how))),
  code: ({ text }, { words }) => codeOf(text, words),
  list({ ordered, numbers, items }, how) {
    const nodes = items.map((pieces) => element('li', '', ...pieces.map((piece) => pieceOf(piece, how))));
    numbers.forEach((number, index) => { nodes[index].value = number; });
    return element(ordered ? 'ol' : 'ul', '', ...nodes);
  },
};

const nodeOf = (block, how) => blockNodes[block.kind](block, how);

const pieceNodes = {
  text: ({ text }) => text,
  link: (piece) => linkOf(piece),
  code: ({ text }) => element('code', '', text),
  strong: ({ pieces }, how) => element('strong', '', ...pieces.map((piece) => pieceOf(piece, how))),
  em: ({ pieces }, how) => element('em', '', ...pieces.map((piece) => pieceOf(piece, how))),
  mention: ({ text, nick }, { me }) => element('bdi', nick === me ? 'mention to-me' : 'mention', text),
};

const pieceOf = (piece, how) => pieceNodes[piece.kind](piece, how);

function linkOf({ text, href }) {
  const link = element('a', '', text);
  link.href = href;
  link.target = '_blank';
  link.rel = 'noopener noreferrer nofollow';
  return link;
}

function codeOf(text, words) {
  const button = element('button', 'copy-code', words.say('code.copy'));
  button.type = 'button';
  button.addEventListener('click', async () => {
    if (await copy(text)) button.textContent = words.say('code.copied');
  });
  const pre = element('pre', '', element('code', '', text));
  pre.dir = 'ltr';
  pre.tabIndex = 0;  // it scrolls sideways, by keyboard too
  return element('div', 'code', pre, button);
}
