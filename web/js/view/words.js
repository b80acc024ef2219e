// What the page says, in the reader's language.
import { isAddress } from '../state/place.js';
import { languageOf } from '../text/languages.js';

// In ms
const AGAIN = 2_000;
const PATIENCE = 10_000;

export async function loadWords(wish = 'auto', folder = new URL('../../locales', import.meta.url)) {
  const { catalogue, language } = languageOf(wish, navigator.languages);
  return new Words(language, await load(`${folder}/${catalogue}.json`));
}

// Without words there is no page, but for what it says of itself in two languages.
async function load(address) {
  const tell = (isThere) => document.getElementById('unloaded')?.toggleAttribute('hidden', isThere);
  for (;;) {
    try {
      const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE) });
      tell(answer.ok);
      if (answer.ok) return await answer.json();
    } catch {
      tell(false);
    }
    await new Promise((resolve) => { setTimeout(resolve, AGAIN); });
  }
}

export class Words {
  constructor(language, catalogue) {
    this.language = language;
    this.catalogue = catalogue;
  }

  say(key, values = {}) {
    return this.catalogue[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  // A room that was not named by anybody has a name in each language; a direct one is whom it is with.
  nameOf({ name, title, with: other }) {
    if (name === 'lobby') return this.say('room.lobby');
    return other?.nick ?? title ?? (isAddress(name) ? this.say('room.private') : name);
  }

  // The same code may need other words when a nick or a room was refused, or for why it was. The server's own sentence where
  // there is none in the reader's language.
  sentenceFor({ code, why, message, about }) {
    const key = [`refused.${about}.${code}`, `refused.${why}`, `refused.${code}`].find((known) => known in this.catalogue);
    return key ? this.say(key) : message;
  }

  // Elements say what they need: data-word for their text, data-word-label for their name, data-word-placeholder,
  // data-word-alt. What is within data-later waits for words of its own.
  fill(root) {
    const of = (name) => [...root.querySelectorAll(`[${name}]`)].filter((node) => root !== document || !node.closest('[data-later]'));
    for (const node of of('data-word')) node.textContent = this.say(node.dataset.word);
    for (const node of of('data-word-label')) node.setAttribute('aria-label', this.say(node.dataset.wordLabel));
    for (const node of of('data-word-placeholder')) node.placeholder = this.say(node.dataset.wordPlaceholder);
    for (const node of of('data-word-alt')) node.alt = this.say(node.dataset.wordAlt);
  }
}
