// The first letters of Chinese names as pinyin has them, without a table of characters: by the collation of pinyin
// (CLDR), a character lies between the first ones of two letters. CLDR moves rare characters to other readings (扨 was the
// first of s and is ren since), so common ones stand here where one does. Where the browser does not sort so, there are none.
const FIRST = [...'阿八嚓哒妸发旮哈讥咔垃妈拏噢妑七呥仨他穵夕丫帀'];
const LETTERS = [...'abcdefghjklmnopqrstwxyz'];
const HAN = /\p{Script=Han}/u;
// The collation knows one reading of a character; as surnames these have another.
const SURNAMES = new Map(Object.entries({ 曾: 'z', 查: 'z', 翟: 'z', 覃: 'q', 仇: 'q', 单: 's', 解: 'x', 区: 'o' }));

// Gives a function that gives the readings of a name, one or two: 李白2 is lb2, 曾巩 is cg or zg. Letters stand for
// themselves, in lower case.
export function initialsBy(collator) {
  const sortsByPinyin = FIRST.every((each, index) => index === 0 || collator.compare(FIRST[index - 1], each) < 0);
  const initialOf = (character) => {
    if (!HAN.test(character)) return character;
    const index = FIRST.findLastIndex((first) => collator.compare(first, character) <= 0);
    return LETTERS[index] ?? character;
  };
  return (name) => {
    const characters = [...name.toLowerCase()];
    if (!sortsByPinyin) return [characters.join('')];
    const initials = characters.map(initialOf).join('');
    const surname = SURNAMES.get(characters[0]);
    return surname ? [initials, surname + initials.slice(1)] : [initials];
  };
}

export const initialsOf = initialsBy(new Intl.Collator('zh-Hans-CN-u-co-pinyin'));
