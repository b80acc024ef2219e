// Invitations to a room that does not let in everybody: made, handed on, looked up, taken back.
import { Sheet, buttonOf } from '../keeping/sheet.js';
import { spanOf } from '../keeping/terms.js';
import { copy } from '../view/copy.js';
import { element } from '../view/element.js';
import { chipsOf, formOf } from './form.js';

// In s; '' is for ever.
const TERMS = [3_600, 86_400, 604_800, ''];
const USES = [1, 10, ''];

export class Invitations {
  #sheet;
  #list = element('ul', 'kept');
  #none;
  #link = element('div', 'link');

  // `link(fields)` gives the address for others, and that of its code.
  constructor({ words, calendar, addressWith }, asking) {
    Object.assign(this, { words, calendar, addressWith, asking });
    this.#sheet = new Sheet('invitations', words);
    this.#none = element('p', 'why', words.say('invitations.none'));
  }

  async open() {
    const { words } = this;
    this.#sheet.open(words.say('invitations.title'));
    this.#link.replaceChildren();
    const term = chipsOf(words.say('invitations.term'), 'seconds', TERMS.map((seconds) => [`${seconds}`, this.#span(seconds)]), '86400');
    const uses = chipsOf(words.say('invitations.uses'), 'uses', USES.map((count) => [`${count}`, this.#count(count)]), '1');
    this.#sheet.show(
      formOf(() => this.#make(term.chosen(), uses.chosen()), term.node, uses.node,
        element('button', '', words.say('invitations.make'))),
      this.#link,
      element('section', '', element('h3', '', words.say('invitations.there')), this.#list, this.#none));
    await this.#draw();
  }

  #span(seconds) {
    return seconds === '' ? this.words.say('invitations.never') : spanOf(seconds, this.words);
  }

  #count(uses) {
    return uses === '' ? this.words.say('invitations.any') : this.words.say('invitations.times', { count: uses });
  }

  async #make(seconds, uses) {
    const { told, why } = await this.asking.try('invite', { seconds: Number(seconds) || undefined, uses: Number(uses) || undefined });
    this.#sheet.say(why);
    if (!why) await this.#show(told.invitation.code);
    await this.#draw();
  }

  // Copied at once where the browser lets one; else it is there to be copied.
  async #show(code) {
    const { words } = this;
    const { url, picture } = await this.addressWith(code);
    if (!url) {
      this.#link.replaceChildren(element('p', '', words.say('share.nowhere')));
      return;
    }
    const field = element('input', '');
    Object.assign(field, { type: 'text', readOnly: true, value: url });
    field.setAttribute('aria-label', words.say('invitations.link'));
    field.addEventListener('focus', () => field.select());
    const button = buttonOf('', async () => this.#copied(field, button, await copy(url)));
    const image = element('img', '');
    Object.assign(image, { src: picture, alt: words.say('invitations.code'), width: 200, height: 200 });
    image.addEventListener('error', () => image.remove());
    this.#link.replaceChildren(field, button, image);
    this.#copied(field, button, await copy(url), words.say('share.copy'));
  }

  #copied(field, button, isCopied, otherwise = this.words.say('share.selected')) {
    button.textContent = isCopied ? this.words.say('share.copied') : otherwise;
    this.#sheet.say(isCopied ? this.words.say('invitations.copied') : '');
    if (!isCopied) field.focus();
  }

  async #draw() {
    const { told, why } = await this.asking.try('invitations');
    if (why) this.#sheet.say(why);
    else this.#put(told.invitations);
  }

  #put(invitations) {
    const held = this.#list.contains(document.activeElement);
    this.#list.replaceChildren(...invitations.map((invitation) => this.#item(invitation)));
    this.#none.hidden = invitations.length > 0;
    if (held) (this.#list.querySelector('button') ?? this.#list.closest('section').previousSibling.previousSibling.querySelector('button')).focus();
  }

  #item({ id, by, until, uses }) {
    const { words, calendar } = this;
    const state = [until ? words.say('invitations.until', { time: calendar.moment(until) }) : words.say('invitations.never'),
      uses === undefined ? words.say('invitations.any') : words.say('invitations.left', { count: uses })];
    const name = words.say('invitations.by', { nick: by.nick });
    const button = buttonOf(words.say('invitations.revoke'), async () => {
      const { why } = await this.asking.try('revoke', { id });
      this.#sheet.say(why || words.say('invitations.revoked'));
      await this.#draw();
    }, 'quiet');
    return element('li', '', element('div', 'who', element('p', '', name), element('p', 'why', state.join(' · '))), button);
  }
}
