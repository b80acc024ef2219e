import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import { Lookout } from '../../../web/js/line/lookout.js';

let told;
let way;
let choice;

// What the browser tells is of no matter here.
globalThis.addEventListener = () => {};
globalThis.document = { addEventListener() {} };

beforeEach(({ mock }) => {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  told = [];
  way = { send: ({ type }) => told.push(type), close: () => told.push('close') };
  choice = { isSecondBest: true, isBlocked: false, tryFirst: () => way, goBack: () => told.push('back') };
  new Lookout(choice, { state: 'open', changeTo: () => told.push('change') }).look();
});

const answers = () => {
  way.onopen();
  way.onmessage({ type: 'pong' });
};

it('goes back to what has answered and is still open a moment later', ({ mock }) => {
  answers();
  mock.timers.tick(2_999);
  assert.deepEqual(told, ['ping']);
  mock.timers.tick(1);
  assert.deepEqual(told, ['ping', 'back', 'change']);
});

const isBlocked = () => {
  assert.deepEqual(told.filter((each) => each !== 'ping'), ['close']);
  assert.equal(choice.isBlocked, true);
};

it('takes for blocked what does not open', ({ mock }) => {
  mock.timers.tick(4_999);
  assert.deepEqual(told, []);
  mock.timers.tick(1);
  isBlocked();
});

it('takes for blocked what opens and does not answer', ({ mock }) => {
  way.onopen();
  mock.timers.tick(5_000);
  isBlocked();
});

it('takes for blocked what is cut in that moment', () => {
  answers();
  way.onclose();
  isBlocked();
});
