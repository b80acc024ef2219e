import assert from 'node:assert/strict';
import { it } from 'node:test';
import { excerptOf } from '../../../web/js/searching/excerpt.js';

// With [] around what is found.
const shown = (text, ranges) => excerptOf(text, ranges).map((piece) => (piece.isFound ? `[${piece.text}]` : piece.text)).join('');

it('marks what was found, by code points', () => {
  for (const [text, ranges, expected] of [
    ['床前明月光', [[2, 4]], '床前[明月]光'],
    ['明', [[0, 1]], '[明]'],
    ['👍明月', [[1, 3]], '👍[明月]'],
    ['🎉🎉 v2.0 🎉', [[3, 7]], '🎉🎉 [v2.0] 🎉'],
    ['𠮷野家と𠮷', [[0, 1], [4, 5]], '[𠮷]野家と[𠮷]'],
    ['ab', [[0, 1], [1, 2]], '[ab]'],
    ['什么都没有', [], '什么都没有'],
    ['什么都没有', undefined, '什么都没有'],
    ['', [], ''],
  ]) assert.equal(shown(text, ranges), expected, text);
});

it('never takes apart what is one character to the eye', () => {
  assert.equal(shown('👍🏽!', [[0, 1]]), '[👍🏽]!');
  assert.equal(shown('👩‍👩‍👧‍👦好', [[2, 3]]), '[👩‍👩‍👧‍👦]好');
  assert.equal(shown('cafe\u0301 noir', [[0, 4]]), '[cafe\u0301] noir');
  const flags = '🇨🇳'.repeat(200);
  for (const { text } of excerptOf(`${flags}月${flags}`, [[400, 401]])) {
    assert.match(text, /^…?(?:🇨🇳)*…?$|^月$|^…$/u);
  }
});

it('shows the piece around the first that was found', () => {
  const long = '字'.repeat(1_000);
  assert.equal(shown(`${long}明月${long}`, [[1_000, 1_002]]), `…${'字'.repeat(20)}[明月]${'字'.repeat(68)}…`);
  assert.equal(shown(`明月${long}`, [[0, 2]]), `[明月]${'字'.repeat(88)}…`);
  assert.equal(shown(`${long}明月`, [[1_000, 1_002]]), `…${'字'.repeat(88)}[明月]`);
  assert.equal(shown(long), `${'字'.repeat(90)}…`);
});

it('leaves out nothing of 90 characters', () => {
  const whole = '😀'.repeat(89);
  assert.equal(shown(`${whole}月`, [[89, 90]]), `${whole}[月]`);
  assert.equal(shown(`😀${whole}月`, [[90, 91]]), `…${whole}[月]`);
});
