// The languages that the page speaks: each has a catalogue, locales/{key}.json, and here its name in itself.
export const LANGUAGES = {
  zh: '中文',
  en: 'English',
};
const OTHERWISE = 'en';

const baseOf = (tag) => tag.toLowerCase().split('-')[0];

// Gives the catalogue for a reader who wishes for `wish` ('auto' for what the browser prefers, `preferred`), and the tag by
// which dates and names are written: a date in French among English words would be odd.
export function languageOf(wish, preferred) {
  const known = preferred.find((tag) => Object.hasOwn(LANGUAGES, baseOf(tag)));
  const catalogue = Object.hasOwn(LANGUAGES, wish) ? wish : baseOf(known ?? OTHERWISE);
  // Our Chinese is that of the mainland, for whoever reads it.
  if (catalogue === 'zh') return { catalogue, language: 'zh-CN' };
  const tag = preferred.find((each) => baseOf(each) === catalogue);
  return { catalogue, language: tag ?? catalogue };
}
