// The room as a file, which the browser fetches by itself: the same address as everybody's (docs/protocol.md, "A room as a
// file"), so that a phone shows its own progress.
import { Sheet } from '../keeping/sheet.js';
import { element } from '../view/element.js';
import { dress, wordsBeside } from '../view/later.js';

const FORMATS = {
  html: ['save.html', 'save.html_why'],
  markdown: ['save.markdown', 'save.markdown_why'],
  jsonl: ['save.jsonl', 'save.jsonl_why'],
};
// In ms
const PATIENCE = 15_000;
const REFUSED = { 403: 'save.forbidden', 404: 'save.no_such_room', 429: 'save.too_fast' };

let saving = null;

export async function open(words, room) {
  if (saving === null) {
    const [own] = await Promise.all([wordsBeside(words, 'saving'), dress('keeping'), dress('saving')]);
    saving = new Saving(own, room);
  }
  saving.open();
}

class Saving {
  #sheet;

  constructor(words, room) {
    Object.assign(this, { words, room });
    this.#sheet = new Sheet('saving', words);
  }

  open() {
    const { words } = this;
    this.#sheet.open(words.say('save.title'));
    const choices = Object.entries(FORMATS).map((choice) => element('li', '', this.#choice(choice)));
    this.#sheet.show(element('p', '', words.say('save.how')), element('ul', 'formats', ...choices));
  }

  #choice([format, [name, why]]) {
    const { words } = this;
    const link = element('a', 'save', element('span', 'format', words.say(name)), element('span', 'why', words.say(why)));
    link.href = this.#address(format);
    link.download = '';
    link.addEventListener('click', (event) => this.#asked(event, link));
    return link;
  }

  #address(format) {
    const lang = this.words.language.split('-')[0];
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? '';
    return `/api/v1/rooms/${encodeURIComponent(this.room.name)}/export?${new URLSearchParams({ format, lang, zone })}`;
  }

  // A browser says little of a download that is refused, so it is asked first whether it would be.
  async #asked(event, link) {
    if (!event.isTrusted) return;
    event.preventDefault();
    this.#sheet.say('');
    const why = await this.#whyNot(link.href);
    if (why === null) link.click();
    this.#sheet.say(this.words.say(why ?? 'save.begins'));
  }

  async #whyNot(address) {
    try {
      const answer = await fetch(address, { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) });
      return answer.ok ? null : REFUSED[answer.status] ?? 'save.unavailable';
    } catch {
      return 'save.offline';
    }
  }
}
