// A name's sign: an initial, and a colour that stays the same for as long as the user does.

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
