import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import { HeldWay } from '../../../web/js/line/ways/held.js';
import { Answering, GUEST } from './answering.js';

const OPENING = '0{"sid":"s","pingInterval":25000,"pingTimeout":20000}';
const OK = ['POST', 200, 'ok'];
const POLLING = '/socket.io/?EIO=4&transport=polling';
const LOST = { code: 1006, reason: '' };

// Deadlines stand still.
beforeEach(({ mock }) => mock.timers.enable({ apis: ['setTimeout'] }));

async function held(answers) {
  const server = new Answering(answers);
  const greeting = () => ({ nick: '李白', room: 'r', since: 3, epoch: 'e' });
  const way = await server.follow(new HeldWay(greeting, server.cost));
  return { server, way };
}

const opened = (...answers) => held([GUEST, ['polling', 200, OPENING], OK, OK, ...answers]);

it('comes in, and takes packets of all kinds', async () => {
  const payload = [
    '40{"sid":"x"}', '42["welcome",{"type":"welcome","nick":"李白"}]', '42["joined",{"type":"joined","room":"r"}]',
    '42["chat message","你好",{"type":"said","seq":4,"room":"r"}]', '6',
  ].join('\x1e');
  const { server: { told, asked, cost, bodies }, way } = await opened(['sid=s', 200, payload], ['sid=s', 200, '2'], OK);
  assert.deepEqual(told, [
    'open', { type: 'welcome', nick: '李白' }, { type: 'joined', room: 'r' }, { type: 'said', seq: 4, room: 'r', text: '你好' },
  ]);
  assert.deepEqual(asked.filter(([method]) => method === 'POST'), [
    ['POST', '/api/v1/guests', '{"nick":"李白"}', null],
    ['POST', `${POLLING}&sid=s`, '40{"token":"t","room":"r","since":3,"epoch":"e"}', 'Bearer t'],
    ['POST', `${POLLING}&sid=s`, '42["unread",{"type":"unread"}]', 'Bearer t'],
    ['POST', `${POLLING}&sid=s`, '3', 'Bearer t'],
  ]);
  assert.equal(cost.messages, 1);
  const came = ['{"user":"u","nick":"李白","token":"t"}', OPENING, 'ok', payload, 'ok', '2', 'ok'];
  const bytes = Buffer.byteLength([...came, ...bodies.filter(Boolean)].join(''));
  // The last one is still held.
  assert.deepEqual({ ...cost.entering }, { requests: asked.length - 1, frames: 0, bytes });
  assert.equal(way.silence, 30_000);
});

for (const [answer, close] of [
  [[200, '42["closing",{"type":"closing","code":4003,"reason":"no"}]\x1e41'], { code: 4003, reason: 'no' }],
  [[200, '42["closing",{"type":"closing","code":1001,"reason":"","reconnect":2.5}]\x1e1'],
    { code: 1001, reason: '{"reconnect":2.5}' }],
  [[200, '1'], LOST],
  [[200, '41'], LOST],
  [[200, '<html>'], LOST],
  [[200, '42['], LOST],
  [[400, {}], LOST],
  [[502, '<html>'], LOST],
  [[503, {}, { 'Retry-After': '7' }], { code: 1001, reason: '{"reconnect":7}' }],
]) {
  it(`ends by ${JSON.stringify(answer)}`, async () => {
    const { server } = await opened(['sid=s', ...answer]);
    assert.deepEqual(server.told, [close]);
    assert.ok(server.asked.length <= 5);
  });
}

it('does not open by what is no greeting', async () => {
  const { server } = await held([GUEST, ['polling', 200, '<html>']]);
  assert.deepEqual(server.told, [LOST]);
  assert.equal(server.asked.length, 2);
});

it('sends together what gathers while one request is on its way', async () => {
  const { server, way } = await opened();
  await server.goOn(() => {
    for (let number = 0; number < 17; number += 1) way.send({ type: 'say', text: String(number) });
  }, OK, OK, OK);
  const packets = server.asked.slice(3).filter(([method]) => method === 'POST').map(([, , body]) => body.split('\x1e').length);
  assert.deepEqual(packets, [1, 1, 15, 1]);
});

it('ends by a POST that fails', async () => {
  const { server, way } = await opened();
  await server.goOn(() => way.send({ type: 'ping' }), ['POST', 400, '{}']);
  assert.deepEqual(server.told, [LOST]);
});

it('says goodbye once when it is closed, and is silent', async () => {
  const { server, way } = await opened();
  await server.goOn(() => way.close(), OK);
  await server.goOn(() => way.close());
  assert.deepEqual(server.told, []);
  assert.equal(server.bodies.filter((body) => body === '1').length, 1);
});

it('enters no room with a nick that is refused', async () => {
  const { server } = await held([['guests', 400, { type: 'error', code: 'bad_field', message: 'No.' }]]);
  assert.deepEqual(server.told, [{ type: 'error', code: 'bad_field', message: 'No.', ref: 'hello' }]);
  assert.equal(server.asked.length, 1);
});
