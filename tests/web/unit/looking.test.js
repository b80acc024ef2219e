import assert from 'node:assert/strict';
import { beforeEach, it, mock } from 'node:test';

import { LookingWay } from '../../../web/js/line/ways/looking.js';
import { Cost } from '../../../web/js/line/ways/way.js';
import { answering, follow, settled } from './stand_ins.js';

const MESSAGES = '/api/v1/rooms/大厅/messages?';
const EMPTY = { messages: [], oldest: null, newest: null, more: false, as_of: 0 };

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout'] });
});

// One looks into a room without a name.
async function looking(answers, position = {}) {
  const asked = answering(answers);
  const way = new LookingWay(() => ({ nick: null, room: '大厅', ...position }), new Cost());
  const told = follow(way);
  await settled();
  return { way, told, asked, paths: () => asked.map(({ path }) => decodeURIComponent(path).replace(MESSAGES, '')) };
}

it('opens and joins without saying who one is, and then waits for what comes', async () => {
  const { told, asked, paths, way } = await looking([['after=0', 200, { messages: [{ seq: 1 }], as_of: 7 }]]);
  assert.deepEqual(told, ['open', { type: 'joined', room: '大厅', seq: 7 }]);
  assert.deepEqual(paths(), ['after=0&limit=1&wait=1', 'after=7&limit=200&wait=25']);
  assert.deepEqual(asked.map(({ method, token }) => [method, token]), [['GET', null], ['GET', null]]);
  assert.ok(way.silence > 25_000, 'a held request is no silence');
});

it('waits in a room that nobody ever was in', async () => {
  const { told, paths } = await looking([
    ['wait=1', 200, EMPTY],
    ['after=0', 200, { messages: [{ seq: 1, text: 'x' }], more: false }],
  ]);
  assert.deepEqual(told, ['open', { type: 'joined', room: '大厅', seq: 0 }, { type: 'said', room: '大厅', seq: 1, text: 'x' }]);
  assert.equal(paths().at(-1), 'after=1&limit=200&wait=25');
});

it('follows a page with more behind it, and tells each message in its order', async () => {
  const { told } = await looking([
    ['wait=1', 200, { messages: [], as_of: 4 }],
    ['after=4', 200, { messages: [{ seq: 5 }, { seq: 6 }], more: true }],
    ['after=6', 200, { messages: [{ seq: 7 }], more: false }],
  ]);
  assert.deepEqual(told.slice(2).map(({ seq }) => seq), [5, 6, 7]);
});

it('goes on where one was if it is the same log', async () => {
  const { told, paths } = await looking([
    ['after=4', 200, { messages: [{ seq: 5, at: 50 }], as_of: 6 }],
    ['after=5', 200, { messages: [{ seq: 6 }], newest: 6, more: false }],
  ], { since: 5, epoch: 'e', newest: { seq: 5, at: 50 } });
  assert.deepEqual(told, [
    'open',
    { type: 'joined', room: '大厅', seq: 6, epoch: 'e', recovered: true },
    { type: 'said', room: '大厅', seq: 6 },
  ]);
  assert.deepEqual(paths(), ['after=4&limit=1', 'after=5&limit=200', 'after=6&limit=200&wait=25']);
});

it('gets the page that is asked for', async () => {
  const { way, told, paths } = await looking([
    ['wait=1', 200, { messages: [{ seq: 1 }], as_of: 1 }],
    ['limit=50', 200, { messages: [{ seq: 1 }], more: false }],
  ]);
  way.send({ type: 'history', room: '大厅', limit: 50, ref: 'newest' });
  await settled();
  assert.deepEqual(told.at(-1), { type: 'history', room: '大厅', messages: [{ seq: 1 }], more: false, ref: 'newest' });
  assert.equal(paths().at(-1), 'limit=50');
});

it('asks for no page of a room that has none, which would be refused', async () => {
  const { way, told, asked } = await looking([['wait=1', 200, EMPTY]]);
  way.send({ type: 'history', room: '大厅', limit: 50, ref: 'newest' });
  await settled();
  assert.deepEqual(told.at(-1), { ...EMPTY, type: 'history', room: '大厅', ref: 'newest' });
  assert.equal(asked.length, 2);
});

it('says nothing', async () => {
  const { way, asked } = await looking([['wait=1', 200, EMPTY]]);
  for (const type of ['say', 'typing', 'nick']) way.send({ type });
  await settled();
  assert.equal(asked.length, 2);
});

it('asks whether the server is there by another request than the one that is held', async () => {
  const { way, paths } = await looking([['wait=1', 200, EMPTY]]);
  way.send({ type: 'ping' });
  await settled();
  assert.deepEqual(paths().slice(2), ['after=0&limit=1&wait=1']);
});

it('loses the line when the log ends before what is known of it', async () => {
  const { told } = await looking([
    ['wait=1', 200, { messages: [{ seq: 1 }], as_of: 7 }],
    ['after=7', 200, { ...EMPTY, as_of: 2 }],
  ]);
  assert.deepEqual(told.at(-1), { code: 1006, reason: '' });
});

it('has caught up with the newest, however many pages that takes', async () => {
  const { told } = await looking([
    ['after=4', 200, { messages: [{ seq: 5, at: 50 }], as_of: 9 }],
    ['after=5', 200, { messages: [{ seq: 6 }], newest: 6, more: true }],
    ['?limit=1', 200, { messages: [{ seq: 8 }], newest: 8, more: true }],
    ['after=6', 200, { messages: [{ seq: 7 }, { seq: 8 }], more: false }],
  ], { since: 5, epoch: 'e', newest: { seq: 5, at: 50 } });
  assert.equal(told[1].seq, 8);
  assert.deepEqual(told.slice(2).map(({ seq }) => seq), [6, 7, 8]);
});

it('tells of a room that is refused, and ends', async () => {
  const { told } = await looking([['wait=1', 400, { type: 'error', code: 'too_long' }]]);
  assert.deepEqual(told, [{ type: 'error', code: 'too_long', ref: 'join' }, { code: 1006, reason: '' }]);
});

it('comes back later when the server is full', async () => {
  const { told } = await looking([['wait=1', 503, {}, { 'Retry-After': '3' }]]);
  assert.deepEqual(told, [{ code: 1001, reason: '{"reconnect":3}' }]);
});

it('lets go of what is held when it is closed, and is silent', async () => {
  const { way, told } = await looking([['wait=1', 200, EMPTY]]);
  way.close();
  await settled();
  assert.ok(way.signal.aborted);
  assert.equal(told.length, 2);
});
