import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Window } from '../../../web/js/state/window.js';

const list = (count, from = 0) => Array.from({ length: count }, (_, index) => ({ number: from + index }));
const ends = (shown) => [shown.length, shown[0]?.number, shown.at(-1)?.number];

it('is at the end for who reads along', () => {
  const window = new Window();
  assert.deepEqual(ends(window.of(list(3), true)), [3, 0, 2]);
  assert.deepEqual(ends(window.of(list(1_000), true)), [300, 700, 999]);
  assert.ok(window.isAtEnd);
  assert.deepEqual(window.of([], true), []);
  assert.ok(window.isAtEnd);
});

it('moves up and down, and says when there is no more', () => {
  const window = new Window();
  const entries = list(1_000);
  window.of(entries, true);
  assert.ok(!window.down(entries));
  const seen = [];
  while (window.up(entries)) seen.push(ends(window.of(entries, false)));
  assert.deepEqual(seen.at(0), [300, 650, 949]);
  assert.deepEqual(seen.at(-1), [300, 0, 299]);
  assert.ok(!window.isAtEnd);
  while (window.down(entries)) seen.push(ends(window.of(entries, false)));
  assert.deepEqual(seen.at(-1), [300, 700, 999]);
  assert.ok(window.isAtEnd);
});

it('stays where one reads while others come before and after', () => {
  const window = new Window();
  const entries = list(500, 100);
  window.of(entries, true);
  assert.deepEqual(ends(window.of([...entries, ...list(50, 600)], false)), [350, 300, 649]);
  window.up(entries);
  const more = [...list(100), ...entries, ...list(100, 600)];
  assert.deepEqual(ends(window.of(more, false)), [300, 250, 549]);
  window.around(more, more[30]);
  assert.deepEqual(ends(window.of(more, false)), [300, 0, 299]);
});

it('stays where it is when its first or its last goes', () => {
  const window = new Window();
  const entries = list(1_000);
  window.of(entries, true);
  window.around(entries, entries[500]);
  assert.deepEqual(ends(window.of(entries, false)), [300, 450, 749]);
  assert.deepEqual(ends(window.of(entries.toSpliced(450, 1), false)), [299, 451, 749]);
  window.around(entries, entries[500]);
  assert.deepEqual(ends(window.of(entries.toSpliced(749, 1), false)), [300, 450, 750]);
});

it('starts anew when what it showed is gone', () => {
  const window = new Window();
  window.of(list(700), true);
  assert.deepEqual(ends(window.of(list(5, 20), false)), [5, 20, 24]);
});
