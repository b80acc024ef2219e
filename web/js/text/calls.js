// Whether a message calls somebody: with an @ that is no part of a link or of code.
import { blocksOf } from './markdown.js';

// `nicks` are all that are known, `nick` is whose call is looked for.
export function calls(text, nicks, nick) {
  return text.includes('@') && blocksOf(text, nicks).some((block) => holds(block, nick));
}

function holds({ blocks = [], items = [], pieces = [], kind, nick: called }, nick) {
  return (kind === 'mention' && called === nick) || [...blocks, ...pieces, ...items.flat()].some((part) => holds(part, nick));
}
