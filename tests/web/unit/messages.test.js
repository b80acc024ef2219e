import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import { Messages } from '../../../web/js/state/messages.js';

const said = (seq, more = {}) => ({ type: 'said', seq, user: 'other', nick: '杜甫', text: `t${seq}`, at: seq, ...more });
let room;
const seen = () => room.all.map(({ seq, id }) => seq ?? id);

beforeEach(() => {
  room = new Messages();
  room.unsent.iAm('me');
  room.joined({ epoch: 'e', seq: 4 });
  room.page({ messages: [said(3), said(4)], more: true });
});

it('keeps the order of the room, whatever comes first', () => {
  for (const event of [said(5), said(5), said(7, { again: true })]) room.said(event);
  assert.deepEqual(room.position, { since: 5, epoch: 'e' }, 'a receipt runs ahead');
  for (const event of [said(6), said(7)]) room.said(event);
  room.page({ messages: [said(1), said(2)], more: false });
  assert.deepEqual(seen(), [1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(room.position, { since: 7, epoch: 'e' });
  assert.equal(room.oldest, 1);
  assert.equal(room.more, false);
});

it('has ones own last until they have a number', () => {
  const first = room.unsent.compose('a', 'x', '李白', 0);
  room.unsent.compose('b', 'y', '李白', 0);
  room.said(said(5));
  assert.deepEqual(seen(), [3, 4, 5, 'a', 'b']);
  room.said(said(6, { id: 'b', user: 'someone else' }));
  assert.equal(room.said(said(7, { id: 'a', user: 'me' })), null, 'it is no news');
  assert.deepEqual(seen(), [3, 4, 5, 6, 7, 'b']);
  assert.equal(room.sent.at(-1), first);
  assert.equal(first.status, 'sent');
});

it('takes a receipt from before the page for the end of the waiting only', () => {
  room.unsent.compose('a', 'x', '李白', 0);
  room.said(said(2, { id: 'a', user: 'me', again: true }));
  assert.deepEqual(seen(), [3, 4]);
  assert.equal(room.last, 4);
});

it('has no position without a first page', () => {
  const fresh = new Messages();
  fresh.joined({ epoch: 'e', seq: 9 });
  fresh.said(said(10));
  assert.deepEqual(fresh.position, {});
  fresh.page({ messages: [said(9), said(10)], more: true });
  assert.deepEqual(fresh.position, { since: 10, epoch: 'e' });
  assert.equal(fresh.sent.length, 2);
});

it('goes on where it is recovered, and keeps what there was until it is known what is true now', () => {
  room.unsent.compose('a', 'x', '李白', 0);
  room.joined({ epoch: 'e', seq: 9, recovered: true });
  assert.deepEqual(seen(), [3, 4, 'a']);
  assert.deepEqual(room.position, { since: 4, epoch: 'e' });
  room.joined({ epoch: 'f', seq: 2, recovered: false });
  assert.deepEqual(seen(), [3, 4, 'a']);
  assert.deepEqual(room.position, {});
  room.page({ messages: [said(2)], more: false });
  assert.deepEqual(seen(), [2, 'a']);
  assert.deepEqual(room.position, { since: 2, epoch: 'f' });
});

it('tells what waits to be sent', () => {
  const message = room.unsent.compose('a', 'x', '李白', 0);
  const waits = (count, status) => {
    assert.equal(room.unsent.waiting ? 1 : 0, count);
    assert.equal(message.status, status);
  };
  waits(1, 'pending');
  message.onItsWay = true;
  waits(0, 'pending');
  room.unsent.disconnected();
  waits(1, 'pending');
  room.unsent.fail('a', 'why');
  waits(0, 'failed');
  room.unsent.retry('a');
  waits(1, 'pending');
  assert.equal(room.unsent.fail('unknown', 'why'), undefined);
});

it('is cut after a long stay', () => {
  room.more = false;
  for (let seq = 5; seq < 50; seq += 1) room.said(said(seq));
  room.keepNewest(10);
  assert.deepEqual([room.all.length, room.oldest, room.more, room.last], [10, 40, true, 49]);
});

it('lets go of what the room keeps no longer', () => {
  room.joined({ epoch: 'e', seq: 4, oldest: 4, recovered: true });
  assert.deepEqual(seen(), [4]);
  assert.deepEqual(room.position, { since: 4, epoch: 'e' });
});
