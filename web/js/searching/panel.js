// Joins the search: the question, what there is to say of it, and what was found.
import { carrySearch, forgetSearch } from '../store/memory.js';
import { element } from '../view/element.js';
import { Drawer } from './drawer.js';
import { Inquiry } from './inquiry.js';
import { Question } from './question.js';
import { Results } from './results.js';
import { Told } from './told.js';

export class Panel {
  #inquiry;
  #question;
  #told;
  #results;
  #drawer;
  #goesOn = false;  // from the field to what is found, when it is
  #isLive = true;

  // `find` is what an Inquiry asks by; the context has `words`, `calendar`, `room` and `session`, `nameOf(room)`,
  // `go(seq, state)` to a message of this room, and `makeRoom(isOpen)`.
  constructor(context, find) {
    const { words, room, session, go } = context;
    Object.assign(this, { room, session, go });
    this.#inquiry = new Inquiry(find, () => this.#draw());
    this.#question = new Question(words, room, {
      asked: () => this.#seek(),
      entered: () => this.#entered(),
      down: () => this.#results.focus(),
    });
    const toField = () => this.#question.field.focus();
    this.#told = new Told(words, toField);
    this.#results = new Results(context, this.#inquiry, {
      isAll: () => this.#question.isAll, go: (message) => this.#go(message), up: toField,
    });
    const close = element('button', 'quiet', words.say('search.close'));
    close.type = 'button';
    close.addEventListener('click', () => this.close());
    const nodes = [
      element('div', 'ask', this.#question.field, close), ...this.#question.nodes, ...this.#told.nodes, this.#results.node];
    this.#drawer = new Drawer(words.say('search.open'), nodes, {
      left: () => this.#left(),
      isComposing: this.#question.isComposing,
      makeRoom: context.makeRoom,
    });
    addEventListener('online', () => this.#again());
    this.#listen();
    this.#draw();
  }

  // Another room is shown.
  turn() {
    this.#listen();
    if (this.#drawer.isOpen) this.#seek(0);
  }

  // What becomes of a message is seen among what was found.
  #listen() {
    const { name, messages } = this.room;
    messages.found = { became: (event) => this.#inquiry.became(name, event) };
  }

  toggle() {
    if (this.#drawer.isOpen) this.close();
    else this.open();
  }

  open() {
    this.#drawer.open();
    this.#inquiry.resume();
    // On a phone what was found is to be seen again, and not the keyboard.
    if (!this.#drawer.isBeside && this.#results.focusVisited()) return;
    this.#question.field.focus();
    this.#question.field.select();
  }

  // With what one looked for on the page before.
  goOn({ text, isAll }) {
    this.#question.field.value = text;
    this.#question.isAll = isAll;
    this.#seek(0);
    // Beside it, one is where the result has led.
    if (this.#drawer.isBeside) this.#drawer.openQuietly();
    else this.open();
  }

  close() {
    if (this.#drawer.isOpen) this.#drawer.close();
  }

  // Back to where a result has led away from.
  returned() {
    if (history.state?.sought && !this.#drawer.isBeside && !this.#drawer.isOpen) this.open();
  }

  // One may be connected again.
  draw() {
    const isBack = this.session.live && !this.#isLive;
    this.#isLive = this.session.live;
    if (isBack) this.#again();
  }

  // Going back later is not to bring it up again.
  #left() {
    forgetSearch();
    if (history.state?.sought) history.replaceState({ ...history.state, sought: undefined }, '');
    this.#inquiry.pause();
  }

  #again() {
    if (this.#inquiry.error?.code === 'offline') this.#inquiry.again();
  }

  #seek(pause) {
    this.#goesOn = false;
    const { asked, text } = this.#question;
    if (asked) this.#inquiry.seek(asked, pause);
    else if (text.trim() === '') this.#inquiry.clear();
    this.#draw();
  }

  #entered() {
    this.#seek(0);
    if (this.#question.asked === null) return;
    // A phone's keyboard lies over what is found.
    if (matchMedia('(pointer: coarse)').matches) this.#question.field.blur();
    else this.#goesOn = true;
    this.#draw();
  }

  // Returns whether it was in this room; a link leads to another one.
  #go({ room, seq }) {
    const { isBeside } = this.#drawer;
    if (room !== this.room.name) {
      carrySearch({ text: this.#question.text, isAll: this.#question.isAll });
      history.replaceState({ ...history.state, sought: true }, '');
      return false;
    }
    if (!isBeside) this.#drawer.close();
    this.go(seq, isBeside ? {} : { sought: true });
    return true;
  }

  #draw() {
    const { asked, isAll, missing, text } = this.#question;
    this.#question.draw(text.trim() === '');
    this.#results.draw();
    this.#told.draw(this.#inquiry, {
      missing,
      again: () => this.#inquiry.again(),
      everywhere: asked?.room !== undefined && !isAll && (() => {
        this.#question.isAll = true;
        this.#seek(0);
      }),
    });
    if (!this.#goesOn || !this.#inquiry.isDone) return;
    this.#goesOn = false;
    this.#results.focus();
  }
}
