import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blocksOf } from '../../../web/js/text/markdown.js';

// A short form: text as itself, others as [kind, …].
const short = (piece) => ({
  text: () => piece.text,
  link: () => ['link', piece.href],
  code: () => ['code', piece.text],
  mention: () => ['mention', piece.nick, piece.text],
  strong: () => ['strong', ...piece.pieces.map(short)],
  em: () => ['em', ...piece.pieces.map(short)],
}[piece.kind]());
const pieces = (text, nicks) => {
  const blocks = blocksOf(text, nicks);
  assert.deepEqual(blocks.map(({ kind }) => kind), ['paragraph'], text);
  return blocks[0].pieces.map(short);
};
const shorter = (block) => ({
  paragraph: () => block.pieces.map(short),
  code: () => ['```', block.language, block.text],
  quote: () => ['>', ...block.blocks.map(shorter)],
  list: () => [block.ordered ? `${block.numbers.join()}.` : '-', ...block.items.map((item) => item.map(short))],
}[block.kind]());
const blocks = (text) => blocksOf(text).map(shorter);

const seen = (found) => found.map((piece) => piece.text ?? seen(piece.pieces)).join('');
const seenIn = (found, inCode = ({ text }) => text) => found.map((block) => ({
  paragraph: () => seen(block.pieces),
  code: () => inCode(block),
  quote: () => seenIn(block.blocks, inCode),
  list: () => block.items.map(seen).join(''),
}[block.kind]())).join('');
const withLanguages = (found) => seenIn(found, ({ language, text }) => language + text);

describe('emphasis', () => {
  it('stands beside Chinese characters and marks', () => {
    assert.deepEqual(pieces('**重点**，这是*斜体*字'), [['strong', '重点'], '，这是', ['em', '斜体'], '字']);
    assert.deepEqual(pieces('（**重**）_斜_ ***都***'), ['（', ['strong', '重'], '）', ['em', '斜'], ' ', ['strong', ['em', '都']]]);
    assert.deepEqual(pieces('**a *b* c**'), [['strong', 'a ', ['em', 'b'], ' c']]);
    assert.deepEqual(pieces('**a *b** c'), [['strong', 'a *b'], ' c']);
  });

  it('leaves alone what is none', () => {
    for (const text of ['2 * 3 * 4', '2*3*4', '**', '***', '****', '*', '_', '5*', ':-*', '* *', '** a **', 'snake_case_name', '__init__',
      '*一半', '**一半*', '_x', 'a * b', '＊全角＊', '没有', '', ' 前后空格 ', '一\n\n\n二', 'http:// *',
      '问* 好*', '*问 *好', '****都****', '`一\n二`']) {
      const found = blocksOf(text);
      assert.equal(seenIn(found), text);
      if (text !== '') assert.deepEqual(found.flatMap(shorter).map((piece) => typeof piece), ['string'], text);
    }
    assert.deepEqual(blocks('* * *'), [['* * *']]);
  });
});

describe('code', () => {
  it('is taken as it is', () => {
    assert.deepEqual(pieces('用 `**x**` 写 `a_b`'), ['用 ', ['code', '**x**'], ' 写 ', ['code', 'a_b']]);
    assert.deepEqual(pieces('`https://a.example`'), [['code', 'https://a.example']]);
    assert.deepEqual(pieces('一个 ` 不算，`` 也不算'), ['一个 ', ['code', ' 不算，'], '` 也不算']);
  });

  it('in a block of its own keeps every space', () => {
    assert.deepEqual(blocks('看：\n```python\nif x:\n\n\tprint("**")\n```\n好'),
      [['看：'], ['```', 'python', 'if x:\n\n\tprint("**")'], ['好']]);
    assert.deepEqual(blocks('```\n没有收尾'), [['```', '', '没有收尾']]);
    assert.deepEqual(blocks('```\n```'), [['```', '', '']]);
    assert.deepEqual(blocks('``` 不是\n'), [['``` 不是\n']]);
    assert.deepEqual(blocks('```\r\nx\r\n```\r\n好'), [['```', '', 'x\r'], ['好']]);
  });
});

