import assert from 'node:assert/strict';
import { it } from 'node:test';
import { beginOf, dateOf } from '../../../web/js/view/dates.js';

it('has the days of the reader, as a date field writes them', () => {
  assert.equal(dateOf(new Date(2026, 4, 3, 23, 59).getTime()), '2026-05-03');
  assert.equal(dateOf(new Date(2026, 10, 28).getTime()), '2026-11-28');
  assert.equal(beginOf('2026-05-03'), new Date(2026, 4, 3).getTime());
  for (const day of ['2024-02-29', '2026-03-29', '2026-10-25']) assert.equal(dateOf(beginOf(day)), day);
});
