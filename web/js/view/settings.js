// What the reader may choose, in one dialog; every choice holds at once. It comes when it is first opened.
import { byId } from './element.js';
import { wordsBeside } from './later.js';
import { LANGUAGES } from '../text/languages.js';

class SettingsDialog {
  #dialog = byId('settings');
  #permission = byId('settings-permission');

  // `alerts` can be asked for the browser's permission to notify.
  constructor(words, settings, { room, alerts }) {
    Object.assign(this, { words, settings, room, alerts });
    byId('settings-close').addEventListener('click', () => this.#dialog.close());
    this.#dialog.addEventListener('change', ({ target }) => this.#chosen(target));
    for (const [key, name] of Object.entries(LANGUAGES)) byId('set-language').append(new Option(name, key));
    byId('settings-context').textContent = words.say(isSecureContext ? 'settings.secure' : 'settings.plain');
  }

  open() {
    this.#fill();
    this.#dialog.showModal();
  }

  // After the page was loaded again in another language.
  reopen() {
    globalThis.history.replaceState(null, '', location.pathname + location.search);
    // A dialog gives the focus back to where it was when it opened.
    byId('settings-toggle').focus();
    this.open();
    byId('set-language').focus();
  }

  #fill() {
    const { settings, alerts } = this;
    for (const field of this.#dialog.querySelectorAll('select[data-setting]')) field.value = settings.get(field.dataset.setting);
    for (const field of this.#dialog.querySelectorAll('input[data-setting]')) {
      field.checked = settings.get(field.dataset.setting) === 'on';
    }
    byId('set-alerts').value = settings.alertsOf(this.room.name);
    byId('set-notifications').disabled = !alerts.canNotify;
    this.#permission.textContent = this.#whyNot();
  }

  // Why there are no notifications; over plain http another sentence says it.
  #whyNot() {
    if (this.alerts.isDenied) return this.words.say('settings.denied');
    return isSecureContext && !this.alerts.canNotify ? this.words.say('settings.unable') : '';
  }

  async #chosen(field) {
    const { setting } = field.dataset;
    if (field.id === 'set-alerts') {
      this.settings.setAlertsOf(this.room.name, field.value);
      return;
    }
    const value = field.type === 'checkbox' ? (field.checked ? 'on' : 'off') : field.value;
    this.settings.set(setting, value);
    if (setting === 'notifications' && value === 'on') await this.#askToNotify();
    if (setting === 'language') this.#loadAgain();
  }

  // The browser asks at a tap of the reader's, and only once; after a no only its own settings help.
  async #askToNotify() {
    if (!await this.alerts.askToNotify()) this.settings.set('notifications', 'off');
    this.#fill();
  }

  // What is being written is kept as the room's draft. The same page once more is no step to go back to.
  #loadAgain() {
    globalThis.history.replaceState(null, '', '#settings');
    location.reload();
  }
}

export async function settingsOf(words, settings, parts) {
  const own = await wordsBeside(words, 'settings');
  own.fill(byId('settings'));
  return new SettingsDialog(own, settings, parts);
}
