// The form with its one field.
import { isShutOut } from '../line/closing.js';
import { draft, rememberDraft } from '../store/memory.js';
import { byId } from './element.js';
import { compositionIn, onEnter } from './enter.js';
import { secondsTo } from './keeping.js';
import { Task } from './task.js';
import { isBlank, lengthOf, sendable } from '../text/text.js';

export class Composer {
  #form = byId('composer');
  #field = byId('text');
  #button = byId('send');
  #hint = byId('hint');
  #said = '';  // what the hint is for, when nothing keeps one from writing
  #counting = false;
  #task;
  #before = '';  // what was in the field when one began to change a message

  // `keeping` knows what keeps one from writing; `said()` is called when something is sent, `left()` when the field is left for
  // the messages; `last()` gives what one has said last.
  constructor(words, session, settings, { keeping, said, left, last }) {
    Object.assign(this, { words, session, settings, keeping, said });
    this.#task = new Task(words, () => this.#dropTask());
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    onEnter(this.#field, () => this.#submit(), () => this.#breaks);
    this.#field.addEventListener('input', () => this.#written());
    const isComposing = compositionIn(this.#field);
    this.#field.addEventListener('keydown', (event) => {
      if (event.defaultPrevented || isComposing(event)) return;
      if (event.key === 'Escape') this.#task.kind ? this.#dropTask() : left();
      const mine = event.key === 'ArrowUp' && this.#field.value === '' && !this.#task.kind ? last() : null;
      if (mine) {
        event.preventDefault();
        this.edit(mine);
      }
    });
    // A press on the button must not take the focus away: on a phone the keyboard would go down and come up again.
    this.#button.addEventListener('pointerdown', (event) => event.preventDefault());
    setInterval(() => this.#countDown(), 500);
    this.#write(draft(session.room.name));
    settings.watch(() => this.#labelEnter());
    this.#labelEnter();
  }

  // What Enter does. On a touch screen there is a button for sending, and no Shift for breaking.
  get #breaks() {
    const chosen = this.settings.get('enter');
    return chosen === 'auto' ? matchMedia('(pointer: coarse)').matches : chosen === 'break';
  }

  #labelEnter() {
    this.#field.enterKeyHint = this.#breaks ? 'enter' : 'send';
  }

  // Where a room cannot be entered, there is nothing to say.
  draw() {
    this.#field.disabled = isShutOut(this.session.line);
    const seconds = this.#task.kind === 'edit' ? 0 : this.keeping.slow;
    this.#button.disabled = this.#field.disabled || seconds > 0 || this.keeping.silence !== '';
    const label = seconds > 0 ? this.words.say('text.wait', { seconds }) : this.words.say('text.send');
    if (this.#button.textContent !== label) this.#button.textContent = label;
    this.hint(this.#said);
  }

  // Another room is shown: what one was writing in this one waits there.
  turn() {
    this.#task.end();
    this.hint('');
    this.#write(draft(this.session.room.name));
  }

  show(shown) {
    this.#form.hidden = !shown;
    if (shown) this.#fit();
  }

  focus() {
    this.#field.focus();
  }

  reply(message) {
    this.#dropTask();
    this.#task.begin('reply', message);
    this.focus();
  }

  edit(message) {
    this.#dropTask();
    this.#task.begin('edit', message);
    this.#before = this.#field.value;
    this.#write(message.text);
    this.focus();
  }

  #dropTask() {
    if (this.#task.kind === 'edit') this.#write(this.#before);
    this.#task.end();
    this.hint('');
    this.focus();
  }

  hint(sentence) {
    this.#said = sentence;
    const shown = this.keeping.silence || sentence;
    if (this.#hint.textContent !== shown) this.#hint.textContent = shown;
  }

  #written() {
    this.hint('');
    this.#fit();
    this.#remember();
    if (!isBlank(this.#field.value)) this.session.write();
  }

  // What may not be sent now stays in the field, with the reason under it.
  #submit() {
    const text = this.#field.value;
    this.focus();
    if (isBlank(text)) return;
    const { kind, message } = this.#task;
    const why = this.#tooLong(text) || this.#tooFast(this.keeping.slow);
    this.hint(why);
    if (why || this.#button.disabled) return;
    if (kind === 'edit') {
      if (text === message.text || this.session.act('edit', message, { text: sendable(text) })) this.#dropTask();
      return;
    }
    this.said();
    const kept = this.session.say(text, message?.seq);
    this.#task.end();
    this.#write('');
    // Until then it is the draft that outlives the page.
    kept.then(() => this.#remember());
  }

  #remember() {
    if (this.#task.kind === 'edit') return;
    rememberDraft(this.session.room.name, this.#field.value);
  }

  #write(text) {
    this.#field.value = text;
    this.#fit();
  }

  #tooLong(text) {
    const length = lengthOf(text);
    const most = this.session.limits.text ?? Infinity;
    return length > most ? this.words.say('text.long', { most, length }) : '';
  }

  // The button counts what slow mode asks for.
  #tooFast(slow = 0) {
    const seconds = Math.max(slow, secondsTo(this.session.outbox.blockedUntil));
    return seconds > 0 ? this.words.say('text.fast', { seconds }) : '';
  }

  #countDown() {
    const why = this.#tooFast();
    if (why || this.#counting) this.hint(why);
    this.#counting = why !== '';
    this.draw();
  }

  // The style sheet lays this copy under the field, and the field is as high as it. Setting the height to auto and
  // measuring would do too, but for a moment the list above would be taller and lose its end.
  #fit() {
    this.#field.parentElement.dataset.text = this.#field.value;
  }
}
