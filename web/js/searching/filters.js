// What one can ask for beside words (docs/protocol.md, "search"), and what of it is not typed to its end yet.

// `meaning` is what it is there for, `missing` what to type behind it.
export const FILTERS = [
  { text: 'from:', meaning: 'search.from', missing: 'search.whose' },
  { text: 'in:', meaning: 'search.in', missing: 'search.where' },
  { text: 'after:', meaning: 'search.after', missing: 'search.day' },
  { text: 'before:', meaning: 'search.before', missing: 'search.day' },
  { text: 'has:link', meaning: 'search.link' },
  { text: '""', meaning: 'search.phrase' },
];

// Chinese keyboards write ： and “.
const IN = /(?:^|\s)in[:：]\S/i;
const EMPTY = /(?:^|\s)(\w+)[:：]["“]?$/;
const DAY = /(?:^|\s)(before|after)[:：](?!\d{4}-\d{2}-\d{2})\S*$/i;

// Whether a room is named in it.
export const namesRoom = (text) => IN.test(text);

// Gives the key of what to type next, null where one need not wait for it.
export function missingIn(text) {
  const key = (DAY.exec(text) ?? EMPTY.exec(text))?.[1].toLowerCase();
  return FILTERS.find(({ text: filter }) => filter === `${key}:`)?.missing ?? null;
}
