import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import { Refused } from '../../../web/js/line/request.js';
import { Inquiry } from '../../../web/js/searching/inquiry.js';
import { settled } from './stand_ins.js';

let asked;
let inquiry;

beforeEach(({ mock }) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  asked = [];
  inquiry = new Inquiry((question, signal) => new Promise((resolve, reject) => {
    asked.push({ ...question, signal, answer: resolve, refuse: (error) => reject(new Refused(error)) });
    signal.addEventListener('abort', () => reject(new Refused({ code: 'offline' })));
  }), () => {});
});

const message = (seq, fields) => ({ room: '大厅', seq, text: `第 ${seq} 句`, match: [[0, 1]], ...fields });
const page = (seqs, next = null) => ({ messages: seqs.map((seq) => message(seq)), next });
const seqs = () => inquiry.found.map(({ seq }) => seq);

async function answer(index, answered) {
  asked[index].answer(answered);
  await settled();
}

async function refuse(index, error) {
  asked[index].refuse(error);
  await settled();
}

const typed = ({ mock }, ...questions) => {
  for (const q of questions) inquiry.seek({ q, room: '大厅' });
  mock.timers.tick(250);
};

it('asks once one has stopped typing', (test) => {
  inquiry.seek({ q: '明', room: '大厅' });
  test.mock.timers.tick(249);
  typed(test, '明月');
  assert.deepEqual(asked.map(({ q, room, cursor }) => [q, room, cursor]), [['明月', '大厅', undefined]]);
});

it('drops an answer that comes after that to a newer question', async (test) => {
  typed(test, '明');
  typed(test, '明月');
  assert.ok(asked[0].signal.aborted);
  await answer(1, page([2]));
  await answer(0, page([1], 'older'));
  assert.deepEqual([seqs(), inquiry.hasMore, inquiry.isDone], [[2], false, true]);
});

it('nor does a failure of it count', async (test) => {
  typed(test, '明');
  typed(test, '明月');
  await refuse(0, { code: 'unavailable' });
  assert.deepEqual([inquiry.error, inquiry.isAsking], [null, true]);
});

it('shows what it has until there is another answer', async (test) => {
  typed(test, '明');
  await answer(0, page([1], 'older'));
  typed(test, '明月');
  assert.deepEqual([seqs(), inquiry.isStale, inquiry.isDone, inquiry.hasMore], [[1], true, false, false]);
  await answer(1, page([]));
  assert.deepEqual([seqs(), inquiry.isDone], [[], true]);
});

it('asks the same only once, and on Enter at once', (test) => {
  inquiry.seek({ q: '明', room: '大厅' });
  inquiry.seek({ q: '明', room: '大厅' }, 0);
  test.mock.timers.tick(0);
  typed(test, '明');
  inquiry.seek({ q: '明', room: '大厅' }, 0);
  test.mock.timers.tick(0);
  assert.equal(asked.length, 1);
  typed(test, '明');
  inquiry.seek({ q: '明', room: undefined }, 0);
  test.mock.timers.tick(0);
  assert.equal(asked.length, 2);
});

it('goes on where a page ended, once at a time', async (test) => {
  typed(test, '明');
  await answer(0, page([9, 8], 'c1'));
  inquiry.more();
  inquiry.more();
  assert.deepEqual(asked.map(({ cursor }) => cursor), [undefined, 'c1']);
  await answer(1, page([7]));
  assert.deepEqual([seqs(), inquiry.hasMore], [[9, 8, 7], false]);
  inquiry.more();
  assert.equal(asked.length, 2);
});

it('looks through pages that ended early, but not for ever', async (test) => {
  typed(test, '明');
  for (const index of [0, 1, 2, 3, 4]) await answer(index, page([], `c${index}`));
  assert.deepEqual([asked.length, inquiry.isDone, inquiry.hasMore], [5, true, true]);
  inquiry.more();
  await answer(5, page([3]));
  assert.deepEqual([asked[5].cursor, seqs()], ['c4', [3]]);
});

it('waits where it was too fast, and asks again', async (test) => {
  typed(test, '明');
  await answer(0, page([9], 'c'));
  inquiry.more();
  await refuse(1, { code: 'too_fast', retry_after: 2.5 });
  assert.deepEqual([inquiry.error.code, seqs()], ['too_fast', [9]]);
  test.mock.timers.tick(2_499);
  assert.equal(asked.length, 2);
  test.mock.timers.tick(1);
  await answer(2, page([8]));
  assert.deepEqual([asked[2].cursor, inquiry.error, seqs()], ['c', null, [9, 8]]);
});

it('has nothing to show of another question after a failure, and tries again', async (test) => {
  typed(test, '明');
  await answer(0, page([9]));
  typed(test, '月');
  await refuse(1, { code: 'offline' });
  assert.deepEqual([inquiry.error.code, seqs(), inquiry.isDone], ['offline', [], false]);
  inquiry.again();
  await answer(2, page([1]));
  assert.deepEqual([asked[2].q, inquiry.error, seqs()], ['月', null, [1]]);
});

it('gives up a request that takes too long', async (test) => {
  typed(test, '明');
  test.mock.timers.tick(15_000);
  await settled();
  assert.deepEqual([inquiry.error, inquiry.isAsking], [{ code: 'offline' }, false]);
});

it('is ended when it is closed, and goes on when it is opened', async (test) => {
  typed(test, '明');
  inquiry.pause();
  inquiry.pause();
  assert.ok(asked[0].signal.aborted);
  await settled();
  assert.equal(inquiry.error, null);
  inquiry.resume();
  await answer(1, page([9]));
  inquiry.pause();
  inquiry.resume();
  assert.deepEqual([asked.length, seqs()], [2, [9]]);
});

it('forgets all of it with the text', async (test) => {
  typed(test, '明');
  await answer(0, page([9], 'c'));
  typed(test, '月');
  inquiry.clear();
  await answer(1, page([1]));
  assert.deepEqual([seqs(), inquiry.asked, inquiry.hasMore, inquiry.isDone], [[], null, false, false]);
});

it('hears what becomes of what was found', async (test) => {
  typed(test, '句');
  await answer(0, page([9, 8]));
  inquiry.became('别处', { type: 'deleted', of: 9, seq: 10 });
  inquiry.became('大厅', { type: 'reacted', of: 9, seq: 10, emoji: '👍', user: 'u', nick: 'n' });
  assert.deepEqual(inquiry.found[0], message(9));
  inquiry.became('大厅', { type: 'deleted', of: 9, seq: 11 });
  inquiry.became('大厅', { type: 'edited', of: 8, seq: 12, text: '改了', at: 5 });
  assert.deepEqual(inquiry.found.map(({ text, deleted, match }) => [text, deleted, match]), [['', true, []], ['改了', undefined, []]]);
});
