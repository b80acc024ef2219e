// Calls for attention, as the reader has chosen for the room, when it is elsewhere: by a soft sound, by a notification.
import { pathTo } from '../state/place.js';
import { Chime } from './chime.js';

const LONGEST = 200;

export class Alerts {
  #chime = new Chime(() => this.#sounds);
  #shown = [];
  #visits = 0;

  // `go(room)` leads to one.
  constructor(words, settings, room, go) {
    Object.assign(this, { words, settings, room, go });
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

  // In a `room`, { name, title, with }. What is said to one alone calls one.
  heard({ user, nick, text }, { callsMe, room }) {
    const level = this.settings.alertsOf(room.name);
    if (level === 'nothing' || (level === 'mentions' && !callsMe)) return;
    if (this.#sounds) this.#chime.ring();
    const mayNotify = this.canNotify && Notification.permission === 'granted';
    // A browser may refuse it for reasons of its own.
    if (mayNotify && this.settings.get('notifications') === 'on') this.#notify({ user, nick, text, room }).catch(() => {});
  }

  // One has seen it all.
  seen() {
    this.#visits += 1;
    const isOurs = ({ tag }) => tag.startsWith(this.#ours);
    for (const notification of this.#shown.filter(isOurs)) notification.close();
    this.#shown = this.#shown.filter((notification) => !isOurs(notification));
  }

  get #sounds() {
    return this.settings.get('sounds') === 'on';
  }

  // No room's name has a line break.
  get #ours() {
    return `${this.room.name}\n`;
  }

  async #notify({ user, nick, text, room }) {
    const options = { body: [...text].slice(0, LONGEST).join(''), tag: `${room.name}\n${user}`, icon: '/icons/192.png' };
    const title = room.with ? nick : this.words.say('alerts.title', { nick, room: this.words.nameOf(room) });
    const visits = this.#visits;
    const worker = await navigator.serviceWorker?.getRegistration();
    // Android has no constructor, only the worker may notify there.
    if (worker?.active) await this.#byWorker(worker, title, options, room);
    else this.#byPage(title, options, room);
    // One came and saw it while it was on its way.
    if (visits !== this.#visits && room.name === this.room.name) this.seen();
  }

  async #byWorker(worker, title, options, { name }) {
    await worker.showNotification(title, { ...options, data: { path: pathTo(name) } });
    this.#shown = await worker.getNotifications();
  }

  #byPage(title, options, { name }) {
    const notification = new Notification(title, options);
    notification.addEventListener('click', () => {
      window.focus();
      notification.close();
      this.go(name);
    });
    this.#shown.push({ tag: options.tag, close: () => notification.close() });
  }
}
