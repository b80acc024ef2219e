import assert from 'node:assert/strict';
import { it } from 'node:test';
import { opensOnlyHere, pathOf, readable, roomOf, seqOf, socketOf, withoutPlace } from '../../../web/js/state/place.js';

it('is a room', () => {
  for (const [path, room] of [
    ['/', 'lobby'], ['/r/%E5%A4%A7%E5%8E%85', '大厅'], ['/r/大厅', '大厅'], ['/r/a%20b/@12', 'a b'], ['/r/%ff', '%ff'], ['/r/', 'lobby'],
    ['/other', 'lobby'],
  ]) assert.equal(roomOf(path), room, path);
});

it('may be a place in it', () => {
  for (const [path, seq] of [
    ['/', null], ['/r/a', null], ['/r/a/@12', 12], ['/r/a/@0', 0], ['/r/%E5%A4%A7/@1', 1], ['/r/@3', null], ['/r/a/@', null],
    ['/r/a/@1/', null], ['/@1', null],
  ]) assert.equal(seqOf(path), seq, path);
  assert.equal(pathOf('大 厅', 12), '/r/%E5%A4%A7%20%E5%8E%85/@12');
  assert.equal(withoutPlace('http://a.example/r/b/@12?from=x#y'), 'http://a.example/r/b');
  assert.equal(withoutPlace('http://a.example/r/b/@12'), 'http://a.example/r/b');
});

it('has a socket', () => {
  assert.equal(socketOf(new URL('http://192.168.1.5:3000/r/x?y#z')), 'ws://192.168.1.5:3000/ws');
  assert.equal(socketOf(new URL('https://chat.example/')), 'wss://chat.example/ws');
});

it('is readable where it is handed on, and still the same', () => {
  for (const [address, said] of [
    ['http://a.example/r/%E9%9D%99%E5%A4%9C%E6%80%9D', 'http://a.example/r/静夜思'],
    ['http://a.example/r/a%20b', 'http://a.example/r/a%20b'],
    ['http://a.example/r/%2541%2F%23', 'http://a.example/r/%2541%2F%23'],
    ['http://a.example/r/%E6%9C%88%EF%BC%8C%E4%BD%A0', 'http://a.example/r/月%EF%BC%8C你'],
    ['http://a.example/r/%E3%80%80%E2%80%AEx', 'http://a.example/r/%E3%80%80%E2%80%AEx'],
    ['http://a.example/r/%ff%E6', 'http://a.example/r/%ff%E6'],
  ]) {
    assert.equal(readable(address), said);
    assert.equal(new URL(said).href, address);
  }
});

it('may open on this computer only', () => {
  for (const [host, isSo] of [
    ['localhost:8080', true], ['127.0.0.1', true], ['[::1]:80', true], ['192.168.1.5', false], ['localhost.example', false],
  ]) assert.equal(opensOnlyHere(new URL(`http://${host}`)), isSo, host);
});
