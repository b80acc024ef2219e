// Returns what tells of a key whether it belongs to an input method that is still composing in the field.
//
// Three signs, because browsers differ: Chrome and Firefox send the keydown while isComposing is true; Safari sends
// compositionend first and then a keydown with isComposing false and key code 229; and the flag of our own covers an
// Enter that comes in the same turn as compositionend without that code. https://bugs.webkit.org/show_bug.cgi?id=165004
export function compositionIn(field) {
  let composing = false;
  field.addEventListener('compositionstart', () => { composing = true; });
  field.addEventListener('compositionend', () => setTimeout(() => { composing = false; }));
  return (event) => event.isComposing || event.keyCode === 229 || composing;
}

// Calls `enter` when Enter is meant for the page, and not for an input method. Where it `breaks` the line, Shift and Enter
// are meant for the page; Control or Command and Enter always are.
export function onEnter(field, enter, breaks = () => false) {
  const isComposing = compositionIn(field);
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.defaultPrevented || isComposing(event)) return;
    const always = event.ctrlKey || event.metaKey;
    if (!always && event.shiftKey !== breaks()) return;
    event.preventDefault();
    enter();
  });
}
