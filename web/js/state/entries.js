// What stands in the log, from top to bottom: messages, what is noted between them, and where the unread ones begin.

export const DIVIDER = { kind: 'divider', revision: 0 };

// `notes` in their order; `unreadFrom` is the number of the first message that was not read, or null.
export function entriesOf(messages, notes, unreadFrom) {
  const entries = [];
  const waiting = [...notes];
  let divided = unreadFrom === null;
  const noteUpTo = (seq) => {
    while (waiting.length > 0 && waiting[0].after < seq) entries.push(waiting.shift());
  };
  for (const message of messages) {
    noteUpTo(message.seq ?? Infinity);
    if (!divided && (message.seq ?? 0) >= unreadFrom) {
      entries.push(DIVIDER);
      divided = true;
    }
    entries.push(message);
  }
  noteUpTo(Infinity);
  return entries;
}