describe('blocks', () => {
  it('are quotes and lists', () => {
    assert.deepEqual(blocks('> 一\n> 二\n三'), [['>', ['一\n二']], ['三']]);
    assert.deepEqual(blocks('- 一\n- **二**\n\n3. 三\n4) 四'), [['-', ['一'], [['strong', '二']]], ['3,4.', ['三'], ['四']]]);
    assert.deepEqual(blocks('2. A\n5. D\n5. B'), [['2,5,5.', ['A'], ['D'], ['B']]]);
    assert.deepEqual(blocks('> - 一\n>\n> > 二'), [['>', ['-', ['一']], ['>', ['二']]]]);
    assert.deepEqual(blocks('-一\n1.二\n- '), [['-一\n1.二\n- ']]);
    assert.deepEqual(blocks('1999. 年'), [['1999.', ['年']]]);
  });

  it('do not take faces for quotes', () => {
    for (const text of ['>_<', '>:(', '>一', '一\n>_<']) assert.deepEqual(blocks(text), [[text]]);
  });

  it('nest three deep and no deeper', () => {
    assert.deepEqual(blocks('>>>>> x'), [['>', ['>', ['>', ['>> x']]]]]);
  });
});

describe('links and names', () => {
  it('are links where they are addresses', () => {
    assert.deepEqual(pieces('看 https://a.example/*x*_y_，**https://b.example/**'),
      ['看 ', ['link', 'https://a.example/*x*_y'], '_，', ['strong', ['link', 'https://b.example/']]]);
    assert.deepEqual(pieces('[字](https://a.example/x)'), ['[字](', ['link', 'https://a.example/x'], ')']);
    assert.deepEqual(pieces('javascript:alert(1)'), ['javascript:alert(1)']);
  });

  it('are calls where somebody has the name', () => {
    const nicks = ['李白', '李白-2', 'Ada', 'ada lovelace', '杜甫'];
    assert.deepEqual(pieces('@李白你好', nicks), [['mention', '李白', '@李白'], '你好']);
    assert.deepEqual(pieces('@李白-2 好', nicks), [['mention', '李白-2', '@李白-2'], ' 好']);
    assert.deepEqual(pieces('问@杜甫，@ADA Lovelace @ada', nicks), ['问', ['mention', '杜甫', '@杜甫'], '，',
      ['mention', 'ada lovelace', '@ADA Lovelace'], ' ', ['mention', 'Ada', '@ada']]);
    assert.deepEqual(pieces('@adam x@ada.example @ @谁', nicks), ['@adam x@ada.example @ @谁']);
    assert.deepEqual(pieces('**@李白**', nicks), [['strong', ['mention', '李白', '@李白']]]);
  });
});

describe('whatever is written', () => {
  const letters = ['*', '**', '_', '`', '```', '\n', '> ', '- ', '1. ', '@', '李白', 'a', '1', ' ', '　', '，', '[', '](', ')',
    'https://a.example/', '<b>', '🐳', '\u202e', '\u0301'];
  let seed = 7;
  const chance = (most) => { seed = (seed * 48_271) % 2_147_483_647; return seed % most; };

  it('nothing is added, and nothing changes its order', () => {
    for (let turn = 0; turn < 3_000; turn += 1) {
      const text = Array.from({ length: chance(25) }, () => letters[chance(letters.length)]).join('');
      let at = 0;
      for (const letter of seenIn(blocksOf(text, ['李白']))) {
        at = text.indexOf(letter, at) + 1;
        assert.ok(at > 0, JSON.stringify(text));
      }
    }
  });

  it('nothing is lost but what may be a mark', () => {
    const bare = (text) => text.replace(/[*_`>\-1. \n]/g, '');
    for (let turn = 0; turn < 3_000; turn += 1) {
      const text = Array.from({ length: chance(25) }, () => letters[chance(letters.length)]).join('');
      const found = blocksOf(text, ['李白']);
      assert.equal(bare(withLanguages(found)), bare(text), JSON.stringify(text));
    }
  });

  it('plain text comes back as it was', () => {
    const plain = letters.filter((part) => !/[*_`>\-1]/.test(part));
    for (let turn = 0; turn < 1_000; turn += 1) {
      const text = Array.from({ length: 1 + chance(25) }, () => plain[chance(plain.length)]).join('');
      assert.equal(seenIn(blocksOf(text, ['李白'])), text);
    }
  });

  it('a hostile text ends', () => {
    for (const part of ['*[(', '`', '_a_*b', '> ', '@', '**a', '[', 'https://a.example/(', '- ', '```\n', '*a_b',
      ' ', '-  ', '1', '`a\n', '*a **b ***c _d ', 'https://a.example/ ']) {
      const text = part.repeat(Math.ceil(100_000 / part.length));
      assert.ok(blocksOf(text, ['李白', 'a', 'b']).length > 0, part);
    }
  });

  // So long that in quadratic time it would not end before test_unit.py's patience does.
  it('a list that never begins ends too', () => {
    const text = `-${' '.repeat(1_000_000)}`;
    assert.ok(seenIn(blocksOf(text)) === text);
  });
});
