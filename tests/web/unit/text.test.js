import assert from 'node:assert/strict';
import { it } from 'node:test';
import { hueOf, initialOf } from '../../../web/js/text/names.js';
import { freshId, isBlank, lengthOf, sendable } from '../../../web/js/text/text.js';

it('counts characters as the protocol does', () => {
  assert.deepEqual(['', '李白', '🐳x', 'e\u0301'].map(lengthOf), [0, 2, 2, 2]);
});

it('knows what is blank', () => {
  assert.deepEqual(['', ' ', '\n\t', '　', ' x '].map(isBlank), [true, true, true, true, false]);
});

it('sends nothing that the wire refuses', () => {
  assert.equal(sendable('a\0b\ud800c'), 'ab\ufffdc');
  assert.equal(sendable('🐳'), '🐳');
});

it('makes an id of its own each time', () => {
  const ids = Array.from({ length: 1_000 }, freshId);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^[0-9a-f]{32}$/);
});

it('gives a name its initial', () => {
  assert.deepEqual(['李白', 'ada', '诗人7', '🐳鲸', ''].map(initialOf), ['白', 'A', '诗', '鲸', '']);
});

it('gives a person one of eight hues, always the same', () => {
  assert.equal(new Set(Array.from({ length: 200 }, (_, index) => hueOf(`user${index}`))).size, 8);
  assert.equal(hueOf('a'), hueOf('a'));
});
