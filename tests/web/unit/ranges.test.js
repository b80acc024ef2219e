import assert from 'node:assert/strict';
import { it } from 'node:test';
import { rangesOf } from '../../../web/js/state/ranges.js';

it('puts together what stands close together', () => {
  assert.deepEqual(rangesOf([], 50), []);
  assert.deepEqual(rangesOf([100, 3, 52, 3, 1, 50], 50), [[1, 3, 50], [52, 100]]);
  assert.deepEqual(rangesOf([51, 1], 50), [[1], [51]]);
});
