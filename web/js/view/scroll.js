// Keeps the reader's place: at the end for who reads along, otherwise at the message that is being read. By hand, because
// Safari has no overflow-anchor; and by the end of that message, because its head goes when an older one of the same
// author comes before it.
import { byId } from './element.js';

const NEAR_END = 80;
// From then on, what stands further up or down is brought, in px.
const NEAR_EDGE = 600;

export class Scroll {
  following = true;
  #frame = byId('log');
  #list = byId('messages');
  #new = byId('new');
  #unseen = 0;
  #height = 0;
  #anchor = null;
  #edge = 'bottom';
  #isHeld = false;
  #was = 0;

  // `nearTop()` and `nearEnd(isNearTop)` bring what is not on the page, `endIsHere()` tells whether its end is that of the talk,
  // `toEnd()` brings that, and `moved()` hears that the reader has come to the end or left it.
  constructor(words, callbacks) {
    Object.assign(this, { words, callbacks });
    this.#frame.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.#new.addEventListener('click', () => this.toEnd());
    const sizes = new ResizeObserver(() => this.#restore());
    sizes.observe(this.#frame);
    sizes.observe(this.#list);
  }

  toEnd() {
    this.following = true;
    this.#unseen = 0;
    this.callbacks.toEnd();
    this.#frame.scrollTop = this.#frame.scrollHeight;
    this.#drawNew();
    this.callbacks.moved();
  }

  // Another talk is shown.
  turn() {
    this.following = true;
    this.#unseen = 0;
    this.#anchor = null;
    this.#isHeld = false;
  }

  // To where the unread begins, if the end is further than one screen away.
  toEntry(node, unseen, endIsHere) {
    const { top } = this.#frame.getBoundingClientRect();
    const above = node.getBoundingClientRect().top - top - this.#frame.clientHeight / 4;
    if (endIsHere && this.#frame.scrollTop + above > this.#frame.scrollHeight - this.#frame.clientHeight) return;
    this.#unseen = unseen;
    this.following = false;
    this.#frame.scrollTop += above;
    this.#hold();
    this.#drawNew();
  }

  toMiddle(node) {
    this.following = false;
    node.scrollIntoView({ block: 'center' });
    this.#settle();
  }

  // The number of the message that is being read.
  get at() {
    return Number(this.#anchor?.dataset.seq) || null;
  }

  arrived() {
    if (!this.following) this.#unseen += 1;
  }

  // What one has clicked is to change its size: an edge of it stays where it is, be it at the end of the talk.
  holdTo(node, edge) {
    this.following = false;
    this.#isHeld = true;
    this.#hold(node, edge);
  }

  // Changes the list without moving what is being read.
  keep(draw) {
    draw();
    this.#restore();
    this.#drawNew();
    this.#look();
  }

  // After whatever has changed sizes: a message above, the keyboard of a phone, a turned screen, a growing field.
  #restore() {
    this.#height = this.#frame.clientHeight;
    if (this.following) this.#frame.scrollTop = this.#frame.scrollHeight;
    else if (this.#findAnchor()) this.#frame.scrollTop += this.#place(this.#anchor, this.#edge) - this.#was;
    else this.#hold();
    if (this.#isHeld) this.#settle();
  }

  // Its node may have been made anew.
  #findAnchor() {
    const seq = this.#anchor?.dataset.seq;
    if (!this.#anchor?.isConnected && seq) this.#anchor = this.#list.querySelector(`[data-seq="${seq}"]`);
    return this.#anchor?.isConnected;
  }

  #scrolled() {
    // A scroll event of before may come between a change of size and its observer: then it was not the reader who left
    // the end.
    if (this.#frame.clientHeight === this.#height) this.#settle();
  }

  // Whether the reader is at the end now, and what follows from that.
  #settle() {
    const { scrollHeight, clientHeight, scrollTop } = this.#frame;
    this.#isHeld = false;
    const following = scrollHeight - clientHeight - scrollTop < NEAR_END && this.callbacks.endIsHere();
    const changed = following !== this.following;
    this.following = following;
    if (following) this.#unseen = 0;
    else this.#hold();
    this.#drawNew();
    this.#look();
    if (changed) this.callbacks.moved();
  }

  #look() {
    const { scrollHeight, clientHeight, scrollTop } = this.#frame;
    const isNearTop = scrollTop < NEAR_EDGE;
    if (isNearTop) this.callbacks.nearTop();
    if (scrollHeight - clientHeight - scrollTop < NEAR_EDGE) this.callbacks.nearEnd(isNearTop);
  }

  #drawNew() {
    this.#new.hidden = this.following;
    const count = this.#unseen;
    const label = count > 0 ? this.words.say('log.new', { count }) : this.words.say('log.latest');
    if (this.#new.textContent !== label) this.#new.textContent = label;
  }

  #hold(node = this.#firstInView(), edge = 'bottom') {
    this.#anchor = node;
    this.#edge = edge;
    this.#was = node ? this.#place(node, edge) : 0;
  }

  #place(node, edge = 'bottom') {
    return node.getBoundingClientRect()[edge] - this.#frame.getBoundingClientRect().top;
  }

  // By halves: a list of thousands is not to be measured one by one at each scroll event.
  #firstInView() {
    const { children } = this.#list;
    let [low, high] = [0, children.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#place(children[middle]) > 0) high = middle;
      else low = middle + 1;
    }
    return children[low] ?? null;
  }
}
