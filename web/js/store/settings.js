// What the reader has chosen, kept where the browser allows it. `early.js` reads the same before the page is drawn.
const KEY = 'settings';

export const DEFAULTS = {
  language: 'auto',
  theme: 'system',
  size: 'normal',
  enter: 'auto',
  keys: 'on',
  sounds: 'off',
  notifications: 'off',
};
// Of each room: what calls for attention.
export const ALERTS = 'mentions';

export class Settings {
  #chosen = {};
  #watchers = [];

  constructor() {
    this.#read();
    // Another window of the same browser has changed something.
    addEventListener('storage', ({ key }) => {
      // null: all was cleared.
      if (key !== null && key !== KEY) return;
      this.#read();
      this.#tell();
    });
  }

  get(name) {
    return this.#chosen[name] ?? DEFAULTS[name];
  }

  set(name, value) {
    this.#chosen[name] = value;
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#chosen));
    } catch {
      // Storage is switched off: it holds until the page is left.
    }
    this.#tell();
  }

  // How much of a room calls for attention: all, mentions or nothing.
  alertsOf(room) {
    return this.get(`alerts ${room}`) ?? ALERTS;
  }

  setAlertsOf(room, level) {
    this.set(`alerts ${room}`, level);
  }

  // `changed()` is called after each change.
  watch(changed) {
    this.#watchers.push(changed);
  }

  #tell() {
    for (const changed of this.#watchers) changed();
  }

  #read() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY));
      this.#chosen = kept instanceof Object && !Array.isArray(kept) ? kept : {};
    } catch {
      this.#chosen = {};
    }
  }
}
