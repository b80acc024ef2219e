import { hueOf, initialOf } from '../text/names.js';
import { sameDay } from '../text/time.js';

export const byId = (id) => document.getElementById(id);

// Strings among the children become text nodes, never markup.
export function element(name, className, ...children) {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

// The line above the first of a day; it leads to other days.
export function dayLine() {
  const line = element('button', 'day');
  line.type = 'button';
  line.setAttribute('aria-haspopup', 'dialog');
  return line;
}

// What stands below is of the time `at`, what stands above, if anything does, of `before`.
export function drawDay(line, at, { before, now, calendar }) {
  line.textContent = before && sameDay(at, before) ? '' : calendar.day(at, now);
  line.dataset.at = at;
}

// A coloured initial beside a name; the name itself says the same, so nobody needs to hear it twice.
export function faceOf({ user, nick }) {
  const face = element('span', `face hue-${hueOf(user)}`, initialOf(nick));
  face.setAttribute('aria-hidden', 'true');
  return face;
}
