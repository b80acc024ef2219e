// What a part of the page brings along that comes when it is needed: its words, and how it looks.
import { element } from './element.js';
import { Words } from './words.js';

const here = (path) => new URL(`../../${path}`, import.meta.url);

// Beside those that are known.
export async function wordsBeside({ language, catalogue }, part) {
  const answer = await fetch(here(`locales/${part}/${language.split('-')[0]}.json`));
  return new Words(language, { ...catalogue, ...await answer.json() });
}

// Fails where it does not come.
export function dress(part) {
  const sheet = element('link', '');
  Object.assign(sheet, { rel: 'stylesheet', href: here(`css/${part}.css`) });
  return new Promise((resolve, reject) => {
    Object.assign(sheet, { onload: resolve, onerror: reject });
    document.head.append(sheet);
  });
}
