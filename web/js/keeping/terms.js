// For how long and why: what one is asked before somebody is muted, removed or banned.
import { element } from '../view/element.js';
import { buttonOf, labelled } from './sheet.js';

const LONGEST_REASON = 200;
const DAY = 86_400;
// In s; 0 is for good.
const TERMS = { mute: [300, 600, 3_600, DAY], ban: [DAY, 0] };
const CHOSEN = { mute: 600, ban: DAY };
const NETWORK = { ban: true };
const UNITS = [[DAY, 'day'], [3_600, 'hour'], [60, 'minute'], [1, 'second']];

export function spanOf(seconds, words) {
  const [size, unit] = UNITS.find(([length]) => seconds >= length);
  return new Intl.NumberFormat(words.language, { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / size);
}

// A form; `chosen(fields)` with what is to be sent, `left()` when it is let be.
export function termsOf(act, label, words, { chosen, left }) {
  const form = element('form', 'terms');
  const why = element('input', '');
  Object.assign(why, { type: 'text', maxLength: LONGEST_REASON, autocomplete: 'off', dir: 'auto', enterKeyHint: 'done' });
  const network = element('input', '');
  network.type = 'checkbox';
  const note = element('p', 'why', words.say('keep.network_why'));
  note.id = 'terms-network-why';
  network.setAttribute('aria-describedby', note.id);
  if (TERMS[act]) form.append(spans(act, words));
  form.append(...labelled(words.say('keep.reason'), why, 'terms-reason'));
  if (NETWORK[act]) {
    form.append(element('div', 'switch', ...labelled(words.say('keep.network'), network, 'terms-network')), note);
  }
  const send = element('button', 'danger', label);
  form.append(element('div', 'pair', buttonOf(words.say('keep.back'), left, 'quiet'), send));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const seconds = Number(new FormData(form).get('seconds')) || undefined;
    chosen({ seconds, reason: why.value.trim() || undefined, network: network.checked || undefined });
  });
  return form;
}

function spans(act, words) {
  const choices = TERMS[act].map((seconds) => {
    const radio = element('input', '');
    Object.assign(radio, { type: 'radio', name: 'seconds', value: seconds, checked: seconds === CHOSEN[act] });
    return element('label', 'chip', radio, seconds ? spanOf(seconds, words) : words.say('keep.for_good'));
  });
  return element('fieldset', 'chips', element('legend', 'unseen', words.say('keep.how_long')), ...choices);
}
