// Addresses in a text, which a reader may click.

// Chinese punctuation stands next to a link without a space between; \p{C} ends one too, so that no invisible or
// direction-turning character hides in an address.
const ADDRESS = /https?:\/\/[^\s\p{C}<>"`，。、；：？！…—·（）【】〔〕《》〈〉「」『』“”‘’｛｝［］～]+/giu;
const TRAILING = /[.,;:!?'*_~]/;
const BRACKETS = { ')': '(', ']': '[', '}': '{' };

// Punctuation at its end belongs to the sentence, and so does a bracket that was opened before the address.
function whole(address) {
  const spare = { ')': 0, ']': 0, '}': 0 };
  for (const letter of address) {
    if (letter in spare) spare[letter] += 1;
    for (const [close, open] of Object.entries(BRACKETS)) if (letter === open) spare[close] -= 1;
  }
  let end = address.length;
  while (end > 0) {
    const last = address[end - 1];
    if (spare[last] > 0) spare[last] -= 1;
    else if (!TRAILING.test(last)) break;
    end -= 1;
  }
  return address.slice(0, end);
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

// Gives { index, text } of each address that is safe to open.
export function linksOf(text) {
  return Array.from(text.matchAll(ADDRESS), ({ 0: address, index }) => ({ index, text: whole(address) }))
    .filter(({ text: address }) => isSafe(address));
}
