// What was found, as a list of links that the arrow keys walk through, and what stands at its end: more.
import { element } from '../view/element.js';
import { Log } from '../view/log.js';
import { Hit, timesOf } from './hit.js';

export class Results {
  node = element('div', 'results');
  #list = element('ol', '');
  #more = element('button', 'quiet');
  #log;
  #inquiry;
  #first;
  #seen;
  #go;

  // `nameOf(room)` gives the name of a room, which is shown when `isAll()`; `go(message)` leads there, and returns whether it
  // did; `up()` leads back to the field.
  constructor({ words, calendar, nameOf }, inquiry, { isAll, go, up }) {
    this.#inquiry = inquiry;
    this.#go = go;
    const timeOf = timesOf(calendar, words.language);
    this.#log = new Log(this.#list, (message) => new Hit(message, {
      words, calendar, timeOf, where: isAll() ? nameOf(message.room) : '',
    }));
    this.#more.type = 'button';
    this.#more.textContent = words.say('search.more');
    this.#more.addEventListener('click', () => inquiry.more());
    this.node.tabIndex = -1;
    this.node.append(this.#list, this.#more);
    this.node.addEventListener('click', (event) => this.#clicked(event));
    this.node.addEventListener('keydown', (event) => this.#pressed(event, up));
    // Who scrolls to the end has more; an early end of a page, where nothing was found, is for who asks.
    this.#seen = new IntersectionObserver(([{ isIntersecting }]) => {
      if (isIntersecting && inquiry.found.length > 0 && inquiry.error === null) inquiry.more();
    }, { root: this.node, rootMargin: '200px' });
  }

  draw() {
    const { found, hasMore, isAsking, isStale } = this.#inquiry;
    const isNew = found[0] !== this.#first;
    this.#first = found[0];
    const stands = document.activeElement === this.#more ? found[this.#list.childElementCount] : null;
    this.#log.draw(found);
    this.#list.hidden = found.length === 0;
    this.#more.hidden = !hasMore;
    if (stands && !hasMore) this.#linkOf(stands).focus();
    if (isNew) this.node.scrollTop = 0;
    this.node.setAttribute('aria-busy', isAsking || isStale);
    this.#seen.unobserve(this.#more);
    if (hasMore && !isAsking) this.#seen.observe(this.#more);
  }

  // On the one that one has been to, or else on the newest.
  focus() {
    if (!this.focusVisited()) this.#links[0]?.focus();
  }

  // Returns whether there is one.
  focusVisited() {
    const visited = this.#list.querySelector('[aria-current]');
    visited?.focus();
    return visited !== null;
  }

  get #links() {
    return [...this.#list.querySelectorAll('a')];
  }

  #linkOf(message) {
    return this.#log.nodeOf(message).firstElementChild;
  }

  #clicked(event) {
    const { target, ctrlKey, metaKey, shiftKey, altKey } = event;
    const link = target.closest('a');
    if (!link || ctrlKey || metaKey || shiftKey || altKey) return;
    this.#list.querySelector('[aria-current]')?.removeAttribute('aria-current');
    link.setAttribute('aria-current', 'true');
    if (this.#go(this.#inquiry.found[this.#links.indexOf(link)])) event.preventDefault();
  }

  #pressed(event, up) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const stops = [...this.#links, ...(this.#more.hidden ? [] : [this.#more])];
    const at = stops.indexOf(event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: stops.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    if (to < 0) up();
    else stops[Math.min(to, stops.length - 1)].focus();
  }
}
