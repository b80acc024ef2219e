import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import { isOnlyEmoji } from '../../../web/js/text/emoji.js';
import { isLong } from '../../../web/js/text/long.js';

const are = (texts, expected) => {
  for (const text of texts) assert.equal(isOnlyEmoji(text), expected, `${text} ${JSON.stringify(text)}`);
};

it('shows a few emoji large when they are alone', () => are([
  '😀', ' 😀 😀\n', '😀'.repeat(6), '👍🏽', '☝🏽', '❤️', '✌️', '©️', '1️⃣', '*️⃣', '🇨🇳', '🇨🇳🇯🇵', '👨‍👩‍👧‍👦'.repeat(6), '👩‍❤️‍💋‍👨', '🧑🏻‍❤️‍🧑🏿',
  '🫱🏻‍🫲🏿', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '⛹🏿‍♀️', '🐻‍❄️', '🏳️‍🌈', '❤‍🔥',
], true));

it('takes for one whatever the picker offers, and all that are joined', () => {
  const every = Object.values(JSON.parse(readFileSync(new URL('../../../web/emoji.json', import.meta.url)))).flat();
  are(every.map(({ emoji }) => emoji), true);
  are(every.map(({ emoji }) => emoji.repeat(7)), false);
});

it('leaves the size of all others', () => are([
  '', '  ', '1', '12', '#', '*', '©', '™', '❤', '✌', '☺', '♂', '㊗', '🇨', '🇨🇳🇯', '😀a', '好😀', '😀。', '😀'.repeat(7), '😀1',
  '\u200d', '\ufe0f', '👍🏽 好',
], false));

it('folds what is more than a screen of a phone', () => {
  for (const [text, folded] of [
    ['字'.repeat(400), false], ['字'.repeat(401), true], ['x'.repeat(800), false], ['x'.repeat(801), true],
    ['行\n'.repeat(19), false], ['行\n'.repeat(20), true], [`${'字'.repeat(201)}\n${'\n'.repeat(8)}`, false],
    [`${'字'.repeat(201)}\n${'\n'.repeat(9)}`, true], ['', false],
  ]) assert.equal(isLong(text), folded, `${text.length} characters`);
});
