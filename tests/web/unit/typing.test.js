import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Typing } from '../../../web/js/state/typing.js';

it('ends by itself, or with what was said', () => {
  const typing = new Typing();
  typing.heard({ user: 'a', nick: '李白' }, 0);
  typing.heard({ user: 'b', nick: '杜甫' }, 3_000);
  assert.deepEqual(typing.names(5_999), ['李白', '杜甫']);
  assert.deepEqual(typing.names(6_000), ['杜甫']);
  typing.stopped('b');
  assert.deepEqual(typing.names(6_001), []);
});

it('is told to the others once in three seconds, and again after something was said', () => {
  const typing = new Typing();
  assert.deepEqual([0, 1, 2_999, 3_000, 3_001].map((now) => typing.mayTell(now)), [true, false, false, true, false]);
  typing.said();
  assert.equal(typing.mayTell(3_002), true);
});
