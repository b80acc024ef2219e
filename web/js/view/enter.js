// Calls `enter` when Enter is meant for the page, and not for an input method that is still composing.
//
// Three signs, because browsers differ: Chrome and Firefox send the keydown while isComposing is true; Safari sends
// compositionend first and then a keydown with isComposing false and key code 229; and the flag of our own covers an
// Enter that comes in the same turn as compositionend without that code. https://bugs.webkit.org/show_bug.cgi?id=165004
export function onEnter(field, enter) {
  let composing = false;
  field.addEventListener('compositionstart', () => { composing = true; });
  field.addEventListener('compositionend', () => setTimeout(() => { composing = false; }));
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey) return;
    if (event.isComposing || event.keyCode === 229 || composing) return;
    event.preventDefault();
    enter();
  });
}
