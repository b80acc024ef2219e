import assert from 'node:assert/strict';
import { beforeEach, it, mock } from 'node:test';
import { Progress } from '../../../web/js/line/progress.js';
import { listening } from './stand_ins.js';

let page;
let told;
let can;
let progress;
beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout'] });
  page = listening();
  told = [];
  can = true;
  progress = new Progress((room, seq) => can && told.push(`${room} ${seq}`));
});

it('is told once in three seconds, the furthest', () => {
  for (const seq of [1, 2, 3]) progress.read('大厅', seq);
  mock.timers.tick(2_999);
  assert.deepEqual(told, []);
  mock.timers.tick(1);
  assert.deepEqual(told, ['大厅 3']);
  progress.read('大厅', 4);
  mock.timers.tick(3_000);
  assert.deepEqual(told, ['大厅 3', '大厅 4']);
});

it('is told at once when one leaves', () => {
  progress.read('大厅', 1);
  page.document.hidden = true;
  page.document.dispatchEvent(new Event('visibilitychange'));
  assert.deepEqual(told, ['大厅 1']);
  progress.read('大厅', 2);
  page.window.dispatchEvent(new Event('pagehide'));
  assert.deepEqual(told, ['大厅 1', '大厅 2']);
  mock.timers.tick(9_000);
  assert.deepEqual(told, ['大厅 1', '大厅 2']);
});

it('is told later where it cannot be now', () => {
  can = false;
  progress.read('大厅', 1);
  mock.timers.tick(3_000);
  can = true;
  progress.read('大厅', 2);
  mock.timers.tick(3_000);
  assert.deepEqual(told, ['大厅 2']);
});

it('is told of each room by itself', () => {
  progress.read('大厅', 1);
  progress.read('诗社', 7);
  progress.tellNow();
  assert.deepEqual(told, ['大厅 1', '诗社 7']);
  mock.timers.tick(9_000);
  assert.equal(told.length, 2);
});
