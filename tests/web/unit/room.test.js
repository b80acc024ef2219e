import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Comings } from '../../../web/js/state/comings.js';
import { DIVIDER, entriesOf } from '../../../web/js/state/entries.js';
import { Messages } from '../../../web/js/state/messages.js';
import { Room } from '../../../web/js/state/room.js';
import { Unread } from '../../../web/js/state/unread.js';

const said = (seq, user = 'other') => ({ type: 'said', room: 'r', seq, user, nick: user, text: `t${seq}`, at: seq });
const joined = (seq, more = {}) => ({ type: 'joined', room: 'r', epoch: 'e', seq, count: 1, members: [], ...more });

function roomWith(...seqs) {
  const room = new Room('r');
  room.iAm('me', '我');
  room.take(joined(seqs.at(-1) ?? 0), 0);
  room.messages.page({ messages: seqs.map((seq) => said(seq)), more: false });
  return room;
}

describe('who came and went', () => {
  const event = (did, user, more = {}) => ({ did, user, nick: user, ...more });

  it('is folded to what is left of it', () => {
    const none = { came: [], left: [], renamed: [], passed: false };
    const fold = (expected, ...events) => {
      const comings = new Comings();
      for (const happened of events) comings.add(happened, 0);
      const [{ came, left, renamed, passed }] = comings.notes;
      assert.deepEqual({ came: [...came.values()], left: [...left.values()], renamed: [...renamed.values()], passed },
        { ...none, ...expected });
      assert.equal(comings.told.length, JSON.stringify(expected) === '{}' ? 0 : 1);
    };
    const renamed = (was, nick) => event('renamed', 'u', { was, nick });
    fold({ came: ['a', 'b'] }, event('came', 'a'), event('came', 'b'));
    fold({ passed: true }, event('came', 'a'), event('left', 'a'));
    fold({}, event('left', 'a'), event('came', 'a'));
    fold({ renamed: [{ was: 'a', nick: 'c' }] }, renamed('a', 'b'), renamed('b', 'c'));
    fold({}, renamed('a', 'b'), renamed('b', 'a'));
    fold({ came: ['b'] }, event('came', 'u'), renamed('u', 'b'));
    fold({ passed: true }, event('came', 'u'), renamed('u', 'b'), event('left', 'u'));
    fold({ left: ['u'] }, renamed('a', 'u'), event('left', 'u'));
  });

  it('tells the newest hundred when it is opened', () => {
    const comings = new Comings();
    for (let at = 0; at < 103; at += 1) comings.add(event('came', at), 0);
    const [{ came, events, revision }] = comings.notes;
    assert.deepEqual([came.size, events.length, events[0].user, revision], [103, 100, 3, 103]);
  });

  it('stands where it happened, also before the first page is there', () => {
    const room = new Room('r');
    room.take(joined(7), 0);
    room.take({ type: 'entered', room: 'r', user: 'a', nick: 'a', count: 2 }, 1);
    room.messages.page({ messages: [said(6), said(7)], more: false });
    assert.deepEqual(room.comings.notes.map(({ after }) => after), [7]);
  });

  it('is forgotten with the log that it stood in', () => {
    const room = roomWith(9);
    room.take({ type: 'entered', room: 'r', user: 'a', nick: 'a', count: 2 }, 1);
    room.take(joined(9, { recovered: true }), 2);
    assert.equal(room.comings.notes.length, 1);
    room.take(joined(1, { epoch: 'f' }), 2);
    assert.equal(room.comings.notes.length, 0);
  });

  it('is one note until somebody speaks, and none of one’s own', () => {
    const room = roomWith(1);
    const come = (user, seq) => room.take({ type: 'entered', room: 'r', user, nick: user, count: 2 }, seq);
    come('a', 1);
    come('me', 1);
    come('b', 2);
    room.take(said(2), 3);
    come('c', 4);
    assert.deepEqual(room.comings.notes.map(({ after, events }) => [after, events.length]), [[1, 2], [2, 1]]);
  });

  it('stays while its place does', () => {
    const room = roomWith();
    room.take({ type: 'entered', room: 'r', user: 'a', nick: 'a', count: 2 }, 1);
    for (let seq = 1; seq <= 5; seq += 1) room.take(said(seq), seq);
    room.keepNewest(10);
    assert.equal(room.comings.notes.length, 1);
    room.keepNewest(3);
    assert.equal(room.comings.notes.length, 0);
  });
});

