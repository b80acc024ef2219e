// What the page says, in the reader's language.
import { languageOf } from '../text/languages.js';

export async function loadWords(wish = 'auto', folder = new URL('../../locales', import.meta.url)) {
  const { catalogue, language } = languageOf(wish, navigator.languages);
  const answer = await fetch(`${folder}/${catalogue}.json`);
  return new Words(language, await answer.json());
}

export class Words {
  constructor(language, catalogue) {
    this.language = language;
    this.catalogue = catalogue;
  }

  say(key, values = {}) {
    return this.catalogue[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  // The same code may need other words when a nick or a room was refused. The server's own sentence where there is none
  // in the reader's language.
  sentenceFor({ code, message, about }) {
    const key = [`refused.${about}.${code}`, `refused.${code}`].find((known) => known in this.catalogue);
    return key ? this.say(key) : message;
  }

  // Elements say what they need: data-word for their text, data-word-label for their name, data-word-placeholder,
  // data-word-alt.
  fill(root) {
    for (const node of root.querySelectorAll('[data-word]')) node.textContent = this.say(node.dataset.word);
    for (const node of root.querySelectorAll('[data-word-label]')) {
      node.setAttribute('aria-label', this.say(node.dataset.wordLabel));
    }
    for (const node of root.querySelectorAll('[data-word-placeholder]')) {
      node.placeholder = this.say(node.dataset.wordPlaceholder);
    }
    for (const node of root.querySelectorAll('[data-word-alt]')) node.alt = this.say(node.dataset.wordAlt);
  }
}
