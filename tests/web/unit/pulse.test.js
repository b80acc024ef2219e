import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Pulse } from '../../../web/js/line/pulse.js';

it('asks after silence, and sooner for who waits for an answer', ({ mock }) => {
  mock.timers.enable({ apis: ['Date'], now: 0 });
  const ask = mock.fn();
  const pulse = new Pulse(ask);
  const listens = (now, askedAt, asked, isGone) => {
    mock.timers.setTime(now);
    pulse.listen(25_000, askedAt);
    assert.deepEqual([ask.mock.callCount(), pulse.isGone], [asked, isGone], `at ${now}`);
  };
  pulse.heard();
  listens(25_000, Infinity, 0, false);
  listens(25_001, Infinity, 1, false);
  listens(35_001, Infinity, 1, false);
  listens(35_002, Infinity, 1, true);
  pulse.heard();
  listens(39_002, 35_000, 1, false);
  listens(39_003, 35_000, 2, false);
  listens(43_003, 35_000, 2, false);
  listens(43_004, 35_000, 2, true);
});
