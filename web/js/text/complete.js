// What is being typed after an @, and the names that may be meant.

export function mentionAt(text, caret) {
  const from = text.slice(0, caret).lastIndexOf('@');
  if (from < 0 || /[\w.+-]/.test(text[from - 1] ?? '')) return null;
  const typed = text.slice(from + 1, caret);
  return /\s/.test(typed) ? null : { from, typed };
}

export function completionsOf(typed, nicks, most) {
  return nicks.filter((nick) => nick.toLowerCase().startsWith(typed.toLowerCase())).slice(0, most);
}
