import assert from 'node:assert/strict';
import { it } from 'node:test';
import { entryMeaning, frameMeaning, headerMeaning, requestMeaning } from '../../../web/js/wire/explain.js';
import { languageOf } from '../../../web/js/text/languages.js';

it('the page speaks what one chose, else what the browser prefers, else English', () => {
  assert.deepEqual(languageOf('auto', ['zh-TW', 'en']), { catalogue: 'zh', language: 'zh-CN' });
  assert.deepEqual(languageOf('auto', ['fr', 'en-GB']), { catalogue: 'en', language: 'en-GB' });
  assert.deepEqual(languageOf('auto', ['fr']), { catalogue: 'en', language: 'en' });
  assert.deepEqual(languageOf('en', ['zh-CN']), { catalogue: 'en', language: 'en' });
  assert.deepEqual(languageOf('zh', ['en-US']), { catalogue: 'zh', language: 'zh-CN' });
  assert.deepEqual(languageOf('constructor', ['zh']), { catalogue: 'zh', language: 'zh-CN' });
});

it('each frame, request and answer has its sentence', () => {
  assert.equal(frameMeaning({ way: 'up', opcode: 1, length: 5 }).key, 'wire.text_up');
  assert.equal(frameMeaning({ way: 'down', opcode: 9, length: 0 }).key, 'wire.ping_down');
  assert.equal(frameMeaning({ way: 'down', opcode: 7, length: 0 }).key, 'wire.other');
  const request = (line, status = 200) => requestMeaning({ line, status, received: 1, sent: 2, waited: 3 }).key;
  assert.equal(request('GET /socket.io/?EIO=4&transport=polling HTTP/1.1'), 'wire.get_first');
  assert.equal(request('GET /socket.io/?EIO=4&transport=polling&sid=… HTTP/1.1'), 'wire.get');
  assert.equal(request('POST /socket.io/?EIO=4&transport=polling&sid=… HTTP/1.1'), 'wire.post');
  assert.equal(request('GET /socket.io/?EIO=4&transport=polling&sid=… HTTP/1.1', 400), 'wire.refused');
  const entry = (path, status = 200) => entryMeaning({
    name: `http://a.example/api/v1/${path}`, duration: 3.4, encodedBodySize: 9, responseStatus: status });
  assert.equal(entry('guests').key, 'wire.guests');
  assert.equal(entry('rooms').key, 'wire.rooms');
  assert.deepEqual(entry('rooms/x/events?since=7&epoch=e').values, { waited: 3, sent: 9, status: 200, after: '7' });
  assert.equal(entry('rooms/x/events?since=7&epoch=e').key, 'wire.asked');
  assert.equal(entry('rooms/x/events?since=7&epoch=e&wait=25').key, 'wire.held');
  assert.equal(entry('rooms/x/events?limit=1').key, 'wire.page');
  assert.equal(entry('rooms/x/messages?before=7&limit=50').key, 'wire.page');
  assert.equal(entry('rooms/x/messages', 429).key, 'wire.refused');
});

it('headers that make a WebSocket are explained, others are not', () => {
  assert.equal(headerMeaning('Sec-WebSocket-Key', 'x'), 'wire.h_key');
  assert.equal(headerMeaning('Connection', 'Upgrade'), 'wire.h_connection');
  assert.equal(headerMeaning('Connection', 'keep-alive'), null);
  assert.equal(headerMeaning('User-Agent', 'x'), null);
});
