// An empty room shows its address, to be handed on.
import { byId } from './element.js';
import { opensOnlyHere, readable } from '../state/place.js';

export class Share {
  #room = byId('empty');
  #address = byId('address');
  #button = byId('copy');

  constructor(words) {
    const onlyHere = opensOnlyHere(location);
    byId('only-here').hidden = !onlyHere;
    byId('share').hidden = onlyHere;
    this.#address.value = readable(location.href);
    this.#button.addEventListener('click', () => {
      this.#address.select();
      // navigator.clipboard exists only in a secure context, and most visitors come over plain http.
      if (document.execCommand('copy')) this.#button.textContent = words.say('empty.copied');
    });
  }

  draw(empty) {
    this.#room.hidden = !empty;
  }
}
