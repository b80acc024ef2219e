// What the forms about rooms are made of.
import { labelled } from '../keeping/sheet.js';
import { element } from '../view/element.js';
import { compositionIn } from '../view/enter.js';

export const LONGEST = { name: 64, title: 64, topic: 250 };

// A field with its name and a line for what is wrong with it; `refuse(sentence)` says it there.
export function fieldOf(label, id, { most, hint = '', value = '' } = {}) {
  const input = element('input', '');
  Object.assign(input, { type: 'text', dir: 'auto', autocomplete: 'off', spellcheck: false, value });
  const why = element('p', 'refused');
  const note = element('p', 'why', hint);
  why.id = `${id}-why`;
  note.id = `${id}-note`;
  why.setAttribute('role', 'alert');
  input.setAttribute('aria-describedby', `${why.id} ${note.id}`);
  const refuse = (sentence) => {
    why.textContent = sentence;
    input.setAttribute('aria-invalid', sentence !== '');
    if (sentence) input.focus();
  };
  input.addEventListener('input', () => refuse(''));
  // The Enter that ends a composition sends nothing.
  const isComposing = compositionIn(input);
  input.addEventListener('keydown', (event) => event.key === 'Enter' && isComposing(event) && event.preventDefault());
  const node = element('div', 'field', ...labelled(label, input, id), ...hint ? [note] : [], why);
  return { node, input, refuse, isTooLong: () => [...input.value.trim()].length > most };
}

// One of several, as chips; `chosen()` gives its value.
export function chipsOf(legend, name, choices, preset) {
  const chips = choices.map(([value, label]) => {
    const radio = element('input', '');
    Object.assign(radio, { type: 'radio', name, value, checked: value === preset });
    return element('label', 'chip', radio, label);
  });
  const node = element('fieldset', 'chips', element('legend', '', legend), ...chips);
  return { node, chosen: () => node.querySelector(':checked').value };
}

export function formOf(act, ...children) {
  const form = element('form', 'room-form', ...children);
  form.noValidate = true;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    act();
  });
  return form;
}
