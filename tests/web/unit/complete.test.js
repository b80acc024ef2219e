import assert from 'node:assert/strict';
import { it } from 'node:test';
import { completionsOf, mentionAt } from '../../../web/js/text/complete.js';
import { initialsBy, initialsOf } from '../../../web/js/text/pinyin.js';

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
  for (const [name, initials] of Object.entries(names)) assert.deepEqual(initialsOf(name), [initials], name);
});

it('knows the initials of the commonest surnames and of what is given to children', () => {
  for (const [letter, characters] of Object.entries({
    b: '白毕鲍卞柏贝', c: '陈程曹崔蔡常岑褚超晨', d: '邓丁董杜戴段狄东', e: '鄂娥', f: '冯方范傅樊费付芳峰',
    g: '高郭顾龚葛耿桂刚国', h: '黄何胡韩贺侯洪郝浩华红', j: '江蒋金贾姜季焦静杰军建', k: '孔康柯匡凯',
    l: '李刘林梁罗卢陆吕廖雷丽磊玲', m: '马孟毛莫苗梅明敏', n: '倪聂牛宁娜', o: '欧', p: '彭潘庞裴平萍', q: '钱秦邱齐祁强琪',
    r: '任阮饶荣然茹瑞润若', s: '孙宋苏沈石史邵施', t: '唐田谭汤陶童涛婷他它', w: '王吴魏汪武韦万文伟',
    x: '徐许谢萧夏熊薛肖轩霞欣', y: '杨叶于余袁姚阎尹易严勇艳怡', z: '张赵周朱郑钟邹子志',
  })) for (const character of characters) assert.deepEqual(initialsOf(character), [letter], character);
});

it('reads a surname as one, too', () => {
  for (const [name, initials] of Object.entries({ 曾巩: ['cg', 'zg'], 单雄信: ['dxx', 'sxx'], 小曾: ['xc'] })) {
    assert.deepEqual(initialsOf(name), initials, name);
  }
});

it('knows no initials where the browser does not sort by pinyin', () => {
  const byCodePoint = { compare: (one, other) => one.codePointAt(0) - other.codePointAt(0) };
  assert.deepEqual(initialsBy(byCodePoint)('李白Ada'), ['李白ada']);
});

it('offers the best first', () => {
  const nicks = ['杜甫', '李白', '李商隐', 'Li Bai', '小李', 'lbj', 'Ada Lovelace', '吕布'];
  assert.equal(completionsOf('李', nicks, 8).at(-1), '小李');
  assert.equal(completionsOf('李', nicks, 8).length, 3);
  assert.deepEqual(completionsOf('lb', nicks, 8).sort(), ['lbj', '吕布', '李白'].sort());
  assert.equal(completionsOf('lb', nicks, 8)[0], 'lbj');
  assert.deepEqual(completionsOf('LOVE', nicks, 8), ['Ada Lovelace']);
  assert.deepEqual(completionsOf('ｄｆ', nicks, 8), ['杜甫']);
  assert.deepEqual(completionsOf('zg', ['曾巩', '王维'], 8), ['曾巩']);
  assert.deepEqual(completionsOf('甫', nicks, 8), ['杜甫']);
  assert.deepEqual(completionsOf('zzz', nicks, 8), []);
  assert.equal(completionsOf('', nicks, 3).length, 3);
});
