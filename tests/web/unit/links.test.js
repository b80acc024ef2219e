import assert from 'node:assert/strict';
import { it } from 'node:test';
import { linksOf } from '../../../web/js/text/links.js';

const found = (text) => {
  const links = linksOf(text);
  for (const { index, text: address } of links) assert.ok(text.startsWith(address, index), text);
  return links.map(({ text: address }) => address);
};
const finds = (cases) => {
  for (const [text, links] of Object.entries(cases)) assert.deepEqual(found(text), links, text);
};

it('finds addresses, and nothing else', () => finds({
  '没有链接': [],
  'https://a.example, https://b.example!': ['https://a.example', 'https://b.example'],
  'HTTPS://A.EXAMPLE/': ['HTTPS://A.EXAMPLE/'],
  'www.a.example a.example mailto:a@b.example': [],
  'https:// http://[': [],
  '看https://a.example/静夜思': ['https://a.example/静夜思'],
}));

it('ends one where Chinese punctuation begins', () => finds({
  '看 https://a.example/静夜思，很好': ['https://a.example/静夜思'],
  '看（https://a.example/?q=月）吧': ['https://a.example/?q=月'],
  '「http://a.example」': ['http://a.example'],
  'https://a.example/a。b': ['https://a.example/a'],
  'https://a.example/a、https://b.example': ['https://a.example/a', 'https://b.example'],
  '“https://a.example/a”‘https://b.example’': ['https://a.example/a', 'https://b.example'],
  '【https://a.example/a】《https://b.example/b》': ['https://a.example/a', 'https://b.example/b'],
  'https://a.example/a？好！': ['https://a.example/a'],
}));

it('leaves to the sentence the punctuation and the brackets that are its own', () => finds({
  '(https://a.example/x_(y)).': ['https://a.example/x_(y)'],
  'https://a.example/<b>': ['https://a.example/'],
  '[字](https://a.example/x)': ['https://a.example/x'],
}));

it('takes hosts in every script', () => finds({
  'https://例子.测试/路径，': ['https://例子.测试/路径'],
  'https://münchen.example/': ['https://münchen.example/'],
  'http://192.168.1.5:3000/r/大厅': ['http://192.168.1.5:3000/r/大厅'],
}));

it('takes no address that runs a script, or shows another host than it opens', () => finds({
  'javascript:alert(1) data:text/html,x ftp://a.example': [],
  'javascript://https://a.example': ['https://a.example'],
  'https://bank.example@evil.example/': [],
  'https://a.example/\u202egpj.exe': ['https://a.example/'],
  'https://a.example/\u200bx': ['https://a.example/'],
}));

it('comes to an end with the longest', () => {
  const longest = `https://a.example/${'a'.repeat(50_000)}`;
  assert.deepEqual(found(`${longest}${')'.repeat(3_000)}`), [longest]);
});
