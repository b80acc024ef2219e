// Puts a text in the place of what is selected in a field.

// As if typed, so that it can be undone: only execCommand does that, and only with the focus in the field.
export function insert(field, text) {
  field.focus();
  if (!document.execCommand('insertText', false, text)) insertQuietly(field, text);
}

// Without the focus, which would bring up a phone's keyboard.
export function insertQuietly(field, text) {
  field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText', data: text }));
}
