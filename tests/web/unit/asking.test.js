import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import { AskingWay } from '../../../web/js/line/ways/asking.js';
import { Answering, GUEST } from './answering.js';

// Deadlines stand still, and so does the pause between two questions.
beforeEach(({ mock }) => mock.timers.enable({ apis: ['setTimeout'] }));

const UNREAD = { type: 'unread', rooms: [] };
const MEMBERSHIP = ['membership', 200, {}];

// Gives what was told after `open`, `welcome` and what is unread, and what was asked after these and what one is in the room.
async function asking(answers, position = {}, act = () => {}, membership = MEMBERSHIP) {
  const server = new Answering([GUEST, ['unread', 200, UNREAD], membership, ...answers]);
  const way = await server.follow(new AskingWay(() => ({ nick: '李白', room: '大厅', ...position }), server.cost));
  await server.goOn(() => act(way));
  way.close();
  const asked = server.asked.slice(3).map(([, path]) => decodeURIComponent(path.replace('/api/v1/', '')));
  assert.deepEqual(server.told[2], UNREAD);
  return { told: server.told.slice(3), asked, cost: server.cost };
}

const HERE = { room: '大厅', epoch: 'e', seq: 7, events: [], more: false };
const joined = (seq = 7, recovered = false, epoch = 'e') => ({ type: 'joined', room: '大厅', epoch, seq, recovered });
const said = (seq, fields) => ({ type: 'said', room: '大厅', seq, ...fields });

it('begins where the log stands', async () => {
  const { told, asked, cost } = await asking([['events?', 200, HERE]]);
  assert.deepEqual(told, [joined()]);
  assert.deepEqual(asked, ['rooms/大厅/events?limit=1']);
  assert.deepEqual([cost.entering.requests, cost.messages], [4, 0]);
});

it('comes in as what one is in the room', async () => {
  const own = { role: 'moderator', rules: { slow: 5 }, muted: 9 };
  const { told } = await asking([['events?', 200, HERE]], {}, () => {}, ['membership', 200, own]);
  assert.deepEqual(told, [{ ...joined(), ...own }]);
});

it('asks no more where one may not be', async () => {
  const error = { type: 'error', code: 'forbidden', why: 'locked' };
  const { told, asked } = await asking([], {}, () => {}, ['membership', 403, error]);
  assert.deepEqual([told, asked], [[{ ...error, ref: 'join' }], []]);
});

const position = { since: 6, epoch: 'e' };

it('goes on where another way ended', async () => {
  const { told, asked } = await asking([
    ['since=6', 200, { ...HERE, recovered: true, events: [said(7, { text: 'x' })] }],
  ], position);
  assert.deepEqual(told, [joined(7, true), said(7, { text: 'x' })]);
  assert.deepEqual(asked, ['rooms/大厅/events?since=6&epoch=e']);
});

it('begins anew where the log is another', async () => {
  const { told } = await asking([['since=6', 200, { ...HERE, epoch: 'f', recovered: false }]], position);
  assert.deepEqual(told, [joined(7, false, 'f')]);
});

it('sees what others do', async () => {
  const { told, asked } = await asking([
    ['events?', 200, HERE],
    ['since=7', 200, { ...HERE, seq: 9, events: [
      { type: 'edited', room: '大厅', seq: 8, of: 5, text: 'y' }, { type: 'reacted', room: '大厅', seq: 9, of: 5, emoji: '👍' },
    ] }],
  ], {}, (way) => way.send({ type: 'ping' }));
  assert.deepEqual(told.slice(1).map(({ type, seq, of }) => [type, seq, of]), [['edited', 8, 5], ['reacted', 9, 5]]);
  assert.deepEqual(asked, ['rooms/大厅/events?limit=1', 'rooms/大厅/events?since=7&epoch=e']);
});

it('goes on in a room that was made meanwhile', async () => {
  const { told, asked } = await asking([
    ['events?', 404, { type: 'error', code: 'no_such_room' }],
    ['since=0', 200, { ...HERE, seq: 2, events: [said(1)], more: true }],
    ['since=1', 200, { ...HERE, seq: 2, events: [said(2)] }],
  ], {}, (way) => way.send({ type: 'ping' }));
  assert.deepEqual(told, [{ ...joined(0), epoch: undefined }, said(1), said(2)]);
  assert.deepEqual(asked.slice(1), ['rooms/大厅/events?since=0', 'rooms/大厅/events?since=1&epoch=e']);
});

