import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';

import { ALERTS, DEFAULTS, Settings } from '../../../web/js/store/settings.js';
import { listening, remembering, rememberingNothing } from './stand_ins.js';

let page;
beforeEach(() => {
  remembering();
  page = listening();
});

const another = (key) => page.window.dispatchEvent(Object.assign(new Event('storage'), { key }));

describe('a setting', () => {
  it('is its default until something is chosen', () => {
    const settings = new Settings();
    for (const [name, value] of Object.entries(DEFAULTS)) assert.equal(settings.get(name), value);
  });

  it('is what was chosen, then and on later visits', () => {
    const settings = new Settings();
    settings.set('theme', 'dark');
    for (const each of [settings, new Settings()]) {
      assert.equal(each.get('theme'), 'dark');
      assert.equal(each.get('size'), DEFAULTS.size);
    }
  });

  it('is kept where the page looks before it is drawn', () => {
    const settings = new Settings();
    settings.set('theme', 'dark');
    settings.set('size', 'large');
    assert.deepEqual(JSON.parse(localStorage.getItem('settings')), { theme: 'dark', size: 'large' });
  });

  it('holds until the page is left where nothing can be kept', () => {
    rememberingNothing();
    const settings = new Settings();
    settings.set('theme', 'dark');
    assert.equal(settings.get('theme'), 'dark');
    assert.equal(new Settings().get('theme'), DEFAULTS.theme);
  });

  it('is its default where what is kept cannot be read', () => {
    for (const kept of ['', '{', 'null', '[]', '7']) {
      remembering({ settings: kept });
      const settings = new Settings();
      assert.equal(settings.get('theme'), DEFAULTS.theme, kept);
      settings.set('theme', 'dark');
      assert.equal(settings.get('theme'), 'dark', kept);
      assert.equal(new Settings().get('theme'), 'dark', kept);
    }
  });
});

describe('alerts', () => {
  it('are of each room by itself', () => {
    const settings = new Settings();
    settings.setAlertsOf('大厅', 'all');
    assert.equal(settings.alertsOf('大厅'), 'all');
    assert.equal(settings.alertsOf('constructor'), ALERTS);
    assert.equal(new Settings().alertsOf('大厅'), 'all');
  });

  it('of a room that is called like a setting leave that alone', () => {
    const settings = new Settings();
    settings.setAlertsOf('theme', 'all');
    assert.equal(settings.get('theme'), DEFAULTS.theme);
  });
});

describe('who watches', () => {
  it('is told of each change when it has happened', () => {
    const settings = new Settings();
    const seen = [];
    for (const watcher of ['a', 'b']) settings.watch(() => seen.push([watcher, settings.get('theme')]));
    settings.set('theme', 'dark');
    assert.deepEqual(seen, [['a', 'dark'], ['b', 'dark']]);
  });

  it('is told of what another window has changed, and of nothing else', () => {
    const settings = new Settings();
    const seen = [];
    settings.watch(() => seen.push(settings.get('theme')));
    localStorage.setItem('settings', '{"theme":"dark"}');
    another('nick');
    assert.deepEqual(seen, []);
    another('settings');
    assert.deepEqual(seen, ['dark']);
    localStorage.setItem('settings', '{');
    another('settings');
    assert.deepEqual(seen, ['dark', DEFAULTS.theme]);
  });

  it('is told when another window has cleared it all', () => {
    const settings = new Settings();
    settings.set('theme', 'dark');
    remembering();
    another(null);
    assert.equal(settings.get('theme'), DEFAULTS.theme);
  });
});
