// What a frame or a request means, as the key of a sentence and what fills its gaps.

// RFC 6455, 5.2: the opcodes that a chat meets.
const FRAMES = {
  0: { up: 'wire.rest_up', down: 'wire.rest_down' },
  1: { up: 'wire.text_up', down: 'wire.text_down' },
  9: { up: 'wire.ping_up', down: 'wire.ping_down' },
  10: { up: 'wire.pong_up', down: 'wire.pong_down' },
};
export const OPCODES = { 0: '…', 1: 'TEXT', 2: 'BINARY', 8: 'CLOSE', 9: 'PING', 10: 'PONG' };

// `frame` is the server's `wire` event.
export function frameMeaning({ way, opcode, length }) {
  return { key: FRAMES[opcode]?.[way] ?? 'wire.other', values: { length } };
}

// `request` is one of the server's record of a polling session: its line, bytes each way, and ms until the answer.
export function requestMeaning({ line, received, sent, waited, status }) {
  const values = { received, sent, waited, status };
  if (status >= 400) return { key: 'wire.refused', values };
  if (line.startsWith('POST')) return { key: 'wire.post', values };
  if (line.startsWith('GET') && line.includes('sid=')) return { key: 'wire.get', values };
  return { key: 'wire.get_first', values };
}

// `entry` is the browser's own: the address asked for, how long it took, and the size of the answer.
export function entryMeaning({ name, duration, encodedBodySize: sent, responseStatus: status }) {
  const { pathname, searchParams } = new URL(name);
  const values = { waited: Math.round(duration), sent, status, after: searchParams.get('since') };
  if (status === 0) return { key: 'wire.cut', values };
  if (status >= 400) return { key: 'wire.refused', values };
  if (/\/(guests|membership)$/.test(pathname)) return { key: 'wire.guests', values };
  if (pathname.endsWith('/rooms')) return { key: 'wire.rooms', values };
  if (searchParams.has('wait')) return { key: 'wire.held', values };
  if (searchParams.has('since')) return { key: 'wire.asked', values };
  if (searchParams.has('limit')) return { key: 'wire.page', values };
  return { key: 'wire.said', values };
}

// What a line of the handshake is there for; most headers say nothing about it.
const HEADERS = {
  upgrade: 'wire.h_upgrade',
  connection: 'wire.h_connection',
  'sec-websocket-key': 'wire.h_key',
  'sec-websocket-accept': 'wire.h_accept',
  'sec-websocket-version': 'wire.h_version',
  'sec-websocket-extensions': 'wire.h_extensions',
  origin: 'wire.h_origin',
  cookie: 'wire.h_cookie',
  authorization: 'wire.h_cookie',
  'content-length': 'wire.h_length',
  'content-type': 'wire.h_type',
};

// A connection that is merely kept open is not told to be used otherwise.
export function headerMeaning(name, value) {
  const known = name.toLowerCase();
  if (known === 'connection' && !/upgrade/i.test(value)) return null;
  return HEADERS[known] ?? null;
}

export const statusMeaning = (line) => {
  if (line.includes(' 101 ')) return 'wire.h_switching';
  return line.includes(' 200 ') ? 'wire.h_fine' : null;
};
