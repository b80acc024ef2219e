// The room's address, to be handed on: as a link, and as a QR code. It comes when it is first needed.
import { dress } from './later.js';
import { byId } from './element.js';
import { copy } from './copy.js';
import { opensOnlyHere, pathOf, readable, withoutPlace } from '../state/place.js';

// In ms, for the server to say by which address others can come.
const PATIENCE = 3_000;

class Share {
  #dialog = byId('share');
  #field = byId('address');
  #code = byId('address-code');
  #copy = byId('copy');

  constructor(words, room) {
    this.words = words;
    this.room = room;
    byId('share-close').addEventListener('click', () => this.#dialog.close());
    this.#copy.addEventListener('click', () => this.#copied());
    this.#field.addEventListener('focus', () => this.#field.select());
    this.#code.addEventListener('error', () => { this.#code.hidden = true; });
  }

  async open() {
    this.#copy.textContent = this.words.say('share.copy');
    byId('share-nowhere').hidden = byId('share-address').hidden = true;
    this.#dialog.showModal();
    this.#show(await this.#address());
    if (!byId('share-address').hidden) this.#copy.focus({ preventScroll: true });
  }

  // The server knows by which address others can come; without it, this page's own is the best guess.
  async #address() {
    const own = opensOnlyHere(location) ? null : withoutPlace(location.href);
    try {
      const answer = await fetch(`/address?${this.#query}`, { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) });
      return answer.ok ? (await answer.json()).url ?? own : own;
    } catch {
      return own;
    }
  }

  // By which somebody who is invited comes in, and the picture of its code; without one where nobody else can.
  async addressWith(code) {
    const url = await this.#address();
    const picture = `/address.svg?${new URLSearchParams({ room: this.room.name, invite: code })}`;
    return { url: url && `${readable(url)}#invite=${code}`, picture };
  }

  // Of one of its messages.
  async addressOf({ seq }) {
    const base = opensOnlyHere(location) ? await this.#address() : null;
    return readable(new URL(pathOf(this.room.name, seq), base ?? location.href).href);
  }

  #show(url) {
    byId('share-nowhere').hidden = url !== null;
    byId('share-address').hidden = url === null;
    if (url === null) return;
    this.#field.value = readable(url);
    this.#code.hidden = false;
    this.#code.src = `/address.svg?${this.#query}`;
  }

  // Where the clipboard is closed, the address is selected, and one's own hand copies it.
  async #copied() {
    if (await copy(this.#field.value)) {
      this.#copy.textContent = this.words.say('share.copied');
      return;
    }
    this.#field.focus();
    this.#field.select();
    this.#copy.textContent = this.words.say('share.selected');
  }

  get #query() {
    return new URLSearchParams({ room: this.room.name });
  }
}

export async function sharing(words, room) {
  await dress('share');
  return new Share(words, room);
}
