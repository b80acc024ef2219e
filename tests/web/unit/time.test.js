// In the time zone of Shanghai, which test_unit.py gives to Node.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Calendar, continues, sameDay } from '../../../web/js/text/time.js';

const MINUTE = 60_000;

it('has the days of the reader', () => {
  const calendar = new Calendar('zh-CN');
  const halfPastMidnight = Date.parse('2026-11-22T16:30:00Z');
  for (const [at, day] of [
    ['2026-11-22T16:00:00Z', '今天'], ['2026-11-22T15:59:00Z', '昨天'], ['2026-11-20T12:00:00Z', '11月20日星期五'],
    ['2025-11-20T12:00:00Z', '2025年11月20日星期四'],
  ]) assert.equal(calendar.day(Date.parse(at), halfPastMidnight), day);
  assert.equal(sameDay(halfPastMidnight, Date.parse('2026-11-22T15:00:00Z')), false);
});

it('lets stand together what one person says within a while of one day', () => {
  const noon = new Date(2026, 10, 22, 12).getTime();
  const midnight = new Date(2026, 10, 23).getTime();
  const message = (at, user = 'a') => ({ user, nick: user, at });
  for (const [each, previous, isSo] of [
    [message(noon), null, false],
    [message(noon + 4 * MINUTE), message(noon), true],
    [message(noon + 5 * MINUTE), message(noon), false],
    [message(noon + MINUTE, 'b'), message(noon), false],
    [message(midnight), message(midnight - MINUTE), false],
  ]) assert.equal(continues(each, previous), isSo);
});
