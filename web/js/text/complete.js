// What is being typed after an @, and the names that may be meant.
import { initialsOf } from './pinyin.js';

// a@b.example is an address; a Chinese character may stand right before an @.
const PART_OF_ADDRESS = /[\p{Script=Latin}\p{Nd}._%+-]/u;
const LONGEST = 32;

// Gives where the @ stands before the caret and what is typed after it, or null. A nick may have spaces, but what is typed
// of it ends at one.
export function mentionAt(text, caret) {
  const from = text.slice(0, caret).lastIndexOf('@');
  if (from < 0 || PART_OF_ADDRESS.test(text[from - 1] ?? ' ')) return null;
  const typed = text.slice(from + 1, caret);
  return /\s/.test(typed) || typed.length > LONGEST ? null : { from, typed };
}

const folded = (text) => text.normalize('NFKC').toLowerCase();

// How well a name fits what was typed: the less the better, Infinity for not at all.
export function rank(nick, wish) {
  const [name, typed] = [folded(nick), folded(wish)];
  if (name.startsWith(typed)) return 0;
  if (name.split(/[\s_.-]+/).some((word) => word.startsWith(typed))) return 1;
  if (initialsOf(name).some((initials) => initials.startsWith(typed))) return 2;
  return name.includes(typed) ? 3 : Infinity;
}

// Gives at most so many names that fit, the best first.
export function completionsOf(typed, nicks, most) {
  return nicks.map((nick) => ({ nick, rank: rank(nick, typed) }))
    .filter((each) => each.rank < Infinity)
    .sort((one, other) => one.rank - other.rank || one.nick.localeCompare(other.nick))
    .slice(0, most)
    .map(({ nick }) => nick);
}
