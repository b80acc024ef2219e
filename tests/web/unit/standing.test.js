import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mayAct, rolesFor } from '../../../web/js/keeping/rights.js';
import { isKeptOut } from '../../../web/js/line/closing.js';
import { entriesOf } from '../../../web/js/state/entries.js';
import { Room } from '../../../web/js/state/room.js';

const joined = (seq, more = {}) => ({ type: 'joined', room: 'r', epoch: 'e', seq, count: 1, members: [], ...more });
const said = (seq, user = 'other', at = seq) => ({ type: 'said', room: 'r', seq, user, nick: user, text: `t${seq}`, at });
const muted = (seq, user = 'me', more = {}) => (
  { type: 'moderated', room: 'r', seq, act: 'mute', whom: { user, nick: user }, user: 'o', nick: 'o', at: seq, until: 90, ...more });
const ruled = (seq, rules, more = {}) => ({ type: 'ruled', room: 'r', seq, rules, user: 'o', nick: 'o', at: seq, ...more });
const appointed = (seq, role, user = 'me') => (
  { type: 'appointed', room: 'r', seq, role, whom: { user, nick: user }, user: 'o', nick: 'o', at: seq });

function roomWith(more = {}, seq = 0) {
  const room = new Room('r');
  room.take({ type: 'welcome', user: 'me', nick: '我', ...more.host && { host: true } }, 0);
  room.iAm('me', '我');
  room.take(joined(seq, more), 0);
  room.messages.page({ messages: [], more: false });
  return room;
}

describe('what one is', () => {
  it('is told on coming in and changes with the log', () => {
    const room = roomWith();
    const { standing } = room;
    assert.deepEqual([standing.role, standing.keeps], ['guest', false]);
    room.take(appointed(1, 'moderator', 'other'), 0);
    assert.equal(standing.role, 'guest');
    room.take(appointed(2, 'moderator'), 0);
    assert.deepEqual([standing.role, standing.keeps], ['moderator', true]);
    room.take({ type: 'hosting' }, 0);
    room.take(appointed(3, 'guest'), 0);
    assert.equal(standing.role, 'host');
  });

  it('is what the last coming in says, over all that was before', () => {
    const room = roomWith({ role: 'owner', rules: { slow: 5 }, muted: 90 });
    room.take(joined(0), 0);
    const { role, rules, muted: still } = room.standing;
    assert.deepEqual([role, rules, still], ['guest', {}, null]);
  });
});

describe('why one may not write', () => {
  it('is a mute, for its time', () => {
    const room = roomWith();
    room.take(muted(1, 'other'), 0);
    assert.equal(room.standing.silence(10), null);
    room.take(muted(2, 'me', { reason: '吵' }), 0);
    assert.deepEqual([room.standing.silence(10), room.standing.silence(90)], ['muted', null]);
    assert.equal(room.standing.muted.reason, '吵');
    room.take(joined(2, { recovered: true, muted: 90, muted_for: '吵' }), 0);
    assert.equal(room.standing.muted.reason, '吵');
    room.take(muted(3, 'me', { act: 'unmute', until: undefined }), 0);
    assert.equal(room.standing.silence(10), null);
  });

  it('is known from a refusal, too', () => {
    const room = roomWith();
    room.take({ type: 'error', code: 'forbidden', why: 'muted', until: 50, id: 'x' }, 0);
    assert.equal(room.standing.silence(10), 'muted');
  });

  it('is that only moderators write, for all others', () => {
    assert.equal(roomWith({ rules: { announcements: true } }).standing.silence(0), 'announcements');
    assert.equal(roomWith({ rules: { announcements: true }, role: 'member' }).standing.silence(0), 'announcements');
    assert.equal(roomWith({ rules: { announcements: true }, role: 'moderator' }).standing.silence(0), null);
  });

  it('is slow mode after one’s own message, once, and not for moderators', () => {
    const room = roomWith({ rules: { slow: 5 } });
    assert.equal(room.standing.nextAt, -Infinity);
    room.take(said(1, 'other', 1_000), 1_000);
    assert.equal(room.standing.nextAt, -Infinity);
    room.take({ ...said(2, 'me', 3_000), again: true }, 2_000);
    room.take(said(2, 'me', 3_000), 9_000);
    assert.equal(room.standing.nextAt, 7_000);
    // What was said long ago on another device, and missed.
    room.take(said(3, 'me', 4_000), 60_000);
    assert.equal(room.standing.nextAt, 9_000);
    room.take(appointed(4, 'moderator'), 60_000);
    assert.equal(room.standing.nextAt, -Infinity);
  });
});

