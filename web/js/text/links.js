// Addresses in a text, which a reader may click.

// Chinese punctuation stands next to a link without a space between; \p{C} ends one too, so that no invisible or
// direction-turning character hides in an address.
const ADDRESS = /https?:\/\/[^\s\p{C}<>"`，。、；：？！…—·（）【】〔〕《》〈〉「」『』“”‘’｛｝［］～]+/giu;
const TRAILING = /[.,;:!?'*_~]$/;
const BRACKETS = { ')': '(', ']': '[', '}': '{' };

const times = (text, letter) => text.split(letter).length - 1;

function endOfLink(address) {
  const last = address.at(-1);
  const unopened = last in BRACKETS && times(address, last) > times(address, BRACKETS[last]);
  return unopened || TRAILING.test(address) ? endOfLink(address.slice(0, -1)) : address;
}

function isSafe(address) {
  try {
    const url = new URL(address);
    // https://bank.example@evil.example shows one host and opens another.
    return /^https?:$/.test(url.protocol) && !url.username && !url.password;
  } catch {
    return false;
  }
}

// Splits a text into { text, href? } pieces that make the same text again when joined.
export function piecesOf(text) {
  const pieces = [];
  let done = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = endOfLink(match[0]);
    if (!isSafe(address)) continue;
    if (match.index > done) pieces.push({ text: text.slice(done, match.index) });
    pieces.push({ text: address, href: address });
    done = match.index + address.length;
  }
  if (done < text.length) pieces.push({ text: text.slice(done) });
  return pieces;
}
