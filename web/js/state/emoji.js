// Which emoji are found, and which come first. One is { emoji, zh, en }; its words begin with its name.
const MOST_RECENT = 14;
// From the best fit to the loosest. Chinese has no spaces where a word would begin, and English has love in a clover.
const FITS = [
  (word, asked) => word === asked,
  (word, asked) => word.startsWith(asked),
  (word, asked) => word.includes(/^[a-z]/.test(asked) ? ` ${asked}` : asked),
];

const split = (words) => words.split(/、|, /);

export const nameOf = (entry, language) => split(entry[language.slice(0, 2)] ?? entry.en)[0];

function misfitOf(entry, asked) {
  const words = Object.values(entry).flatMap((text) => split(text.toLowerCase()));
  const fit = FITS.findIndex((fits) => words.some((word) => fits(word, asked)));
  return fit < 0 ? Infinity : fit;
}

// In whichever language one asks; several words must all fit.
export function sought(entries, query) {
  const words = query.normalize('NFKC').toLowerCase().trim().split(/\s+/);
  return entries
    .map((entry) => ({ entry, misfit: words.reduce((sum, word) => sum + misfitOf(entry, word), 0) }))
    .filter(({ misfit }) => misfit < Infinity)
    .sort((one, other) => one.misfit - other.misfit)
    .map(({ entry }) => entry);
}

export const withRecent = (recent, emoji) => [emoji, ...recent.filter((other) => other !== emoji)].slice(0, MOST_RECENT);
