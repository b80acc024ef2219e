import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import { callsIn, Rooms } from '../../../web/js/state/rooms.js';

let rooms;
beforeEach(() => {
  rooms = new Rooms();
  rooms.show({ name: 'lobby', kind: 'public' });
});

const names = () => rooms.inOrder.map(({ name }) => name);
const own = (name, at, more = {}) => ({ name, at, seq: at, mine: true, ...more });

it('has the room that is shown before the server has told any', () => {
  assert.deepEqual(names(), ['lobby']);
  assert.equal(rooms.isKnown, false);
});

it('has those of its own that the server tells, the last active first, and the shown one', () => {
  rooms.take([own('诗社', 3), { name: '别人的', at: 9 }, own('山', 5, { unread: 2 })]);
  assert.deepEqual(names(), ['山', '诗社', 'lobby']);
  rooms.take([own('诗社', 7)]);
  assert.deepEqual(names(), ['诗社', 'lobby']);
  assert.equal(rooms.isKnown, true);
});

it('counts what is said elsewhere, once, and what calls', () => {
  rooms.take([own('诗社', 3)]);
  rooms.heard('诗社', { seq: 4, at: 4 }, { callsMe: false, counts: true });
  rooms.heard('诗社', { seq: 4, at: 4 }, { callsMe: false, counts: true });
  rooms.heard('诗社', { seq: 5, at: 5 }, { callsMe: true, counts: true });
  const { unread, mentions } = rooms.get('诗社');
  assert.deepEqual([unread, mentions, rooms.calling], [2, 1, 1]);
  assert.deepEqual(names(), ['诗社', 'lobby']);
});

it('counts nothing where one is', () => {
  rooms.heard('lobby', { seq: 4, at: 4 }, { callsMe: true, counts: false });
  rooms.take([own('lobby', 4, { unread: 1, mentions: 1 })]);
  assert.deepEqual([rooms.get('lobby').unread, rooms.calling], [0, 0]);
});

it('is called by all that is said to one alone', () => {
  rooms.take([own('@x', 3, { kind: 'direct', unread: 3, mentions: 0 }), own('诗社', 2, { unread: 9, mentions: 0 })]);
  assert.equal(rooms.calling, 3);
  assert.equal(callsIn({ unread: 9 }), 0);
});

it('forgets the count once one has read, here or on another device', () => {
  rooms.take([own('诗社', 9, { unread: 2, mentions: 1 })]);
  rooms.read('诗社', 8);
  assert.equal(rooms.get('诗社').unread, 2);
  rooms.read('诗社', 9);
  assert.deepEqual([rooms.get('诗社').unread, rooms.get('诗社').mentions], [0, 0]);
  rooms.read('没有', 9);
  assert.equal(rooms.get('没有'), undefined);
});

it('goes to the next, round and round, and to the next with something new', () => {
  rooms.take([own('甲', 9), own('乙', 8, { unread: 1 }), own('丙', 7)]);
  assert.deepEqual(names(), ['甲', '乙', '丙', 'lobby']);
  assert.equal(rooms.next(1).name, '甲');
  assert.equal(rooms.next(-1).name, '丙');
  assert.equal(rooms.next(1, true).name, '乙');
  rooms.show({ name: '乙', kind: 'public' });
  assert.equal(rooms.next(1).name, '丙');
  assert.equal(rooms.next(-1, true), null);
});

it('has the lobby wherever one is', () => {
  const elsewhere = new Rooms();
  elsewhere.show({ name: '诗社', kind: 'public' });
  elsewhere.take([]);
  assert.deepEqual(elsewhere.inOrder.map(({ name }) => name).sort(), ['lobby', '诗社']);
});

it('has nowhere to go where there is one room', () => {
  assert.equal(rooms.next(1), null);
});

it('keeps what it knew for the next visit, and takes no rubbish for it', () => {
  rooms.take([own('诗社', 3, { topic: '唐诗' })]);
  const again = new Rooms();
  again.restore([...rooms.kept, null, 7, { name: 8 }]);
  assert.deepEqual(again.inOrder.map(({ name }) => name), ['诗社', 'lobby']);
  assert.equal(again.get('诗社').topic, '唐诗');
});

it('learns what it is called without losing what it counts', () => {
  rooms.take([own('@x', 3, { kind: 'private', title: '旧', unread: 2 })]);
  rooms.learn('@x', { title: '新', topic: undefined });
  assert.deepEqual([rooms.get('@x').title, rooms.get('@x').unread], ['新', 2]);
});
