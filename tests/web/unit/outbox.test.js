import assert from 'node:assert/strict';
import { beforeEach, it, mock } from 'node:test';
import { Outbox } from '../../../web/js/line/outbox.js';
import { Room } from '../../../web/js/state/room.js';

let room;
let sent;
let rows;
let outbox;
let others;
let changes;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['Date', 'setTimeout'], now: 1_000 });
  room = new Room('r');
  room.iAm('me', '我');
  sent = [];
  rows = new Map();
  others = Object.assign(new EventTarget(), { told: [], postMessage(id) { this.told.push(id); } });
  changes = 0;
  const database = {
    keepUnsent: async (row) => { rows.set(row.id, row); },
    forgetUnsent: (id) => rows.delete(id),
  };
  outbox = new Outbox(room, (command) => sent.push(command), { database, others, changed: () => { changes += 1; } });
  outbox.opened();
});

const texts = () => sent.map(({ text }) => text);
let seq = 0;
function receipt({ id, text }) {
  seq += 1;
  room.take({ type: 'said', room: 'r', seq, id, user: 'me', nick: '我', text, at: seq }, 0);
  outbox.settled();
}

it('sends one after the other, each once the one before has its answer', () => {
  for (const text of ['一', '二', '三']) outbox.say(text, '我');
  assert.deepEqual(texts(), ['一']);
  receipt(sent[0]);
  assert.deepEqual(texts(), ['一', '二']);
  receipt(sent[1]);
  receipt(sent[2]);
  assert.deepEqual(texts(), ['一', '二', '三']);
  assert.equal(rows.size, 0);
  assert.equal(outbox.askedAt, Infinity);
});

it('tells when what is said is kept', async () => {
  const kept = outbox.say('一', '我');
  await kept;
  assert.deepEqual([...rows.values()].map(({ text }) => text), ['一']);
});

it('or when it has arrived before it is kept', async () => {
  outbox.database.keepUnsent = () => new Promise(() => {});
  const done = outbox.say('一', '我');
  receipt(sent[0]);
  await done;
});

it('tells the other windows what is let go, and lets go what they tell', () => {
  outbox.closed();
  outbox.say('一', '我');
  outbox.say('二', '我');
  const [one, other] = room.messages.unsent.messages;
  outbox.discard(one);
  assert.deepEqual(others.told, [one.id]);
  others.dispatchEvent(new MessageEvent('message', { data: other.id }));
  assert.deepEqual([room.messages.unsent.messages, rows.size, others.told.length, changes], [[], 0, 1, 1]);
  outbox.opened();
  assert.deepEqual(sent, []);
});

it('sends again under the same id what had no answer when the line was lost', () => {
  outbox.say('一', '我');
  outbox.say('二', '我');
  outbox.closed();
  assert.equal(rows.size, 2);
  outbox.opened();
  assert.deepEqual(texts(), ['一', '一']);
  assert.equal(sent[0].id, sent[1].id);
});

it('waits when it was too fast, and so does what comes after', () => {
  outbox.say('一', '我');
  outbox.say('二', '我');
  outbox.refused({ id: sent[0].id, code: 'too_fast', retry_after: 2 });
  assert.deepEqual(texts(), ['一']);
  mock.timers.tick(1_900);
  assert.deepEqual(texts(), ['一']);
  mock.timers.tick(200);
  assert.deepEqual(texts(), ['一', '一']);
  receipt(sent[1]);
  assert.deepEqual(texts(), ['一', '一', '二']);
});

it('goes on after one that is refused, which can be sent again or let go', () => {
  outbox.say('一', '我');
  outbox.say('二', '我');
  const refused = outbox.refused({ id: sent[0].id, code: 'unavailable', message: 'No.' });
  assert.equal(refused.status, 'failed');
  assert.equal(rows.get(refused.id).status, 'failed');
  assert.deepEqual(texts(), ['一', '二']);
  receipt(sent[1]);
  outbox.again(refused);
  assert.deepEqual(texts(), ['一', '二', '一']);
  outbox.refused({ id: refused.id, code: 'unavailable', message: 'No.' });
  outbox.discard(refused);
  assert.equal(rows.size, 0);
  assert.deepEqual(room.messages.unsent.messages, []);
});

it('takes up what an earlier page left', () => {
  outbox.closed();
  outbox.restore([
    { id: 'a', text: '早', nick: '我', at: 1, status: 'pending' },
    { id: 'b', text: '拒', nick: '我', at: 2, status: 'failed', refusal: { code: 'unavailable' } },
  ]);
  outbox.opened();
  assert.deepEqual(sent, [{ type: 'say', room: 'r', text: '早', id: 'a', reply_to: undefined }]);
  assert.deepEqual(room.messages.unsent.messages.map(({ status }) => status), ['pending', 'failed']);
});

it('sends nothing by itself after the server has ended the connection for it', () => {
  outbox.say('一', '我');
  outbox.closed();
  outbox.giveUp();
  outbox.opened();
  assert.deepEqual(texts(), ['一']);
  assert.deepEqual(room.messages.unsent.messages[0].refusal, { code: 'unsent' });
});
