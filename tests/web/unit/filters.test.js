import assert from 'node:assert/strict';
import { it } from 'node:test';
import { missingIn, namesRoom } from '../../../web/js/searching/filters.js';

it('waits for what a filter still needs', () => {
  for (const [text, key] of [
    ['from:', 'search.whose'], ['明月 from：', 'search.whose'], ['from:"', 'search.whose'], ['FROM:', 'search.whose'],
    ['in:', 'search.where'], ['before:', 'search.day'], ['after:2026-1', 'search.day'], ['明月 before:昨天', 'search.day'],
  ]) assert.equal(missingIn(text), key, text);
});

it('waits for nothing else', () => {
  for (const text of [
    '', '明月', 'from:李白', 'from: 明月', 'before:2026-11-01', 'after:2026-11-01T08:00+08:00', 'has:', 'has:link', 'https:', 'x:',
    'xfrom:', 'before:2026-1 明月', '1:',
  ]) assert.equal(missingIn(text), null, text);
});

it('sees where a room is named', () => {
  for (const text of ['in:诗社', '明月 in：诗社', 'IN:"a b"']) assert.ok(namesRoom(text), text);
  for (const text of ['in:', 'in: 诗社', 'begin:诗社', '明月', 'plugin:x']) assert.ok(!namesRoom(text), text);
});
