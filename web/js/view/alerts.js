// Calls for attention, as the reader has chosen for the room, when it is elsewhere: by a soft sound, by a notification.
import { Chime } from './chime.js';

const LONGEST = 200;

export class Alerts {
  #chime = new Chime();
  #shown = [];

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
    if (this.settings.get('sounds') === 'on') this.#chime.ring();
    const mayNotify = this.canNotify && Notification.permission === 'granted';
    if (mayNotify && this.settings.get('notifications') === 'on') this.#notify(user, nick, text);
  }

  // One has seen it all.
  seen() {
    for (const notification of this.#shown.splice(0)) notification.close();
  }

  async #notify(user, nick, text) {
    const options = { body: [...text].slice(0, LONGEST).join(''), tag: `${this.room.name} ${user}`, icon: '/icons/192.png' };
    const title = this.words.say('alerts.title', { nick, room: this.room.name });
    const worker = await navigator.serviceWorker?.getRegistration();
    // Android has no constructor, only the worker may notify there.
    if (worker?.active) await this.#byWorker(worker, title, options);
    else this.#byPage(title, options);
  }

  async #byWorker(worker, title, options) {
    await worker.showNotification(title, { ...options, data: { path: location.pathname } });
    this.#shown = await worker.getNotifications();
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
