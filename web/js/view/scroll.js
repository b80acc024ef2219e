// Keeps the reader's place: at the end for who reads along, otherwise at the message that is being read.
import { byId } from './element.js';

const NEAR_END = 80;
const NEAR_TOP = 300;

export class Scroll {
  following = true;
  #frame = byId('log');
  #new = byId('new');
  #unseen = 0;
  #height = 0;

  constructor(words, nearTop) {
    this.words = words;
    this.nearTop = nearTop;
    this.#frame.addEventListener('scroll', () => this.#moved(), { passive: true });
    this.#new.addEventListener('click', () => this.toEnd());
    new ResizeObserver(() => this.#resized()).observe(this.#frame);
  }

  toEnd() {
    this.following = true;
    this.#frame.scrollTop = this.#frame.scrollHeight;
  }

  arrived() {
    if (!this.following) this.#unseen += 1;
  }

  // Changes the list without moving what is being read. By hand, because Safari has no overflow-anchor; and by the end of
  // the first message in view, because its head goes when an older one of the same author comes before it.
  keep(draw) {
    const anchor = this.following ? null : this.#firstInView();
    const was = anchor?.getBoundingClientRect().bottom;
    draw();
    if (this.following) this.toEnd();
    else if (anchor?.isConnected) this.#frame.scrollTop += anchor.getBoundingClientRect().bottom - was;
    this.#drawNew();
    this.#look();
  }

  // The keyboard of a phone, a turned screen, a growing field.
  #resized() {
    this.#height = this.#frame.clientHeight;
    if (this.following) this.toEnd();
  }

  #moved() {
    const { scrollHeight, clientHeight, scrollTop } = this.#frame;
    // A scroll event of before may come between a change of size and its observer: then it was not the reader who left
    // the end.
    if (clientHeight !== this.#height) return;
    this.following = scrollHeight - clientHeight - scrollTop < NEAR_END;
    if (this.following) this.#unseen = 0;
    this.#drawNew();
    this.#look();
  }

  #look() {
    if (this.#frame.scrollTop < NEAR_TOP) this.nearTop();
  }

  #drawNew() {
    this.#new.hidden = this.#unseen === 0;
    this.#new.textContent = this.words.say('log.new', { count: this.#unseen });
  }

  #firstInView() {
    const { top } = this.#frame.getBoundingClientRect();
    return Array.from(this.#frame.querySelectorAll('li')).find((item) => item.getBoundingClientRect().bottom > top);
  }
}
