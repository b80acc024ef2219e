import assert from 'node:assert/strict';
import { it } from 'node:test';
import { agoBy } from '../../../web/js/rooms/ago.js';

const NOW = 1_800_000_000_000;
const ago = agoBy('en');

it('says how long ago something was, in the unit that fits', () => {
  const told = [0, 59, 60, 3_599, 3_600, 86_400, 604_800, 2_592_000, 31_536_000].map((seconds) => ago(NOW - seconds * 1_000, NOW));
  assert.deepEqual(told, ['now', 'now', '1 minute ago', '59 minutes ago', '1 hour ago', 'yesterday', 'last week', 'last month', 'last year']);
});

it('takes what a fast clock puts into the future for now', () => assert.equal(ago(NOW + 5_000, NOW), 'now'));
