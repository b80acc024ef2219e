import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import { Hearing, marked } from '../../../web/js/line/hearing.js';
import { Stays } from '../../../web/js/line/stays.js';
import { Room } from '../../../web/js/state/room.js';

let sent;
let told;
let stays;
let hearing;
beforeEach(() => {
  [sent, told] = [[], []];
  const note = (name) => (...given) => told.push([name, ...given.map((each) => each?.room?.name ?? each?.code ?? each?.text ?? each)]);
  const tell = Object.fromEntries(['live', 'caughtUp', 'heard', 'done', 'failed', 'out', 'gone', 'parted', 'changed', 'named',
    'nickRefused', 'actRefused', 'readElsewhere', 'news', 'renamed'].map((name) => [name, note(name)]));
  tell.changed = () => {};
  stays = new Stays({
    send: (command) => sent.push(command),
    leave: ({ room, isIn }) => isIn && sent.push({ type: 'leave', room: room.name }),
    parts: { database: { keepUnsent: async () => {}, forgetUnsent: async () => {} }, others: null, tell },
  });
  hearing = new Hearing(stays, { again: () => {}, entered: note('entered'), tell });
});

function open(name) {
  const stay = stays.add(new Room(name));
  stay.room.iAm('me', '李白');
  stays.show(stay);
  return stay;
}

function join(name, seq = 0, ref = undefined) {
  hearing.received({ type: 'joined', room: name, epoch: 'e', seq, members: [], count: 1, ref });
  hearing.received({ type: 'history', room: name, messages: [], more: false, as_of: seq, ref: sent.at(-1).ref });
}

const said = (room, seq, text, user = 'other') => ({ type: 'said', room, seq, user, nick: '杜甫', text, at: seq });

it('tells what is said in each room by itself', () => {
  for (const name of ['甲', '乙']) {
    open(name);
    stays.greeted = stays.shown;
    join(name);
  }
  hearing.received(said('甲', 1, '在甲'));
  hearing.received(said('丙', 1, '在丙'));
  assert.deepEqual(told.filter(([what]) => what === 'heard'), [['heard', '在甲', '甲']]);
  assert.deepEqual(stays.of('甲').room.messages.sent.map(({ text }) => text), ['在甲']);
  assert.deepEqual(stays.of('乙').room.messages.sent, []);
});

it('gives an error to the room whose command it answers, and to nobody when that was left', () => {
  const [one, other] = [open('甲'), open('乙')];
  one.enter();
  other.enter();
  const [, asked] = sent;
  hearing.received({ type: 'error', code: 'forbidden', why: 'banned', ref: sent[0].ref });
  assert.deepEqual(told.at(-1), ['out', 'forbidden', '甲']);
  stays.drop(other);
  told = [];
  hearing.received({ type: 'error', code: 'forbidden', why: 'banned', ref: asked.ref });
  hearing.received({ type: 'history', room: '乙', messages: [], more: false, as_of: 0, ref: asked.ref });
  assert.deepEqual(told, []);
});

it('takes the error without a number for the room that the line entered by itself', () => {
  const [one] = [open('甲'), open('乙')];
  stays.greeted = one;
  hearing.received({ type: 'error', code: 'forbidden', why: 'locked', ref: 'join' });
  assert.deepEqual(told.at(-1), ['out', 'forbidden', '甲']);
});

it('says what was refused where it was said', () => {
  const [one, other] = [open('甲'), open('乙')];
  for (const stay of [one, other]) stay.outbox.opened();
  one.outbox.say('在甲', '李白');
  const { id, room } = sent.at(-1);
  assert.equal(room, '甲');
  hearing.received({ type: 'error', code: 'forbidden', why: 'muted', until: 9, id });
  assert.deepEqual([one.room.messages.unsent.messages[0].status, one.room.standing.muted?.until], ['failed', 9]);
  assert.equal(other.room.standing.muted, null);
});

it('leaves the one that was looked at longest ago when there are too many, but none where something is to be said', () => {
  for (let number = 0; number < 15; number += 1) {
    open(`${number}`);
    stays.greeted = stays.shown;
    join(`${number}`);
  }
  stays.of('0').outbox.say('还没说', '李白');
  sent = [];
  open('15');
  assert.deepEqual(sent, [{ type: 'leave', room: '1' }]);
  assert.deepEqual([stays.all.length, stays.of('1'), stays.shown.room.name], [15, undefined, '15']);
  assert.ok(stays.of('0'));
});

it('is out when one is removed, and has parted when one left elsewhere', () => {
  for (const name of ['甲', '乙']) {
    open(name);
    stays.greeted = stays.shown;
    join(name);
  }
  const by = { user: 'other', nick: '杜甫' };
  hearing.received({ type: 'moderated', room: '甲', seq: 1, act: 'kick', whom: { user: 'me', nick: '李白' }, at: 1, ...by });
  assert.deepEqual(told.findLast(([what]) => what === 'out'), ['out', 'removed', '甲']);
  hearing.received({ type: 'left', room: '乙', user: 'me', nick: '李白', count: 0 });
  assert.deepEqual(told.at(-1), ['parted', '乙']);
  hearing.received({ type: 'destroyed', room: '乙', seq: 2, at: 2, ...by });
  assert.deepEqual(told.at(-1), ['gone', '乙']);
});

it('notes a new name only where the one is', () => {
  const [one, other] = [open('甲'), open('乙')];
  one.room.people.entered({ user: 'other', nick: '杜甫', count: 2 });
  hearing.received({ type: 'renamed', user: 'other', nick: '子美', was: '杜甫' });
  assert.deepEqual([one.room.comings.told.length, other.room.comings.told.length], [1, 0]);
});

it('keeps as much of a room that is not shown as of one that is', () => {
  const one = open('甲');
  stays.greeted = one;
  join('甲');
  for (let seq = 1; seq <= 600; seq += 1) hearing.received(said('甲', seq, `${seq}`));
  assert.equal(one.room.messages.sent.length, 600);
  open('乙');
  assert.equal(one.room.messages.sent.length, 500);
});

it('marks what asks for an answer with the number of its room', () => {
  assert.deepEqual(marked({ type: 'join', ref: 'join' }, 3), { type: 'join', ref: 'join@3' });
  assert.deepEqual(marked({ type: 'say' }, 3), { type: 'say' });
});
