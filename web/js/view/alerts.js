// Calls for attention, as the reader has chosen for the room, when it is elsewhere: by a soft sound, by a notification.
import { Chime } from './chime.js';

const LONGEST = 200;

export class Alerts {
  #chime = new Chime(() => this.#sounds);
  #shown = [];
  #visits = 0;

  constructor(words, settings, room) {
    Object.assign(this, { words, settings, room });
  }

  // Over plain http there is none, and none on an iPhone unless the page is installed.
  get canNotify() {
    return isSecureContext && 'Notification' in window;
  }

  get isDenied() {
    return this.canNotify && Notification.permission === 'denied';
  }

  async askToNotify() {
    return this.canNotify && await Notification.requestPermission() === 'granted';
  }

  heard({ user, nick, text }, { callsMe }) {
    const level = this.settings.alertsOf(this.room.name);
    if (level === 'nothing' || (level === 'mentions' && !callsMe)) return;
    if (this.#sounds) this.#chime.ring();
    const mayNotify = this.canNotify && Notification.permission === 'granted';
    // A browser may refuse it for reasons of its own.
    if (mayNotify && this.settings.get('notifications') === 'on') this.#notify(user, nick, text).catch(() => {});
  }

  // One has seen it all.
  seen() {
    this.#visits += 1;
    for (const notification of this.#shown.splice(0)) notification.close();
  }

  get #sounds() {
    return this.settings.get('sounds') === 'on';
  }

  // No room's name has a line break.
  get #ours() {
    return `${this.room.name}\n`;
  }

  async #notify(user, nick, text) {
    const options = { body: [...text].slice(0, LONGEST).join(''), tag: `${this.#ours}${user}`, icon: '/icons/192.png' };
    const title = this.words.say('alerts.title', { nick, room: this.words.nameOf(this.room.name) });
    const visits = this.#visits;
    const worker = await navigator.serviceWorker?.getRegistration();
    // Android has no constructor, only the worker may notify there.
    if (worker?.active) await this.#byWorker(worker, title, options);
    else this.#byPage(title, options);
    // One came and saw it while it was on its way.
    if (visits !== this.#visits) this.seen();
  }

  async #byWorker(worker, title, options) {
    await worker.showNotification(title, { ...options, data: { path: location.pathname } });
    // Those of the other rooms come from the same worker.
    this.#shown = (await worker.getNotifications()).filter(({ tag }) => tag.startsWith(this.#ours));
  }

  #byPage(title, options) {
    const notification = new Notification(title, options);
    notification.addEventListener('click', () => {
      window.focus();
      notification.close();
    });
    this.#shown.push(notification);
  }
}
