// What there is to say of a search: how much was found, what to try, why there is no answer; and the button that may help.
import { element } from '../view/element.js';

// In ms: what is answered sooner needs no word that it is on its way.
const SLOW = 600;

export class Told {
  #status = element('p', '');
  #button = element('button', 'quiet');
  #act = null;
  #slow = null;

  // `nothing()` when there is no button any more under who stands on it.
  constructor(words, nothing) {
    Object.assign(this, { words, nothing });
    this.#status.id = 'searching-status';
    this.#status.setAttribute('role', 'status');
    this.#button.type = 'button';
    this.#button.addEventListener('click', () => this.#act());
    this.nodes = [this.#status, this.#button];
    this.#put('');
  }

  // `missing` is a sentence on what to type next, `again()` asks once more, and `everywhere()` in all rooms, if one is not.
  draw(inquiry, { missing, again, everywhere }) {
    clearTimeout(this.#slow);
    const { error, found, hasMore, isDone } = inquiry;
    if (missing || inquiry.asked === null) this.#put(missing);
    else if (error?.code === 'too_fast') this.#say('search.wait', { seconds: Math.ceil(error.retry_after ?? 1) });
    else if (error) this.#refused(error, again);
    // What was told of the answer before stands until there is another.
    else if (!isDone) this.#slow = setTimeout(() => this.#say('search.slow'), SLOW);
    else if (found.length > 0) this.#say(hasMore ? 'search.some' : 'search.found', { count: found.length });
    else if (hasMore) this.#say('search.not_yet');
    else this.#put(this.words.say('search.nothing'), everywhere && { label: 'search.everywhere', act: everywhere });
  }

  #say(key, values) {
    this.#put(this.words.say(key, values));
  }

  #refused(error, again) {
    const helps = !['bad_field', 'too_long', 'forbidden'].includes(error.code);
    this.#put(this.words.sentenceFor({ ...error, about: 'search' }), helps && { label: 'search.again', act: again });
  }

  #put(sentence, button) {
    if (this.#status.textContent !== sentence) this.#status.textContent = sentence;
    if (!button && document.activeElement === this.#button) this.nothing();
    this.#button.hidden = !button;
    this.#act = button?.act;
    if (button) this.#button.textContent = this.words.say(button.label);
  }
}
