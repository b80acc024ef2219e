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
