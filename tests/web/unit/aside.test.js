import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import { Aside } from '../../../web/js/state/aside.js';
import { Messages } from '../../../web/js/state/messages.js';

const said = (seq) => ({ seq, user: 'other', nick: '杜甫', text: `t${seq}`, at: seq });
const page = (seqs, { more = true, before = true, asOf = 100 } = {}) => (
  { messages: seqs.map(said), more, more_before: before, as_of: asOf });
const reacted = (seq, of) => ({ type: 'reacted', seq, of, emoji: '👍', user: 'me', nick: '李白', at: seq });
let aside;
const seen = () => aside.messages.map(({ seq }) => seq);

beforeEach(async () => {
  aside = new Aside();
  const [around] = await aside.hear([page([8, 10, 11, 13])]);
  aside.open(around);
});

it('is a stretch that grows to both sides', async () => {
  const [older, newer] = await aside.hear([page([1, 2], { more: false }), page([20], { more: false, asOf: 25 })]);
  assert.ok(aside.more);
  aside.prepend(older);
  assert.ok(!aside.more);
  aside.append(newer);
  assert.deepEqual(seen(), [1, 2, 8, 10, 11, 13, 20]);
  assert.equal(aside.get(10).text, 't10');
  assert.equal(aside.get(9), undefined);
});

it('reaches no further than is known', async () => {
  assert.ok(aside.reaches(13));
  assert.ok(aside.reaches(14));
  assert.ok(!aside.reaches(15));
  assert.ok(!aside.reaches(null));
  const [newer] = await aside.hear([page([20], { more: false, asOf: 25 })]);
  aside.append(newer);
  assert.ok(aside.reaches(26));
  assert.ok(!aside.reaches(27));
});

it('carries what has happened since a page was read into it, once', async () => {
  const asked = Promise.resolve(page([20, 21]));
  const heard = aside.hear([asked]);
  aside.became(reacted(100, 20));
  aside.became(reacted(101, 21));
  aside.became({ type: 'deleted', seq: 102, of: 10, user: 'other', at: 102 });
  const [{ messages: [known, changed] }] = await heard;
  assert.equal(known.reactions, undefined);
  assert.equal(changed.reactions[0].count, 1);
  assert.ok(aside.get(10).deleted);
  assert.equal(aside.get(10).text, '');
});

it('keeps what is the same when it is read anew', async () => {
  const [kept, gone] = [aside.get(10), aside.get(11)];
  aside.forget();
  assert.ok(aside.isStale);
  const asked = page([10, 11], { before: false });
  asked.messages[1].text = 'changed';
  const [again] = await aside.hear([asked]);
  aside.open(again);
  assert.ok(!aside.more);
  assert.ok(!aside.isStale);
  assert.equal(aside.get(10), kept);
  assert.notEqual(aside.get(11), gone);
});

it('knows what is quoted, and what becomes of it', async () => {
  const [quoted] = await aside.hear([page([3])]);
  aside.quote(quoted.messages);
  aside.became({ type: 'deleted', seq: 101, of: 3, user: 'other', at: 101 });
  assert.equal(aside.get(3).text, '');
  assert.deepEqual(seen(), [8, 10, 11, 13]);
  aside.forget();
  assert.equal(aside.get(3), undefined);
});

it('becomes one with the newest messages', () => {
  const room = new Messages();
  room.aside = aside;
  room.joined({ epoch: 'e', seq: 15 });
  room.page(page([13, 15]));
  assert.equal(room.get(10).seq, 10);
  room.precede(aside.messages, aside.more);
  assert.deepEqual(room.sent.map(({ seq }) => seq), [8, 10, 11, 13, 15]);
  assert.ok(room.more);
});
