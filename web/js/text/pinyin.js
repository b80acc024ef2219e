// The first letters of Chinese names as pinyin has them, without a table of characters: by the collation of pinyin
// (CLDR), a character lies between the first ones of two letters. Where the browser does not sort so, there are none.
const FIRST = [...'阿八嚓哒妸发旮哈讥咔垃妈拏噢妑七呥扨它穵夕丫帀'];
const LETTERS = [...'abcdefghjklmnopqrstwxyz'];
const HAN = /\p{Script=Han}/u;

const collator = new Intl.Collator('zh-Hans-CN-u-co-pinyin');
const sortsByPinyin = FIRST.every((each, index) => index === 0 || collator.compare(FIRST[index - 1], each) < 0);

function initialOf(character) {
  if (!HAN.test(character)) return character;
  const index = FIRST.findLastIndex((first) => collator.compare(first, character) <= 0);
  return LETTERS[index] ?? character;
}

// 李白 is lb, 李白2 is lb2; letters stand for themselves, in lower case.
export function initialsOf(name) {
  return sortsByPinyin ? Array.from(name.toLowerCase(), initialOf).join('') : name.toLowerCase();
}
