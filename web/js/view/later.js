// What a part of the page brings along that comes when it is needed: its words, and how it looks.
import { element } from './element.js';
import { Words } from './words.js';

const dressed = new Map();
const here = (path) => new URL(`../../${path}`, import.meta.url);

// The page's words and those of the parts.
export async function wordsBeside({ language, catalogue }, ...parts) {
  const load = async (part) => (await fetch(here(`locales/${part}/${language.split('-')[0]}.json`))).json();
  return new Words(language, Object.assign({}, catalogue, ...await Promise.all(parts.map(load))));
}

// Once, whatever parts ask for it. Fails where it does not come, and may be asked for again.
export function dress(part) {
  if (!dressed.has(part)) dressed.set(part, sheetOf(part));
  return dressed.get(part);
}

function sheetOf(part) {
  const sheet = element('link', '');
  Object.assign(sheet, { rel: 'stylesheet', href: here(`css/${part}.css`) });
  return new Promise((resolve, reject) => {
    const failed = () => {
      dressed.delete(part);
      sheet.remove();
      reject(new Error(part));
    };
    Object.assign(sheet, { onload: resolve, onerror: failed });
    document.head.append(sheet);
  });
}
