import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { Deeds } from '../../../web/js/keeping/deeds.js';
import { ask, Refused } from '../../../web/js/keeping/requests.js';
import { Words } from '../../../web/js/view/words.js';
import { answering } from './stand_ins.js';

const catalogue = JSON.parse(readFileSync(new URL('../../../web/locales/keeping/en.json', import.meta.url)));
const deeds = new Deeds(new Words('en', catalogue), { moment: (at) => `t${at}` });
const whom = { user: 'd', nick: 'Du Fu' };
const by = { user: 'l', nick: 'Li Bai' };

for (const [event, sentence] of [
  [{ ...by, act: 'mute', whom, until: 9, reason: 'noise' }, 'Li Bai muted Du Fu until t9: noise'],
  [{ ...by, act: 'ban', whom }, 'Li Bai banned Du Fu'],
  [{ ...by, act: 'ban', whom, until: 9 }, 'Li Bai banned Du Fu until t9'],
  [{ user: '', nick: '', act: 'kick', whom }, 'The operator removed Du Fu from the room'],
  [{ ...by, type: 'appointed', whom, role: 'moderator' }, 'Li Bai made Du Fu moderator'],
  [{ ...by, act: 'appoint', whom: by, role: 'guest' }, 'Li Bai is now guest'],
  [{ ...by, type: 'ruled', rules: { locked: true }, before: {} }, 'Li Bai locked the room: members only'],
  [{ ...by, type: 'ruled', rules: { slow: 30 }, before: { locked: true, slow: 5 } },
    'Li Bai opened the room to everybody; Li Bai turned slow mode on: 30 s between messages'],
  [{ ...by, act: 'rule', rules: { password: true }, before: { password: true } }, 'Li Bai gave the room a password'],
  [{ ...by, type: 'ruled', rules: { keep_days: 30 }, before: { keep_messages: 100 } },
    'Li Bai has messages deleted after 30 days; Li Bai has messages kept however many they are'],
  [{ ...by, type: 'ruled', rules: { keep_messages: 100 }, before: { keep_days: 30 } },
    'Li Bai has messages kept however old they are; Li Bai has only the newest 100 messages kept'],
  [{ ...by, type: 'ruled', rules: { topic: 't', title: 'n', archived: true }, before: { topic: 't', title: 'n' } }, 'Li Bai archived the room'],
  [{ ...by, type: 'ruled', rules: { topic: 't', title: 'n' } }, 'Li Bai changed the rules of the room'],
  [{ ...by, type: 'ruled', rules: {} }, 'Li Bai changed the rules of the room'],
  [{ ...by, act: 'create' }, 'Li Bai made the room'],
  [{ ...by, act: 'invite' }, 'Li Bai made an invitation link'],
  [{ ...by, act: 'something' }, 'Li Bai: something'],
]) it(`says: ${sentence}`, () => assert.equal(deeds.sentenceOf(event), sentence));

it('has words for all that is noted, and for every rule', () => {
  const read = (path) => readFileSync(new URL(`../../../chatroom/${path}`, import.meta.url), 'utf8');
  const bodyOf = (path, name) => read(path).match(new RegExp(`^class ${name}\\(.*?(?=^class )`, 'ms'))[0];
  const [, unnoted] = read('storage/verdicts.py').match(/^_NOT_NOTED = \{(.*)\}$/m);
  const acts = [...bodyOf('core/work.py', 'Ruling').matchAll(/^ {4}([A-Z]+) = "(.+)"$/gm)]
    .filter(([, name]) => !unnoted.includes(`Ruling.${name}`)).map(([, , act]) => act);
  assert.ok(acts.length > 10);
  for (const act of acts) {
    const sentence = deeds.sentenceOf({ ...by, act, whom, role: 'member', rules: {} });
    assert.notEqual(sentence, `Li Bai: ${act}`);
    assert.match(sentence, /^Li Bai \w+ /);
  }
  const rules = [...bodyOf('core/events/log.py', 'Rules').matchAll(/^ {4}(\w+): (bool|int|str)/gm)];
  assert.ok(rules.length > 8);
  for (const [, rule, type] of rules) {
    const value = { bool: true, int: 7, str: 'x' }[type];
    assert.notEqual(deeds.sentenceOf({ ...by, act: 'rule', rules: { [rule]: value }, before: {} }), 'Li Bai changed the rules of the room');
  }
});

it('asks by one table, of a room or of the whole server', async () => {
  const asked = answering([
    ['members', 200, { seq: 3 }], ['PUT', 200, {}], ['audit', 200, {}], ['retention', 200, {}]]);
  assert.deepEqual(await ask('kick', { user: 'd', reason: '吵' }, '大厅'), { seq: 3 });
  await ask('ban', { user: 'd', seconds: 60 });
  await ask('audit', { before: 7 }, 'a/b');
  await ask('retention', { keep_days: 7, keep_messages: 0 }, '大厅');
  assert.deepEqual(asked.map(({ method, path, body }) => [method, decodeURIComponent(path), body]), [
    ['DELETE', '/api/v1/rooms/大厅/members/d?reason=吵', null],
    ['PUT', '/api/v1/bans/d', '{"seconds":60}'],
    ['GET', '/api/v1/rooms/a/b/audit?before=7', null],
    ['GET', '/api/v1/rooms/大厅/retention?keep_days=7&keep_messages=0', null],
  ]);
});

it('tells why it was refused', async () => {
  answering([['rules', 403, { type: 'error', code: 'forbidden', why: 'role' }]]);
  await assert.rejects(ask('rule', { locked: true }, 'r'), (error) => error instanceof Refused && error.error.why === 'role');
});
