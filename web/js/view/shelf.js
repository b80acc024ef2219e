// All emoji in a grid, the last chosen first, or those that a search finds.
import { nameOf, sought } from '../state/emoji.js';
import { rememberedEmoji } from '../store/memory.js';
import { isBlank } from '../text/text.js';
import { byId } from './element.js';
import { compositionIn } from './enter.js';
import { Grid } from './grid.js';

const TITLES = {
  faces: 'emoji.faces',
  gestures: 'emoji.gestures',
  people: 'emoji.people',
  hearts: 'emoji.hearts',
  animals: 'emoji.animals',
  food: 'emoji.food',
  activities: 'emoji.activities',
  travel: 'emoji.travel',
  objects: 'emoji.objects',
  symbols: 'emoji.symbols',
  flags: 'emoji.flags',
};

async function load() {
  const answer = await fetch(new URL('../../emoji.json', import.meta.url));
  return answer.json();
}

export class Shelf {
  search = byId('emoji-search');
  isComposing = compositionIn(this.search);
  #found = byId('emoji-found');
  #grid;
  #groups = null;

  constructor(words, chosen) {
    this.words = words;
    this.#grid = new Grid(byId('emoji-grid'), {
      chosen: (cell, more) => chosen(cell.textContent, cell.title, more),
      left: () => this.search.focus(),
    });
    this.search.addEventListener('input', ({ isComposing }) => this.#draw(isComposing));
    this.search.addEventListener('compositionend', () => this.#draw());
    this.search.addEventListener('keydown', (event) => this.#pressed(event));
  }

  // Fails where they do not come.
  async fill() {
    this.search.value = '';
    this.#groups ??= await load();
    this.#draw();
  }

  #pressed(event) {
    if (this.isComposing(event) || this.#grid.isEmpty) return;
    if (event.key === 'ArrowDown') {
      event.preventDefault();
      this.#grid.focus();
    }
    if (event.key === 'Enter' && !isBlank(this.search.value)) {
      event.preventDefault();
      this.#grid.chooseFirst(event.shiftKey);
    }
  }

  #draw(composing = false) {
    if (!this.#groups) return;
    const every = Object.values(this.#groups).flat();
    const query = this.search.value;
    if (isBlank(query)) {
      this.#found.textContent = '';
      this.#put(this.#all(every));
      return;
    }
    const found = sought(every, query);
    // So far an input method may hold letters by which nothing is found.
    if (composing && found.length === 0) return;
    this.#found.textContent = this.words.say(found.length > 0 ? 'emoji.found' : 'emoji.none', { count: found.length });
    this.#put([{ title: this.words.say('emoji.search'), entries: found }]);
  }

  #all(every) {
    const recent = rememberedEmoji().flatMap((emoji) => every.find((entry) => entry.emoji === emoji) ?? []);
    const groups = Object.entries(this.#groups)
      .map(([name, entries]) => ({ title: this.words.say(TITLES[name]), entries }));
    return [{ title: this.words.say('emoji.recent'), entries: recent }, ...groups];
  }

  #put(groups) {
    this.#grid.draw(groups.filter(({ entries }) => entries.length > 0).map(({ title, entries }) => ({
      title,
      entries: entries.map((entry) => ({ text: entry.emoji, name: nameOf(entry, this.words.language) })),
    })));
  }
}
