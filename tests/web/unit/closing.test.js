import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Comeback, LONGEST, afterClose } from '../../../web/js/line/closing.js';

const after = (code, { reason = '', attempt = 0, longest = LONGEST, chance = 0.5 } = {}) => (
  afterClose({ code, reason }, attempt, longest, () => chance));

it('waits as long as the server asks, where that is a time', () => {
  assert.deepEqual(after(1001, { reason: '{"reconnect":2.7}' }), { wait: 2.7 });
  assert.deepEqual(after(1001, { reason: '{"reconnect":20}', longest: 5 }), { wait: 20 });
  for (const reason of ['', 'bye', 'null', '{"reconnect":"soon"}', '{"reconnect":-1}', '{"reconnect":1e9}']) {
    assert.deepEqual(after(1001, { reason }), { wait: 0.375 }, reason);
  }
});

it('comes back at once where one may, but only once', () => {
  assert.deepEqual(after(4008), { wait: 0 });
  assert.ok(after(4008, { attempt: 1 }).wait > 0);
});

it('waits longer each time, up to the longest, half of it by chance', () => {
  assert.equal(LONGEST, 30);
  assert.deepEqual([0, 1, 2, 6, 50].map((attempt) => after(1006, { attempt, chance: 1 }).wait), [0.5, 1, 2, 30, 30]);
  assert.deepEqual(after(1006, { attempt: 9, chance: 0 }), { wait: 15 });
  assert.deepEqual(after(1006, { attempt: 9, chance: 1, longest: 5 }), { wait: 5 });
});

it('is over where another try would end the same', () => {
  for (const code of [1003, 1007, 1008, 1009, 4003]) assert.ok('why' in after(code), String(code));
});

it('comes back soon to where one was a moment ago, and then more seldom', () => {
  const comeback = new Comeback();
  const lost = { code: 1006, reason: '' };
  const longest = (now) => {
    for (let attempt = 0; attempt < 9; attempt += 1) comeback.after(lost, now);
    return comeback.after(lost, now).wait;
  };
  comeback.lost(0);
  assert.ok(longest(59_999) <= 5);
  assert.ok(longest(60_000) >= 15);
  comeback.settled();
  assert.ok(comeback.after(lost, 60_000).wait <= 0.5);
});
