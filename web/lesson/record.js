// What has happened, line by line: the newest at the end, the oldest forgotten.
import { element } from '/js/view/element.js';

const KEPT = 200;

// A number has a column of its own to the right.
export function row(...cells) {
  return element('tr', '', ...cells.map((cell) => element('td', typeof cell === 'number' ? 'number' : '', cell)));
}

// Follows the end, unless the reader has scrolled away from it.
export function add(list, line) {
  const box = list.closest('.scroll');
  const following = box.scrollHeight - box.scrollTop - box.clientHeight < 4;
  list.append(line);
  if (list.children.length > KEPT) list.firstElementChild.remove();
  if (following) box.scrollTop = box.scrollHeight;
}
