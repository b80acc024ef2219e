// The piece of a text that shows what was found in it.

// In characters as one sees them
const BEFORE = 20;
const MOST = 90;

// By code points, emoji that are joined of several would come apart.
const segmenter = globalThis.Intl?.Segmenter && new Intl.Segmenter();
const charactersOf = (text) => (segmenter ? Array.from(segmenter.segment(text), ({ segment }) => segment) : [...text]);

// `ranges` are pairs of where one begins and where it ends, in code points as the wire has them, in order and apart. Gives
// pieces { text, isFound } around the first; what is left out has an ellipsis in its place.
export function excerptOf(text, ranges = []) {
  const characters = marked(charactersOf(text.trimEnd()), ranges);
  const first = Math.max(0, characters.findIndex(({ isFound }) => isFound));
  const from = characters.length > MOST ? Math.min(Math.max(0, first - BEFORE), characters.length - MOST) : 0;
  const shown = characters.slice(from, from + MOST);
  if (from > 0) shown.unshift({ text: '…', isFound: false });
  if (from + MOST < characters.length) shown.push({ text: '…', isFound: false });
  return joined(shown);
}

// One that is found in part is found: its mark would not stand alone.
function marked(characters, ranges) {
  let [at, next] = [0, 0];
  return characters.map((text) => {
    const start = at;
    at += [...text].length;
    while (next < ranges.length && ranges[next][1] <= start) next += 1;
    return { text, isFound: next < ranges.length && ranges[next][0] < at };
  });
}

function joined(characters) {
  const pieces = [];
  for (const { text, isFound } of characters) {
    if (pieces.at(-1)?.isFound === isFound) pieces.at(-1).text += text;
    else pieces.push({ text, isFound });
  }
  return pieces;
}