it('tells a receipt out of order, and counts its message once', async () => {
  const { told, cost } = await asking([
    ['events?', 200, { ...HERE, seq: 4 }],
    ['POST', 201, said(6, { id: 'a' })],
    ['since=4', 200, { ...HERE, seq: 6, events: [said(5), said(6, { id: 'a' })] }],
  ], {}, (way) => {
    way.send({ type: 'say', text: 'x', id: 'a' });
    way.send({ type: 'typing' });
    way.send({ type: 'ping' });
  });
  assert.deepEqual(told.slice(1).map(({ seq, again }) => [seq, again]), [[6, true], [5, undefined], [6, undefined]]);
  assert.deepEqual([cost.entering.requests, cost.messages], [6, 2]);
});

it('tells what is refused to who asked', async () => {
  const { told } = await asking([
    ['events?', 200, HERE],
    ['POST', 429, { type: 'error', code: 'too_fast', retry_after: 2 }, { 'Retry-After': '2' }],
  ], {}, (way) => way.send({ type: 'say', text: 'x', id: 'a' }));
  assert.deepEqual(told, [
    joined(),
    { type: 'error', code: 'too_fast', retry_after: 2, id: 'a' },
  ]);
});

it('is lost when something else answers what is said in the place of the server', async () => {
  const { told } = await asking([
    ['events?', 200, { ...HERE, seq: 0 }],
    ['POST', 502, { message: 'Bad gateway' }],
  ], {}, (way) => way.send({ type: 'say', text: 'x', id: 'a' }));
  assert.deepEqual(told, [joined(0), { code: 1006, reason: '' }]);
});

it('fails what something else refuses in the place of the server, and goes on', async () => {
  for (const [status, body] of [[500, { type: 'error', code: 'unavailable' }], [403, '<html>no</html>'], [403, { code: 7 }]]) {
    const { told } = await asking([
      ['events?', 200, { ...HERE, seq: 0 }],
      ['POST', status, body],
    ], {}, (way) => way.send({ type: 'say', text: 'x', id: 'a' }));
    assert.deepEqual(told[1], { type: 'error', code: body.code === 'unavailable' ? 'unavailable' : 'unsent', id: 'a' });
    assert.equal(told.length, 2);
  }
});

it('changes by requests of their own, and tells what is refused', async () => {
  const event = { type: 'edited', room: '大厅', seq: 9, of: 5, text: 'y' };
  const { told, asked } = await asking([
    ['events?', 200, HERE],
    ['/5', 200, event], ['/6', 404, { type: 'error', code: 'no_such_message' }], ['reactions', 204, ''],
  ], {}, (way) => {
    way.send({ type: 'edit', seq: 5, text: 'y', ref: 'act' });
    way.send({ type: 'delete', seq: 6, ref: 'act' });
    way.send({ type: 'react', seq: 7, emoji: '👍', ref: 'act' });
  });
  assert.deepEqual(told.slice(1), [
    { ...event, again: true }, { type: 'error', code: 'no_such_message', ref: 'act' },
  ]);
  assert.deepEqual(asked.slice(1, 4).map((path) => path.replace('rooms/大厅/messages', '')), ['/5', '/6', '/7/reactions/👍']);
});

for (const status of [401, 503]) {
  it(`is lost when what is said is answered by ${status}, and says it again later`, async () => {
    const { told } = await asking([
      ['events?', 200, { ...HERE, seq: 0 }],
      ['POST', status, { type: 'error', code: 'forbidden', message: 'no' }],
    ], {}, (way) => way.send({ type: 'say', text: 'x', id: 'a' }));
    assert.deepEqual(told.at(-1), { code: 1006, reason: '' });
  });
}

it('tells that the room is refused', async () => {
  const { told } = await asking([['events?', 400, { type: 'error', code: 'bad_field' }]]);
  assert.deepEqual(told[0], { type: 'error', code: 'bad_field', ref: 'join' });
});

for (const [answer, close] of [
  [[500, {}], { code: 1006, reason: '' }],
  [[502, '<html>'], { code: 1006, reason: '' }],
  [[503, {}, { 'Retry-After': '3' }], { code: 1001, reason: '{"reconnect":3}' }],
]) {
  it(`ends by ${JSON.stringify(answer)}`, async () => {
    const { told } = await asking([['events?', ...answer]]);
    assert.deepEqual(told, [close]);
  });
}