describe('what was done to keep order', () => {
  it('stands among the messages where it was done, and counts as none', () => {
    const room = roomWith();
    const told = [said(1), muted(2, 'other'), ruled(3, { slow: 5 }), said(4)].map((event) => room.take(event, 0)?.kind);
    assert.deepEqual(told, [undefined, 'deed', 'deed', undefined]);
    for (const note of room.comings.notes) note.tells = true;
    const entries = entriesOf(room.messages.all, room.comings.told, null);
    assert.deepEqual(entries.map(({ kind = 'message', seq, after }) => [kind, seq ?? after]),
      [['message', 1], ['deed', 2], ['deed', 3], ['message', 4]]);
    assert.deepEqual([room.messages.last, room.messages.kept(9).messages.length, room.messages.position.since], [4, 2, 4]);
  });

  it('is told once, though the answer to one’s own runs ahead', () => {
    const room = roomWith();
    assert.equal(room.take({ ...ruled(2, { locked: true }), again: true }, 0).kind, 'deed');
    assert.equal(room.messages.last, 0);
    assert.equal(room.take(ruled(1, {}), 0).kind, 'deed');
    assert.equal(room.take(ruled(2, { locked: true }), 0), null);
    assert.deepEqual([room.messages.last, room.comings.notes.map(({ after }) => after)], [2, [1, 2]]);
  });

  it('keeps who came and went apart', () => {
    const room = roomWith();
    room.take(muted(1, 'other'), 0);
    room.take({ type: 'entered', room: 'r', user: 'a', nick: 'a', count: 2 }, 0);
    assert.deepEqual(room.comings.notes.map(({ kind, after }) => [kind, after]), [['deed', 1], ['note', 1]]);
  });

  it('knows the rules of before, unless they were missed', () => {
    const room = roomWith({ rules: { slow: 5 } }, 4);
    const beforeOf = (event) => room.take(event, 0).event.before;
    assert.equal(beforeOf(ruled(3, { locked: true })), undefined);
    assert.deepEqual(beforeOf(ruled(4, { slow: 5 })), { locked: true });
    assert.deepEqual(beforeOf(ruled(5, {})), { slow: 5 });
  });

  it('knows them of what was missed meanwhile, too', () => {
    const room = roomWith({ rules: { topic: 't', title: 'n' } }, 4);
    const beforeOf = (event) => room.take(event, 0).event.before;
    room.take(joined(6, { recovered: true, rules: { topic: 't', title: 'n', archived: true, slow: 5 } }), 0);
    assert.deepEqual(beforeOf(ruled(5, { topic: 't', title: 'n', archived: true })), { topic: 't', title: 'n' });
    assert.deepEqual(beforeOf(ruled(6, { topic: 't', title: 'n', archived: true, slow: 5 })), { topic: 't', title: 'n', archived: true });
    assert.deepEqual(room.standing.rules, { topic: 't', title: 'n', archived: true, slow: 5 });
  });

  it('keeps one’s own order, whose answer runs ahead of what was ordered before', () => {
    const room = roomWith({}, 4);
    room.take({ ...ruled(6, { locked: true, slow: 5 }), again: true }, 0);
    room.take(ruled(5, { locked: true }), 0);
    assert.deepEqual(room.standing.rules, { locked: true, slow: 5 });
  });

  it('is not what one is any more', () => {
    const room = roomWith({ role: 'moderator' }, 9);
    room.take({ type: 'appointed', room: '大厅', seq: 8, role: 'guest', whom: { user: 'me', nick: 'n' } }, 0);
    room.take(muted(7, 'me', { act: 'kick' }), 0);
    assert.deepEqual([room.standing.role, room.standing.removed], ['moderator', null]);
  });
});

it('knows why one had to go', () => {
  const room = roomWith();
  room.take(muted(1, 'other', { act: 'kick' }), 0);
  assert.equal(room.standing.removed, null);
  room.take(muted(2, 'me', { act: 'ban', reason: '吵' }), 0);
  room.take({ type: 'error', code: 'forbidden', why: 'banned', message: 'No.' }, 0);
  assert.equal(room.standing.removed.reason, '吵');
  room.take(joined(2), 0);
  assert.equal(room.standing.removed, null);
});

it('knows that it is closed, where one has to go for that', () => {
  for (const why of ['locked', 'password']) {
    const room = roomWith();
    room.take({ type: 'error', code: 'forbidden', why, message: 'No.', ref: 'join' }, 0);
    assert.equal(room.standing.removed, null);
    room.take({ type: 'error', code: 'forbidden', why, message: 'No.' }, 0);
    assert.equal(room.standing.removed.why, why);
  }
});

it('is kept out by what another try would not open', () => {
  const why = (told) => isKeptOut({ state: 'ended', why: told });
  assert.deepEqual(
    [why({ code: 'forbidden', why: 'locked', about: 'room' }), why({ code: 'removed' }), why({ code: 'too_big' }), why(null)],
    [true, true, false, false]);
  assert.equal(isKeptOut({ state: 'waiting', why: null }), false);
});

describe('what one may do to somebody', () => {
  it('is done to lower ones by who keeps order', () => {
    const may = (mine, ...theirs) => theirs.map((role) => mayAct(mine, role));
    assert.deepEqual(may('member', 'guest'), [false]);
    assert.deepEqual(may('moderator', 'guest', 'member', 'moderator', 'owner'), [true, true, false, false]);
    assert.deepEqual(may('owner', 'moderator', 'owner'), [true, false]);
    assert.deepEqual(may('host', 'owner', 'host'), [true, false]);
  });

  it('gives the roles that one may give', () => {
    assert.deepEqual(rolesFor('moderator', 'guest'), ['member']);
    assert.deepEqual(rolesFor('moderator', 'member'), ['guest']);
    assert.deepEqual(rolesFor('moderator', 'moderator'), []);
    assert.deepEqual(rolesFor('owner', 'moderator'), ['guest', 'member', 'owner']);
    assert.deepEqual(rolesFor('owner', 'owner'), []);
    assert.deepEqual(rolesFor('host', 'owner'), ['guest', 'member', 'moderator']);
  });
});
