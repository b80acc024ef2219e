import assert from 'node:assert/strict';
import { beforeEach, it } from 'node:test';
import { Choice } from '../../../web/js/line/choice.js';

// The browser's, whose values are texts.
class Storage {
  #kept = new Map();

  getItem(key) {
    return this.#kept.get(key) ?? null;
  }

  setItem(key, value) {
    this.#kept.set(key, String(value));
  }
}

let choice;

const begun = () => new Choice(() => ({ nick: '李白', room: 'lobby' }));

const fails = (times, silent = false) => Array.from({ length: times }, () => {
  choice.failed({ silent });
  return choice.name;
});

beforeEach(() => {
  // Node.js has one too, which keeps nothing and warns.
  Object.defineProperty(globalThis, 'localStorage', { value: new Storage(), configurable: true });
  choice = begun();
});

it('tries held requests after two failures, and the first again when they fail too', () => {
  assert.equal(choice.name, 'websocket');
  assert.deepEqual(fails(5), ['websocket', 'held', 'websocket', 'websocket', 'held']);
});

it('takes one failure without any answer for enough', () => {
  assert.deepEqual(fails(1, true), ['held']);
});

it('forgives by one success', () => {
  fails(1);
  choice.lasted();
  assert.deepEqual(fails(1), ['websocket']);
  assert.equal(choice.isSecondBest, false);
});

it('counts what a WebSocket on trial has cost only once it carries the chat', () => {
  globalThis.location = { protocol: 'http:', host: 'a.example' };
  globalThis.WebSocket = class { close() {} };
  const way = choice.tryFirst();
  way.answered();
  assert.equal(choice.costs.websocket.entering.requests, 0);
  choice.goBack(way);
  way.carried('12345');
  assert.deepEqual({ ...choice.costs.websocket.entering }, { requests: 1, frames: 0, bytes: 5 });
});

it('tries for ever the held requests that carried the chat', () => {
  fails(2);
  choice.opened();
  assert.deepEqual([...fails(4), choice.shown], Array(5).fill('held'));
});

it('shows what carried the chat until another does', () => {
  const shows = (name, shown) => assert.deepEqual([choice.name, choice.shown], [name, shown]);
  choice.opened();
  fails(2);
  shows('held', 'websocket');
  choice.opened();
  shows('held', 'held');
  choice.choose('asking');
  choice.choose('auto');
  shows('websocket', 'websocket');
});

it('tries for ever what was chosen, and remembers it', () => {
  for (const name of ['websocket', 'held', 'asking']) {
    choice.choose(name);
    assert.deepEqual(fails(3, true), Array(3).fill(name));
    const later = begun();
    assert.deepEqual([later.wish, later.name, later.isSecondBest], [name, name, false]);
  }
  choice.choose('auto');
  const later = begun();
  assert.deepEqual([later.wish, later.name, later.isSecondBest], ['auto', 'websocket', false]);
});

it('remembers nothing that is no way', () => {
  localStorage.setItem('way', 'constructor');
  assert.equal(begun().wish, 'auto');
});

it('goes on by held requests when it is left to the page', () => {
  choice.choose('held');
  choice.choose('auto');
  assert.deepEqual([choice.name, choice.isSecondBest], ['held', true]);
});
