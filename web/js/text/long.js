// What is more than about one screen of a phone is shown folded, so that one message does not push all others away.
const LINES = 20;
// Of a phone, in Latin letters; a Chinese character takes the place of two.
const WIDTH = 40;
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uff60]/gu;

const linesOf = (line) => Math.max(1, Math.ceil((line.length + (line.match(WIDE)?.length ?? 0)) / WIDTH));

export function isLong(text) {
  let lines = 0;
  for (const line of text.split('\n', LINES + 1)) lines += linesOf(line);
  return lines > LINES;
}
