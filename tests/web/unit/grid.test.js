import assert from 'node:assert/strict';
import { test } from 'node:test';

import { placeAfter } from '../../../web/js/state/grid.js';

const ROWS = [3, 7, 7, 2, 7, 1];

function leads(cases) {
  for (const [row, column, key, ...to] of cases) {
    const place = placeAfter(key, { row, column }, ROWS);
    assert.deepEqual([place.row, place.column], to, `${key} from ${row}, ${column}`);
  }
}

test('left and right go on in the next row and stay at the ends', () => leads([
  [1, 3, 'ArrowRight', 1, 4],
  [0, 2, 'ArrowRight', 1, 0],
  [5, 0, 'ArrowRight', 5, 0],
  [1, 3, 'ArrowLeft', 1, 2],
  [1, 0, 'ArrowLeft', 0, 2],
  [0, 0, 'ArrowLeft', 0, 0],
]));

test('up and down keep the column where the row is long enough', () => leads([
  [1, 5, 'ArrowDown', 2, 5],
  [2, 5, 'ArrowDown', 3, 1],
  [5, 0, 'ArrowDown', 5, 0],
  [2, 5, 'ArrowUp', 1, 5],
  [1, 5, 'ArrowUp', 0, 2],
]));

test('a page is four rows, as far as there are any', () => leads([
  [0, 1, 'PageDown', 4, 1],
  [4, 6, 'PageDown', 5, 0],
  [5, 0, 'PageUp', 1, 0],
  [1, 6, 'PageUp', 0, 2],
]));

test('home and end are those of the row', () => leads([[1, 4, 'Home', 1, 0], [3, 0, 'End', 3, 1]]));

test('up from the first row leads out', () => assert.equal(placeAfter('ArrowUp', { row: 0, column: 1 }, ROWS), null));

test('other keys lead nowhere', () => {
  for (const key of ['a', 'Tab', 'Escape']) assert.equal(placeAfter(key, { row: 0, column: 0 }, ROWS), undefined);
});