describe('what stands in the log', () => {
  const kinds = (entries) => entries.map((entry) => entry.kind ?? entry.seq ?? entry.id);
  const note = (after) => ({ kind: 'note', after });

  it('has the notes and the divider in their places', () => {
    const messages = [{ seq: 3 }, { seq: 5 }, { id: 'mine' }];
    assert.deepEqual(kinds(entriesOf(messages, [note(0), note(3), note(5)], 5)), ['note', 3, 'note', 'divider', 5, 'note', 'mine']);
    assert.deepEqual(kinds(entriesOf(messages, [], null)), [3, 5, 'mine']);
    assert.deepEqual(kinds(entriesOf([], [note(0)], 7)), ['note']);
    assert.ok(entriesOf(messages, [], 4).includes(DIVIDER));
  });
});

describe('up to where one has read', () => {
  it('is found on coming back, without one’s own', () => {
    const { messages } = roomWith(1, 2, 3, 4);
    messages.sent[2].user = 'me';
    const unread = new Unread({ epoch: 'e', seq: 2 });
    assert.equal(unread.look(messages), 1);
    assert.equal(unread.begins, 4);
    assert.deepEqual(unread.reached(messages), { epoch: 'e', seq: 4 });
    assert.equal(unread.reached(messages), null);
    assert.equal(unread.begins, 4);
    assert.equal(unread.look(messages), 0);
    assert.equal(unread.begins, null);
  });

  it('is the furthest of all one’s devices', () => {
    const { messages } = roomWith(1, 2, 3, 4);
    for (const [here, elsewhere, begins] of [[1, 3, 4], [3, 1, 4], [null, 2, 3], [1, null, 2]]) {
      const unread = new Unread(here && { epoch: 'e', seq: here });
      if (elsewhere) unread.told(elsewhere);
      unread.look(messages);
      assert.equal(unread.begins, begins);
    }
  });

  it('counts for nothing in another log, nor on the first visit', () => {
    const { messages } = roomWith(1, 2);
    assert.equal(new Unread({ epoch: 'other', seq: 1 }).look(messages), 0);
    assert.equal(new Unread(null).look(messages), 0);
    // Asking by HTTP, one is not told which log it is.
    messages.epoch = null;
    const unread = new Unread({ epoch: 'e', seq: 1 });
    assert.equal(unread.look(messages), 1);
    assert.deepEqual(unread.reached(messages), { epoch: 'e', seq: 2 });
  });
});

describe('what outlives the page', () => {
  it('comes back as it was', () => {
    const before = roomWith(1, 2, 3).messages;
    const after = new Messages();
    after.restore(before.kept(2));
    assert.deepEqual(after.sent.map(({ seq }) => seq), [2, 3]);
    assert.deepEqual(after.position, { since: 3, epoch: 'e' });
    assert.ok(after.more);
    assert.equal(new Messages().kept(2), null);
  });

  it('keeps what one was reading when the new page joins on to it', () => {
    const { messages } = roomWith(1, 2, 3, 4);
    messages.joined({ seq: 4 });
    messages.page({ messages: [said(3), said(4)], more: true });
    assert.deepEqual(messages.sent.map(({ seq }) => seq), [1, 2, 3, 4]);
    assert.equal(messages.more, false);
  });

  it('goes on from where all is here, and not from a receipt that ran ahead', () => {
    const room = roomWith(7);
    room.messages.unsent.compose('a', '我说', '我', 0);
    room.take({ ...said(10, 'me'), id: 'a', again: true }, 0);
    assert.equal(room.messages.position.since, 7);
  });

  it('is shown until it is known to be true, and the same stay the same', () => {
    const { messages } = roomWith(1, 2);
    const [first] = messages.sent;
    messages.joined({ epoch: 'f', seq: 9, recovered: false });
    assert.equal(messages.all[0], first);
    messages.said(said(10));
    messages.page({ messages: [said(1), { ...said(2), text: 'another' }], more: false });
    assert.equal(messages.sent[0], first);
    assert.deepEqual(messages.sent.map(({ text }) => text), ['t1', 'another', 't10']);
  });
});
