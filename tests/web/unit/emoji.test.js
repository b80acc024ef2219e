import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { nameOf, sought, withRecent } from '../../../web/js/state/emoji.js';

const file = readFileSync(new URL('../../../web/emoji.json', import.meta.url));
const groups = JSON.parse(file);
const every = Object.values(groups).flat();
const find = (query) => sought(every, query).map(({ emoji }) => emoji);
const double = (list) => list.filter((one, place) => list.indexOf(one) !== place);

test('each is an emoji as Unicode recommends it, with its variation selector where it needs one', () => {
  assert.deepEqual(every.map(({ emoji }) => emoji).filter((emoji) => !/^\p{RGI_Emoji}$/v.test(emoji)), []);
});

test('none is there twice, and no two have the same name', () => {
  assert.deepEqual(double(every.map(({ emoji }) => emoji)), []);
  for (const language of ['zh', 'en']) assert.deepEqual(double(every.map((entry) => nameOf(entry, language))), []);
});

test('all have words in both languages, of which none is empty', () => {
  for (const { emoji, zh, en, ...other } of every) {
    assert.match(zh, /^[^\s、，,]+(、[^\s、，,]+)*$/, emoji);
    assert.match(en, /^[\w' -]+(, [\w' -]+)*$/, emoji);
    assert.deepEqual(other, {});
  }
});

test('they are enough, and not too many to be loaded at once', () => {
  assert.ok(every.length >= 300);
  assert.ok(file.length < 40_000);
});

test('a name is in the language of the reader, and in English for all others', () => {
  const entry = { emoji: '👍', zh: '赞、好', en: 'thumbs up, yes' };
  assert.deepEqual(['zh-CN', 'en-GB', 'fr'].map((language) => nameOf(entry, language)), ['赞', 'thumbs up', 'thumbs up']);
});

test('they are found in Chinese and in English, whichever one reads', () => {
  for (const [query, emoji] of [
    ['笑哭', '😂'], ['熊猫', '🐼'], ['月饼', '🥮'], ['panda', '🐼'], ['Thumbs  Up', '👍'], ['ｐａｎｄａ', '🐼'], [' 红包 ', '🧧'],
    ['up thumbs', '👍'], ['🐼', '🐼'],
  ]) assert.equal(find(query)[0], emoji, query);
});

test('what fits best comes first', () => {
  assert.equal(find('火')[0], '🔥');
  assert.ok(find('火').includes('🍲'));
  assert.equal(find('cat').at(0), '🐱');
  assert.equal(find('star')[0], '⭐');
  assert.ok(find('star').includes('🤩'));
});

test('an English word is found from its beginning, a Chinese one from anywhere within', () => {
  assert.ok(!find('love').includes('🍀'));
  assert.ok(find('clover').includes('🍀'));
  assert.ok(find('叶草').includes('🍀'));
});

test('several words must all fit', () => {
  assert.deepEqual(find('thumbs'), ['👍', '👎']);
  assert.deepEqual(find('thumbs down'), ['👎']);
  assert.deepEqual(find('thumbs panda'), []);
});

test('of the last chosen the newest comes first, each once, and no more than two rows', () => {
  assert.deepEqual(withRecent([], 'a'), ['a']);
  assert.deepEqual(withRecent(['a', 'b', 'c'], 'b'), ['b', 'a', 'c']);
  const many = [...'abcdefghijklmn'];
  assert.deepEqual(withRecent(many, 'z'), ['z', ...many.slice(0, 13)]);
});
