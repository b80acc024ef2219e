// Puts a text on the clipboard. Returns whether that could be done.
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

// navigator.clipboard exists only in a secure context, and most visitors come over plain http.
function copyBySelection(text) {
  const held = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.className = 'unseen';
  // Within an open dialog, as the page around it cannot be selected.
  (held?.closest('dialog') ?? document.body).append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  held?.focus();
  return copied;
}
