// Where one writes: a name first, then messages; and the name again, to change it.
import { rememberNick, rememberedNick } from '../store/memory.js';
import { Entrance } from './entrance.js';

export class Door {
  #wish = rememberedNick();
  #entrance;

  // `accept(nick)`, where one was invited: makes one a member, and gives why not, or null.
  constructor(words, session, composer, accept = null) {
    Object.assign(this, { words, session, composer, accept });
    this.#entrance = new Entrance(words, { chosen: (nick) => this.#chosen(nick), left: () => this.#goIn() });
  }

  // Who has been here before is in at once; all others look, and are asked where they would write.
  open() {
    if (this.#wish) {
      this.#enter(this.#wish);
      return;
    }
    // Before one is a member there is nothing to look at.
    if (!this.accept) this.session.enter();
    // On a phone the keyboard would cover what there is to read.
    this.#ask({ focus: !matchMedia('(pointer: coarse)').matches, isInvited: Boolean(this.accept) });
  }

  rename() {
    this.#ask({ nick: this.session.nick, renames: true });
  }

  focus() {
    (this.#entrance.isOpen ? this.#entrance : this.composer).focus();
  }

  // The server says who one is.
  named(nick) {
    if (nick !== this.#wish) this.composer.hint(this.words.say('nick.given', { nick }));
    this.#wish = nick;
  }

  renamed(nick) {
    rememberNick(nick);
    this.#goIn();
  }

  refused(error) {
    const why = this.words.sentenceFor({ ...error, about: 'nick' });
    if (this.#entrance.isOpen) {
      this.#entrance.refuse(why);
      return;
    }
    // The server gave another name before it refused the wished one; it is the wished one that is to be mended.
    this.composer.hint('');
    this.#ask({ nick: rememberedNick() ?? this.#wish, why });
  }

  #chosen(nick) {
    if (this.session.inside) {
      this.session.rename(nick);
      return;
    }
    this.#wish = nick;
    rememberNick(nick);
    this.#enter(nick);
  }

  async #enter(nick) {
    this.#goIn();
    const refusal = await this.accept?.(nick);
    if (refusal?.about === 'nick') this.refused(refusal);
    else if (refusal) this.session.line.end(refusal);
    else this.session.enter(nick);
  }

  #ask(question) {
    this.composer.show(false);
    this.#entrance.open(question);
  }

  #goIn() {
    this.#entrance.close();
    this.composer.show(true);
    this.composer.focus();
  }
}
