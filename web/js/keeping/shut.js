// In place of the room, for who may not be in it or had to go: why, for how long, and how to come in after all.
import { isKeptOut } from '../line/closing.js';
import { isAddress } from '../state/place.js';
import { element } from '../view/element.js';
import { onEnter } from '../view/enter.js';
import { ask, Refused } from './requests.js';
import { buttonOf, labelled } from './sheet.js';

const TITLES = {
  kick: 'shut.kick', ban: 'shut.ban', banned: 'shut.ban', locked: 'shut.locked', password: 'shut.password',
  network: 'shut.network', invitation: 'shut.invitation',
};

export class Shut {
  #view = element('section', 'shut');

  constructor({ room, session, words, calendar, goOn }) {
    Object.assign(this, { room, session, words, calendar, goOn });
    this.#view.id = 'shut';
    this.#view.setAttribute('role', 'region');
    this.#view.setAttribute('aria-labelledby', 'shut-title');
    this.#view.hidden = true;
    document.querySelector('main').append(this.#view);
  }

  // Nothing is new of it while one tries once more.
  draw(isOut) {
    const { line } = this.session;
    document.body.toggleAttribute('data-shut', isOut);
    const isHeld = this.#view.contains(document.activeElement);
    this.#view.hidden = !isOut;
    if (!isOut && isHeld) this.goOn();
    if (!isKeptOut(line)) return;
    for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
    const { removed } = this.room.standing;
    const told = line.why.code === 'removed' ? removed ?? { act: 'kick' } : line.why;
    const kind = told.act ?? told.why;
    const title = element('h2', '', this.words.say(TITLES[kind] ?? 'shut.other'));
    title.id = 'shut-title';
    title.tabIndex = -1;
    const form = kind === 'password' ? this.#form() : null;
    this.#view.replaceChildren(title, ...this.#facts(kind, told), ...this.#ways(kind, form), this.#lobby());
    if (form) form.querySelector('#room-password').focus();
    else title.focus();
  }

  #facts(kind, told) {
    const { until, reason } = told;
    const facts = [];
    if (until) facts.push(this.words.say('shut.until', { time: this.calendar.moment(until) }));
    else if (kind === 'ban' || kind === 'banned') facts.push(this.words.say('shut.for_good'));
    if (reason) facts.push(this.words.say('shut.reason', { reason }));
    if (this.#isForgotten(kind)) facts.push(this.words.say('shut.private_why'));
    if (kind === 'locked') facts.push(this.words.say('shut.locked_why'));
    if (kind === 'invitation') facts.push(this.words.say('shut.invitation_why'));
    if (kind === 'network') facts.push(this.words.say('shut.network_why'));
    return facts.map((fact) => element('p', '', fact));
  }

  // The way on for who cannot come in here.
  #lobby() {
    const link = element('a', '', this.words.say('line.lobby'));
    link.href = '/';
    link.hidden = this.room.name === 'lobby';
    return link;
  }

  // A private room is not there for who is no member any more.
  #isForgotten(kind) {
    return isAddress(this.room.name) && ['kick', 'ban', 'banned'].includes(kind);
  }

  #ways(kind, form) {
    return this.#isForgotten(kind) ? [] : [form ?? this.#again(kind)];
  }

  #again(kind) {
    const label = this.words.say(kind === 'kick' ? 'line.enter' : 'shut.again');
    return buttonOf(label, () => this.session.line.open(), kind === 'kick' ? '' : 'quiet');
  }

  #form() {
    const field = element('input', '');
    Object.assign(field, { type: 'password', autocomplete: 'current-password', enterKeyHint: 'go' });
    field.setAttribute('aria-describedby', 'room-password-why');
    const why = element('p', 'refused');
    why.id = 'room-password-why';
    why.setAttribute('role', 'alert');
    const form = element('form', '', ...labelled(this.words.say('shut.password_label'), field, 'room-password'),
      why, element('button', '', this.words.say('shut.enter')));
    const refuse = (sentence) => {
      why.textContent = sentence;
      field.setAttribute('aria-invalid', sentence !== '');
    };
    field.addEventListener('input', () => refuse(''));
    onEnter(field, () => form.requestSubmit());
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#try(field, refuse);
    });
    return form;
  }

  async #try(field, refuse) {
    try {
      await ask('join', { password: field.value }, this.room.name);
      this.session.line.open();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { error: told } = error;
      refuse(told.why === 'password' ? this.words.say('shut.wrong') : this.words.sentenceFor(told));
      field.select();
    }
  }
}
