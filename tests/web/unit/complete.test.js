import assert from 'node:assert/strict';
import { it } from 'node:test';
import { completionsOf, mentionAt } from '../../../web/js/text/complete.js';
import { initialsOf } from '../../../web/js/text/pinyin.js';

it('knows where a name is being typed', () => {
  for (const [text, found] of [
    ['@', { from: 0, typed: '' }], ['@李', { from: 0, typed: '李' }], ['问@杜', { from: 1, typed: '杜' }], ['a @b', { from: 2, typed: 'b' }],
    ['（@李', { from: 1, typed: '李' }], ['a@b', null], ['1@b', null], ['a.@b', null], ['没有', null], ['@李白 好', null],
    [`@${'x'.repeat(33)}`, null],
  ]) assert.deepEqual(mentionAt(text, text.length), found, text);
  assert.deepEqual(mentionAt('@李白你好', 2), { from: 0, typed: '李' });
});

it('knows the initials of pinyin', () => {
  const names = {
    李白: 'lb', 杜甫: 'df', 王维: 'ww', 孟浩然: 'mhr', 苏轼: 'ss', 欧阳修: 'oyx', 白居易: 'bjy', 陈子昂: 'cza', 高适: 'gs',
    张三: 'zs', 赵四: 'zs', 钱多: 'qd', 孙悟空: 'swk', 周杰: 'zj', 吴用: 'wy', 郑和: 'zh', 冯唐: 'ft', 蒋文: 'jw', 沈括: 'sk', 韩愈: 'hy',
    杨过: 'yg', 朱熹: 'zx', 秦观: 'qg', 许仙: 'xx', 何其: 'hq', 吕布: 'lb', 曹操: 'cc', 徐志摩: 'xzm', 唐寅: 'ty', 邓: 'd', 彭: 'p',
    范仲淹: 'fzy', 蔡: 'c', 夏: 'x', 阿: 'a', 额: 'e', 爱: 'a', 李白2: 'lb2', Ada李: 'adal',
  };
  for (const [name, initials] of Object.entries(names)) assert.equal(initialsOf(name), initials, name);
});

it('offers the best first', () => {
  const nicks = ['杜甫', '李白', '李商隐', 'Li Bai', '小李', 'lbj', 'Ada Lovelace', '吕布'];
  assert.equal(completionsOf('李', nicks, 8).at(-1), '小李');
  assert.equal(completionsOf('李', nicks, 8).length, 3);
  assert.deepEqual(completionsOf('lb', nicks, 8).sort(), ['lbj', '吕布', '李白'].sort());
  assert.equal(completionsOf('lb', nicks, 8)[0], 'lbj');
  assert.deepEqual(completionsOf('LOVE', nicks, 8), ['Ada Lovelace']);
  assert.deepEqual(completionsOf('ｄｆ', nicks, 8), ['杜甫']);
  assert.deepEqual(completionsOf('zzz', nicks, 8), []);
  assert.equal(completionsOf('', nicks, 3).length, 3);
});
