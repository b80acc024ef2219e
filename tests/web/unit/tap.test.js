import assert from 'node:assert/strict';
import { beforeEach, describe, it, mock } from 'node:test';

import { Tap } from '../../../web/js/line/tap.js';
import { settled, standIn } from './stand_ins.js';

const SECOND = 1_000;

let observers;
standIn('PerformanceObserver', class {
  constructor(measured) {
    this.measured = (...entries) => measured({ getEntries: () => entries });
    observers.push(this);
  }

  observe(wish) {
    this.wish = wish;
  }

  disconnect() {
    observers.splice(observers.indexOf(this), 1);
  }
});

let way;
let changes;
let tap;
beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setInterval'] });
  observers = [];
  changes = 0;
  way = null;
  tap = new Tap(() => way, () => { changes += 1; });
});

// A way of held requests, whose record one may change.
const held = (record) => ({ asked: 0, told: record, async record() { this.asked += 1; return this.told; } });
const request = (at, more) => ({ at, line: 'GET /socket.io/', waited: 5, ...more });
const places = () => tap.records.map(({ at }) => at);

async function second() {
  mock.timers.tick(SECOND);
  await settled();
}

describe('of a WebSocket', () => {
  const frame = { type: 'wire', way: 'up', opcode: 1, length: 39, at: 7 };

  beforeEach(() => { way = { isTapped: true }; });

  it('each frame is shown as the server tells it', () => {
    tap.open();
    tap.frame(frame);
    assert.deepEqual(tap.records, [{ ...frame, kind: 'frame' }]);
  });

  it('the handshake is that of the way, as long as it carries the chat', () => {
    way.handshake = { request: [], response: [] };
    tap.open();
    assert.equal(tap.handshake, way.handshake);
    way = null;
    assert.equal(tap.handshake, null);
  });

  it('another one is wanted when one begins to watch, and when one ends', () => {
    assert.ok(tap.wantsAnother);
    tap.open();
    assert.ok(!tap.wantsAnother);
    tap.close();
    assert.ok(tap.wantsAnother);
    way = { isTapped: false };
    assert.ok(!tap.wantsAnother);
  });

  it('nothing is shown that the browser has measured', () => {
    tap.open();
    observers[0].measured({ name: 'http://a.example/api/v1/guests', startTime: 1 });
    assert.deepEqual(tap.records, []);
  });

  it('the newest 200 are shown', () => {
    tap.open();
    for (let at = 0; at < 203; at += 1) tap.frame({ ...frame, at });
    assert.equal(tap.records.length, 200);
    assert.deepEqual([tap.records[0].at, tap.records.at(-1).at], [3, 202]);
  });

  it('each change is told and counted', () => {
    tap.open();
    const before = [changes, tap.revision];
    tap.frame(frame);
    tap.clear();
    assert.deepEqual([changes, tap.revision], before.map((count) => count + 2));
  });
});

describe('of held requests', () => {
  it("the server's record is asked for at once and each second", async () => {
    way = held({ requests: [] });
    tap.open();
    assert.equal(way.asked, 1);
    await settled();
    await second();
    assert.equal(way.asked, 2);
  });

  it('each request is shown once, also of two that are alike but for their time', async () => {
    way = held({ requests: [request(1), request(2)] });
    tap.open();
    await settled();
    assert.deepEqual(tap.records[0], { ...request(1), kind: 'request' });
    way.told = { requests: [request(2), request(3), request(3, { waited: 6 }), request(3, { line: 'POST /socket.io/' })] };
    await second();
    await second();
    assert.deepEqual(places(), [1, 2, 3, 3, 3]);
  });

  it('the handshake is that of the record', async () => {
    const handshake = { request: [], response: [] };
    way = held({ requests: [], handshake });
    tap.open();
    await settled();
    assert.equal(tap.handshake, handshake);
    assert.ok(changes > 0);
    way.told = { requests: [] };
    await second();
    assert.equal(tap.handshake, handshake);
  });

  it('a record is not asked for while another is on its way', async () => {
    let answer;
    way = { asked: 0, record() { this.asked += 1; return new Promise((resolve) => { answer = resolve; }); } };
    tap.open();
    await second();
    assert.equal(way.asked, 1);
    answer({ requests: [request(1)] });
    await settled();
    await second();
    assert.deepEqual([way.asked, places()], [2, [1]]);
  });

  it('a record that does not come keeps nobody from that of the next way', async () => {
    way = { record: () => new Promise(() => {}) };
    tap.open();
    await second();
    way = held({ requests: [request(1)] });
    await second();
    assert.deepEqual(places(), [1]);
  });

  it('what the server still has is shown again when it is opened again', async () => {
    way = held({ requests: [request(1)] });
    tap.open();
    await settled();
    tap.close();
    tap.open();
    await settled();
    assert.deepEqual(places(), [1]);
  });

  it('a record that cannot be had is asked for again', async () => {
    way = held(null);
    tap.open();
    await settled();
    way.told = { requests: [request(1)] };
    await second();
    assert.deepEqual(places(), [1]);
  });

  it('a record comes too late when another way carries the chat, or nobody watches', async () => {
    for (const happens of [() => { way = held({ requests: [] }); }, () => tap.close()]) {
      way = held({ requests: [request(1)] });
      tap.open();
      happens();
      await settled();
      assert.deepEqual(tap.records, []);
      tap.close();
    }
  });

  it('what was cleared is not shown again', async () => {
    way = held({ requests: [request(1)] });
    tap.open();
    await settled();
    tap.clear();
    way.told = { requests: [request(1), request(2)] };
    await second();
    assert.deepEqual(places(), [2]);
  });
});

describe('of all others', () => {
  const entry = (path) => ({
    name: `http://a.example${path}`, duration: 2, encodedBodySize: 3, responseStatus: 200, startTime: 4, initiatorType: 'fetch',
  });

  beforeEach(() => { way = {}; });

  it('what the browser has measured is shown, also from before one watched', () => {
    tap.open();
    assert.deepEqual(observers[0].wish, { type: 'resource', buffered: true });
    observers[0].measured(entry('/api/v1/guests'));
    assert.deepEqual(tap.records, [{
      kind: 'entry', name: 'http://a.example/api/v1/guests', duration: 2, encodedBodySize: 3, responseStatus: 200,
      at: performance.timeOrigin + 4,
    }]);
  });

  it("only the chat's requests are", () => {
    tap.open();
    observers[0].measured(...['/style.css', '/api/v1/wire?sid=s', '/r/api/v1/', '/api/v1/rooms/r/messages?limit=1'].map(entry));
    assert.deepEqual(tap.records.map(({ name }) => name), ['http://a.example/api/v1/rooms/r/messages?limit=1']);
  });

  it('there is no handshake', () => {
    tap.open();
    assert.equal(tap.handshake, undefined);
  });

  it('nothing carries the chat for a moment, and one may watch all the same', async () => {
    way = null;
    tap.open();
    await second();
    assert.equal(tap.handshake, null);
    observers[0].measured(entry('/api/v1/guests'));
    assert.equal(tap.records.length, 1);
  });
});

describe('when it is closed', () => {
  it('nothing is left, and nothing is asked or measured', async () => {
    way = held({ requests: [request(1)], handshake: {} });
    tap.open();
    await settled();
    tap.close();
    assert.deepEqual([tap.isOpen, tap.records, observers], [false, [], []]);
    await second();
    assert.equal(way.asked, 1);
  });

  it('it can be opened again', () => {
    way = { isTapped: true };
    tap.open();
    tap.close();
    tap.open();
    assert.deepEqual([tap.isOpen, observers.length], [true, 1]);
  });
});
