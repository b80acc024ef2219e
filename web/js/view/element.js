import { hueOf, initialOf } from '../text/names.js';

export const byId = (id) => document.getElementById(id);

// Strings among the children become text nodes, never markup.
export function element(name, className, ...children) {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

// A coloured initial beside a name; the name itself says the same, so nobody needs to hear it twice.
export function faceOf({ user, nick }) {
  const face = element('span', `face hue-${hueOf(user)}`, initialOf(nick));
  face.setAttribute('aria-hidden', 'true');
  return face;
}
