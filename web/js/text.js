// What can be said about a text without a page to put it on.

// The limits of the protocol count code points; String.length counts halves of emoji.
export const lengthOf = (text) => [...text].length;

export const isBlank = (text) => text.trim() === '';

// The wire refuses NUL and lone surrogates, and with them the whole frame: a message that holds one could never arrive.
export function sendable(text) {
  const whole = text.replaceAll('\0', '');
  return whole.toWellFormed ? whole.toWellFormed() : whole;
}

// getRandomValues, because randomUUID is missing over plain http, where most visitors are.
export function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

// A Chinese name is known by its last character, any other by its first.
export function initialOf(nick) {
  const letters = [...nick];
  const last = letters.at(-1) ?? '';
  return /\p{Script=Han}/u.test(last) ? last : (letters[0] ?? '').toUpperCase();
}

export function hueOf(user) {
  let sum = 0;
  for (const letter of String(user)) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
  return sum % 8;
}

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
