// The list of one's rooms: a column on a wide page, a sheet that slides in from the left on a narrow one.
import { callsIn } from '../state/rooms.js';
import { isAddress, pathTo } from '../state/place.js';
import { byId, element } from './element.js';

const FOLDED = 'rooms';
const LOCK = 'M7 11V7a5 5 0 0 1 10 0v4M5 11h14v10H5z';

export class RoomList {
  #panel = byId('rooms');
  #list = byId('rooms-list');
  #drawer = byId('rooms-drawer');
  #toggle = byId('rooms-toggle');
  #wide = matchMedia('(min-width: 900px)');
  #nodes = new Map();
  #order = [];
  #isPointed = false;

  // `go(name)` leads to a room.
  constructor(words, rooms, settings, go) {
    Object.assign(this, { words, rooms, settings, go });
    this.#toggle.addEventListener('click', () => this.toggle());
    this.#list.addEventListener('click', (event) => this.#clicked(event));
    this.#drawer.addEventListener('close', () => this.#place());
    this.#drawer.addEventListener('click', ({ target }) => target === this.#drawer && this.#drawer.close());
    this.#wide.addEventListener('change', () => this.#drawer.close());
    // Under a pointer, a finger or the focus nothing changes its place.
    this.#panel.addEventListener('pointerenter', () => { this.#isPointed = true; });
    this.#panel.addEventListener('pointerleave', () => {
      this.#isPointed = false;
      this.draw();
    });
    this.#place();
  }

  toggle() {
    if (!this.#wide.matches) {
      this.#drawer.append(this.#panel);
      this.#panel.hidden = false;
      this.#drawer.showModal();
    } else {
      this.settings.set(FOLDED, this.#panel.hidden ? 'open' : 'folded');
    }
    this.#show();
    if (this.#drawer.open) this.#list.querySelector('[aria-current]')?.focus();
  }

  // Into the page, where it stands on a wide one.
  #place() {
    this.#isPointed = false;
    if (this.#panel.parentElement === this.#drawer) byId('strip').before(this.#panel);
    this.#show();
  }

  #show() {
    const isOpen = this.#drawer.open || (this.#wide.matches && this.settings.get(FOLDED) !== 'folded');
    this.#panel.hidden = !isOpen;
    this.#toggle.setAttribute('aria-expanded', isOpen);
    this.draw();
  }

  #clicked(event) {
    const { ctrlKey, metaKey, shiftKey, altKey } = event;
    const link = event.target.closest('a');
    if (!link || ctrlKey || metaKey || shiftKey || altKey) return;
    event.preventDefault();
    const { name } = link.dataset;
    this.#drawer.close();
    this.go(name);
  }

  draw() {
    const { rooms } = this;
    this.#toggle.dataset.calling = rooms.calling > 99 ? '99+' : rooms.calling || '';
    if (this.#panel.hidden) return;
    const known = rooms.inOrder;
    const held = this.#isPointed || this.#list.contains(document.activeElement);
    const order = held ? inPlace(this.#order, known) : known;
    this.#order = order.map(({ name }) => name);
    const gone = new Set(this.#nodes.keys());
    let before = null;
    for (const room of order) {
      gone.delete(room.name);
      const node = this.#node(room);
      const next = before ? before.nextElementSibling : this.#list.firstElementChild;
      if (node !== next) this.#list.insertBefore(node, next);
      before = node;
    }
    for (const name of gone) {
      this.#nodes.get(name).node.remove();
      this.#nodes.delete(name);
    }
  }

  #node(room) {
    const isShown = room.name === this.rooms.shown;
    const state = JSON.stringify([this.words.nameOf(room), room.kind, room.archived, room.unread, callsIn(room), isShown]);
    const known = this.#nodes.get(room.name);
    if (known?.state === state) return known.node;
    const node = known?.node ?? element('li', '', element('a', 'room'));
    this.#fill(node.firstElementChild, room, isShown);
    this.#nodes.set(room.name, { node, state });
    return node;
  }

  #fill(link, room, isShown) {
    const { words } = this;
    const name = words.nameOf(room);
    link.href = pathTo(room.name);
    link.dataset.name = room.name;
    link.title = name;
    link.classList.toggle('new', room.unread > 0);
    if (isShown) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
    link.replaceChildren(...this.#sign(room), element('bdi', '', name), ...this.#count(room));
  }

  #sign({ kind, name }) {
    if (kind === 'direct') return [sign('@'), this.#unseen('rooms.direct')];
    if (!isAddress(name)) return [sign('#')];
    const lock = element('span', 'sign');
    lock.setAttribute('aria-hidden', 'true');
    lock.append(iconOf(LOCK));
    return [lock, this.#unseen('rooms.private')];
  }

  #count(room) {
    const { unread = 0 } = room;
    if (unread === 0) return [];
    const calls = callsIn(room);
    const shown = calls || unread;
    const badge = element('span', calls ? 'badge calls' : 'badge', `${calls ? '@' : ''}${shown > 99 ? '99+' : shown}`);
    badge.setAttribute('aria-hidden', 'true');
    return [badge, this.#unseen(calls ? 'rooms.calls' : 'rooms.unread', { unread, calls })];
  }

  #unseen(key, values) {
    return element('span', 'unseen', this.words.say(key, values));
  }
}

function sign(letter) {
  const node = element('span', 'sign', letter);
  node.setAttribute('aria-hidden', 'true');
  return node;
}

function iconOf(path) {
  const icon = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  icon.setAttribute('viewBox', '0 0 24 24');
  icon.append(document.createElementNS('http://www.w3.org/2000/svg', 'path'));
  icon.firstChild.setAttribute('d', path);
  return icon;
}

// Those that stand there stay where they are; what is new comes after them.
function inPlace(order, rooms) {
  const place = new Map(order.map((name, index) => [name, index]));
  const of = ({ name }) => place.get(name) ?? Infinity;
  return [...rooms].sort((one, other) => (of(one) === of(other) ? 0 : of(one) - of(other)));
}
