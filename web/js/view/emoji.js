// The emoji to choose from: a button beside the field opens them above it. The shelf is loaded when it is first opened.
import { withRecent } from '../state/emoji.js';
import { rememberEmoji, rememberedEmoji } from '../store/memory.js';
import { byId } from './element.js';
import { insert, insertQuietly } from './insert.js';

export class Emoji {
  #panel = byId('emoji');
  #button = byId('emoji-open');
  #field = byId('text');
  #shelf = null;
  #byTouch = false;
  #cameFrom = null;
  #staying = false;

  constructor(words, say) {
    this.words = words;
    this.say = say;
    for (const node of [this.#button, this.#panel]) {
      node.addEventListener('pointerdown', ({ pointerType }) => { this.#byTouch = pointerType !== 'mouse'; });
      node.addEventListener('keydown', () => { this.#byTouch = false; });
    }
    // The focus stays where it is until the panel takes it, and can go back there.
    this.#button.addEventListener('mousedown', (event) => event.preventDefault());
    this.#button.addEventListener('click', () => (this.#panel.hidden ? this.#open() : this.#goBack()));
    this.#panel.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || this.#shelf?.isComposing(event)) return;
      event.preventDefault();
      this.#goBack();
    });
    this.#panel.addEventListener('focusout', ({ relatedTarget }) => {
      if (relatedTarget && !this.#staying) this.#leaveFor(relatedTarget);
    });
    document.addEventListener('pointerdown', ({ target }) => this.#leaveFor(target));
  }

  // Where nothing can be written, there is nothing to choose for.
  draw() {
    this.#button.disabled = this.#field.disabled;
    if (this.#field.disabled) this.#show(false);
  }

  // As it comes, where it does not come whole.
  async #open() {
    await import('./later.js').then(({ dress }) => dress('emoji')).catch(() => {});
    const { activeElement, body } = document;
    this.#cameFrom = activeElement === body ? this.#button : activeElement;
    this.#show(true);
    this.#fill();
    // The search would bring up a phone's keyboard, and there would be no room for the emoji.
    (this.#byTouch ? this.#panel : byId('emoji-search')).focus();
  }

  async #fill() {
    try {
      const { Shelf } = await import('./shelf.js');
      this.#shelf ??= new Shelf(this.words, (emoji, name, more) => this.#choose(emoji, name, more));
      await this.#shelf.fill();
    } catch {
      byId('emoji-found').textContent = this.words.say('emoji.lost');
    }
  }

  #goBack() {
    this.#cameFrom.focus();
    this.#show(false);
  }

  #show(shown) {
    this.#panel.hidden = !shown;
    this.#button.setAttribute('aria-expanded', shown);
  }

  #leaveFor(node) {
    if (!this.#panel.contains(node) && !this.#button.contains(node)) this.#show(false);
  }

  // A finger has no Shift to hold; the emoji stay until one taps elsewhere, as a phone's own do.
  #choose(emoji, name, more) {
    rememberEmoji(withRecent(rememberedEmoji(), emoji));
    if (this.#byTouch || more) this.say(this.words.say('emoji.written', { name }));
    if (this.#byTouch) {
      insertQuietly(this.#field, emoji);
      return;
    }
    const held = document.activeElement;
    this.#staying = true;
    insert(this.#field, emoji);
    if (more) held.focus();
    else this.#show(false);
    this.#staying = false;
  }
}
