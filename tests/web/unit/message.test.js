import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import { Room } from '../../../web/js/state/room.js';

const said = (seq) => ({ type: 'said', room: 'r', seq, user: 'u', nick: '李白', text: `t${seq}`, at: seq });
let room;
const take = (type, seq, fields) => room.take({ type, room: 'r', seq, at: seq, ...fields }, 0);
const texts = () => room.messages.all.map(({ text }) => text);

beforeEach(() => {
  room = new Room('r');
  room.messages.unsent.iAm('me');
  room.take({ type: 'joined', room: 'r', epoch: 'e', seq: 3, members: [], count: 1 }, 0);
  room.messages.page({ messages: [said(1), said(2), said(3)], more: false, as_of: 3 });
});

it('has the newest text, and is another message for the page', () => {
  const before = room.messages.get(2);
  take('edited', 4, { of: 2, text: '改' });
  assert.deepEqual(texts(), ['t1', '改', 't3']);
  assert.notEqual(room.messages.get(2), before);
  assert.equal(room.messages.get(2).edited_at, 4);
  assert.equal(room.messages.last, 4);
});

it('loses its text and all that was put to it', () => {
  take('reacted', 4, { of: 2, emoji: '👍', user: 'x', nick: 'X' });
  take('deleted', 5, { of: 2 });
  const { text, deleted, reactions } = room.messages.get(2);
  assert.deepEqual([text, deleted, reactions], ['', true, undefined]);
  take('edited', 6, { of: 2, text: '晚了' });
  assert.equal(room.messages.get(2).text, '');
});

it('counts who put what to it, and stays the same message', () => {
  const message = room.messages.get(2);
  for (const [seq, user, emoji] of [[4, 'a', '👍'], [5, 'b', '👍'], [6, 'a', '🎉']]) {
    take('reacted', seq, { of: 2, emoji, user, nick: user });
  }
  assert.deepEqual(message.reactions, [
    { emoji: '👍', users: ['a', 'b'], nicks: ['a', 'b'], count: 2 }, { emoji: '🎉', users: ['a'], nicks: ['a'], count: 1 },
  ]);
  take('unreacted', 7, { of: 2, emoji: '🎉', user: 'a', nick: 'a' });
  // One whom the page does not name.
  take('unreacted', 8, { of: 2, emoji: '👍', user: 'z', nick: 'z' });
  assert.deepEqual(message.reactions, [{ emoji: '👍', users: ['a', 'b'], nicks: ['a', 'b'], count: 1 }]);
  assert.equal(room.messages.get(2), message);
});

it('takes nothing twice that its page had already', () => {
  const fresh = new Room('r');
  fresh.messages.page({
    messages: [{ ...said(2), reactions: [{ emoji: '👍', users: ['a'], nicks: ['a'], count: 1 }] }], more: false, as_of: 9,
  });
  fresh.messages.became({ type: 'reacted', room: 'r', seq: 9, of: 2, emoji: '👍', user: 'a', nick: 'a', at: 0 });
  assert.equal(fresh.messages.get(2).reactions[0].count, 1);
});

it('goes on from before what ran ahead of others', () => {
  take('edited', 5, { of: 2, text: '改', again: true });
  assert.equal(room.messages.get(2).text, '改');
  assert.deepEqual(room.messages.position, { since: 3, epoch: 'e' });
});

it('takes in what others did before it, and it itself no second time', () => {
  const thumb = { of: 2, emoji: '👍', user: 'me', nick: '我' };
  take('reacted', 6, { ...thumb, again: true });
  take('reacted', 5, { of: 2, emoji: '🎉', user: 'a', nick: 'a' });
  take('reacted', 6, thumb);
  assert.deepEqual(room.messages.get(2).reactions.map(({ emoji, count }) => [emoji, count]), [['👍', 1], ['🎉', 1]]);
  take('unreacted', 8, { ...thumb, again: true });
  take('reacted', 7, { of: 2, emoji: '👍', user: 'b', nick: 'b' });
  take('unreacted', 8, thumb);
  assert.deepEqual(room.messages.get(2).reactions.map(({ emoji, count }) => [emoji, count]), [['🎉', 1], ['👍', 1]]);
});

it('takes for no event of the log what one has read elsewhere', () => {
  room.take({ type: 'read', room: 'r', up_to: 9 }, 0);
  assert.equal(room.messages.last, 3);
});

it('leaves alone what is not here', () => {
  take('edited', 4, { of: 99, text: 'x' });
  assert.deepEqual(texts(), ['t1', 't2', 't3']);
  assert.equal(room.messages.last, 4);
});

it('outlives the page with all that became of it', () => {
  take('edited', 4, { of: 1, text: '改' });
  take('deleted', 5, { of: 2 });
  const later = new Room('r');
  later.messages.restore(room.messages.kept(10));
  assert.deepEqual(later.messages.all.map(({ text, deleted }) => [text, deleted ?? false]), [['改', false], ['', true], ['t3', false]]);
});
