// Names that a text calls with an @.

// a@b.example is an address; a Chinese character may stand right before an @.
const PART_OF_ADDRESS = /[\p{Script=Latin}\p{Nd}._%+-]/u;
const OPEN_END = /[\p{Script=Latin}\p{Nd}]$/u;
const CONTINUES = /^[\p{Script=Latin}\p{Nd}_]/u;

// Gives a function that tells which of the names is called at a place of a text: { text, nick } or null. The longest counts.
export function mentionsOf(nicks) {
  const byFirst = new Map();
  const longestFirst = nicks.filter(Boolean).sort((one, other) => other.length - one.length);
  for (const nick of longestFirst) {
    const first = nick[0].toLowerCase();
    byFirst.set(first, [...byFirst.get(first) ?? [], { nick, folded: nick.toLowerCase() }]);
  }
  return (text, at) => {
    if (PART_OF_ADDRESS.test(text[at - 1] ?? ' ')) return null;
    const known = byFirst.get(text[at + 1]?.toLowerCase()) ?? [];
    const found = known.find(({ nick, folded }) => {
      const end = at + 1 + nick.length;
      return text.slice(at + 1, end).toLowerCase() === folded
        && !(OPEN_END.test(nick) && CONTINUES.test(text.slice(end, end + 2)));
    });
    return found ? { text: text.slice(at, at + 1 + found.nick.length), nick: found.nick } : null;
  };
}
