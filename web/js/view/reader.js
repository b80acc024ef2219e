// Whether the reader looks, and up to where they have read.
import { rememberRead, rememberedRead } from '../store/memory.js';
import { Unread } from '../state/unread.js';

export class Reader {
  #unread;
  #isToCome = true;
  #live = false;

  // `came(count)` when one comes to so many unread messages, `seen()` whenever all is seen, here or on another device, and
  // `read(seq)` with the number up to which one has read here.
  constructor(room, scroll, { came, seen, read }) {
    Object.assign(this, { room, scroll, came, seen, read });
    this.turn();
    document.addEventListener('visibilitychange', () => (document.hidden ? this.#left() : this.#back()));
    addEventListener('focus', () => this.look());
    addEventListener('blur', () => this.look());
  }

  // Another room is shown.
  turn() {
    this.#unread = new Unread(rememberedRead(this.room.name));
    this.#isToCome = true;
    this.#live = false;
  }

  get unreadFrom() {
    return this.#unread.begins;
  }

  // Whether what comes is seen.
  get follows() {
    return !document.hidden && document.hasFocus() && this.scroll.following;
  }

  // The room is complete, for the first time or again.
  come() {
    // Not before the place is found: until then the end is in view, and all would count as read.
    if (this.#isToCome) this.#find();
    this.#isToCome = false;
    this.#live = true;
  }

  look() {
    if (!this.#live || !this.follows) return;
    const read = this.#unread.reached(this.room.messages);
    if (read) {
      rememberRead(this.room.name, read);
      this.read(read.seq);
    }
    this.seen();
  }

  told(seq) {
    this.#unread.told(seq);
    if (this.#live && seq >= this.room.messages.last) this.seen();
  }

  #left() {
    if (this.#live) this.#isToCome = true;
  }

  #back() {
    if (this.#isToCome && this.#live) this.come();
    this.look();
  }

  #find() {
    const count = this.#unread.look(this.room.messages);
    if (count > 0) this.came(count);
  }
}
