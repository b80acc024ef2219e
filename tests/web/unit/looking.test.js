import assert from 'node:assert/strict';
import { beforeEach, it, mock } from 'node:test';

import { LookingWay } from '../../../web/js/line/ways/looking.js';
import { Cost } from '../../../web/js/line/ways/way.js';
import { answering, follow, settled } from './stand_ins.js';

const ROOM = '/api/v1/rooms/大厅/';
const NEW = { room: '大厅', epoch: 'e', seq: 0, recovered: true, events: [], more: false };
const said = (seq) => ({ type: 'said', room: '大厅', seq });
const page = (seq, ...seqs) => ({ ...NEW, seq, events: seqs.map(said), more: seqs.at(-1) < seq });

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
  return { way, told, asked, paths: () => asked.map(({ path }) => decodeURIComponent(path).replace(ROOM, '')) };
}

it('opens and joins without saying who one is, and then waits for what comes', async () => {
  const { told, asked, paths, way } = await looking([['since=0', 200, page(7, 1)]]);
  assert.deepEqual(told, ['open', { type: 'joined', room: '大厅', epoch: 'e', seq: 7, recovered: false }]);
  assert.deepEqual(paths(), ['events?since=0&limit=1&wait=1', 'events?since=7&epoch=e&wait=25']);
  assert.deepEqual(asked.map(({ method, token }) => [method, token]), [['GET', null], ['GET', null]]);
  assert.ok(way.silence > 25_000, 'a held request is no silence');
});

it('waits in a room that nobody ever was in', async () => {
  const { told, paths } = await looking([['wait=1', 200, NEW], ['since=0', 200, page(1, 1)]]);
  assert.deepEqual(told, ['open', { type: 'joined', room: '大厅', epoch: 'e', seq: 0, recovered: false }, said(1)]);
  assert.equal(paths().at(-1), 'events?since=1&epoch=e&wait=25');
});

it('follows a page with more behind it, and tells each event in its order', async () => {
  const { told } = await looking([
    ['wait=1', 200, page(4, 1)],
    ['since=4', 200, { ...page(7, 5), events: [said(5), { type: 'deleted', room: '大厅', seq: 6, of: 5 }] , more: true }],
    ['since=6', 200, page(7, 7)],
  ]);
  assert.deepEqual(told.slice(2).map(({ type, seq }) => [type, seq]), [['said', 5], ['deleted', 6], ['said', 7]]);
});

it('goes on where one was, however many pages that takes', async () => {
  const { told, paths } = await looking([
    ['since=5', 200, page(7, 6)],
    ['since=6', 200, page(7, 7)],
  ], { since: 5, epoch: 'e' });
  assert.deepEqual(told, [
    'open',
    { type: 'joined', room: '大厅', epoch: 'e', seq: 7, recovered: true },
    said(6), said(7),
  ]);
  assert.deepEqual(paths(), ['events?since=5&epoch=e', 'events?since=6&epoch=e', 'events?since=7&epoch=e&wait=25']);
});

it('begins anew where it is another log', async () => {
  const { told, paths } = await looking([
    ['since=5', 200, { ...NEW, epoch: 'f', seq: 9, recovered: false }],
  ], { since: 5, epoch: 'e' });
  assert.deepEqual(told, ['open', { type: 'joined', room: '大厅', epoch: 'f', seq: 9, recovered: false }]);
  assert.equal(paths().at(-1), 'events?since=9&epoch=f&wait=25');
});

it('tells the name of the room as the server writes it', async () => {
  const { told } = await looking([['wait=1', 200, { ...page(7), room: '厅' }]]);
  assert.equal(told[1].room, '厅');
});

it('gets the page that is asked for', async () => {
  const { way, told, paths } = await looking([
    ['wait=1', 200, page(1, 1)],
    ['limit=50', 200, { messages: [{ seq: 1 }], more: false }],
  ]);
  way.send({ type: 'history', room: '大厅', limit: 50, ref: 'newest' });
  await settled();
  assert.deepEqual(told.at(-1), { type: 'history', room: '大厅', messages: [{ seq: 1 }], more: false, ref: 'newest' });
  assert.equal(paths().at(-1), 'messages?limit=50');
});

it('asks for no page of a room that has none, which would be refused', async () => {
  const { way, told, asked } = await looking([['wait=1', 200, NEW]]);
  way.send({ type: 'history', room: '大厅', limit: 50, ref: 'newest' });
  await settled();
  const { type, room, messages, more, as_of: asOf, ref } = told.at(-1);
  assert.deepEqual([type, room, messages, more, asOf, ref], ['history', '大厅', [], false, 0, 'newest']);
  assert.equal(asked.length, 2);
});

it('says nothing', async () => {
  const { way, asked } = await looking([['wait=1', 200, NEW]]);
  for (const type of ['say', 'typing', 'nick']) way.send({ type });
  await settled();
  assert.equal(asked.length, 2);
});

it('asks whether the server is there by another request than the one that is held', async () => {
  for (const [answer, asked] of [[NEW, 'events?since=0&limit=1&wait=1'], [page(7, 1), 'events?limit=1']]) {
    const { way, paths } = await looking([['wait=1', 200, answer]]);
    way.send({ type: 'ping' });
    await settled();
    assert.deepEqual(paths().slice(2), [asked]);
  }
});

for (const answer of [{ ...NEW, seq: 2, recovered: false }, { ...NEW, seq: 99_999, recovered: false }]) {
  it(`loses the line when it cannot go on: ${answer.seq}`, async () => {
    const { told } = await looking([['wait=1', 200, page(7, 1)], ['since=7', 200, answer]]);
    assert.deepEqual(told.at(-1), { code: 1006, reason: '' });
  });
}

it('loses the line when the room is gone', async () => {
  const { told } = await looking([['wait=1', 200, page(7, 1)], ['since=7', 404, { type: 'error', code: 'no_such_room' }]]);
  assert.deepEqual(told.at(-1), { code: 1006, reason: '' });
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
  const { way, told } = await looking([['wait=1', 200, NEW]]);
  way.close();
  await settled();
  assert.ok(way.signal.aborted);
  assert.equal(told.length, 2);
});
