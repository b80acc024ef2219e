// The tutorial's first page, which shows what the tutorial leaves in the console.
import { byId } from '/js/view/element.js';
import { loadWords } from '/js/view/words.js';
import { add, row } from './record.js';

const MY_LINE = '床前明月光，原来是惠康;';
const MEANINGS = {
  1000: 'closed.done',
  1001: 'closed.away',
  1006: 'closed.broken',
  1009: 'closed.too_big',
};

const words = await loadWords('auto', '/lesson/locales');
const address = `${location.protocol.replace('http', 'ws')}//${location.host}/`;
const [state, connection, text, receipt] = ['state', 'connection', 'text', 'receipt'].map(byId);
let ws;

document.documentElement.lang = words.language;
words.fill(document);
// It may break before the address, and within it nowhere but where it is too long for a line.
byId('address').append('new WebSocket(', document.createElement('wbr'), `'${address}')`);
text.value = MY_LINE;

function show(way, data) {
  add(byId('frames'), row(words.say(way), data, new TextEncoder().encode(data).length));
}

function send(data) {
  ws.send(data);
  show('way.out', data);
}

function connect() {
  ws = new WebSocket(address);
  state.textContent = words.say('websocket.connecting');
  connection.textContent = words.say('connection.close');

  ws.addEventListener('open', () => {
    state.textContent = words.say('websocket.open');
    receipt.textContent = '';
    send(MY_LINE);
  });

  ws.addEventListener('message', ({ data }) => show('way.in', data));

  ws.addEventListener('close', ({ code }) => {
    const meaning = code in MEANINGS ? words.say(MEANINGS[code]) : '';
    state.textContent = words.say('websocket.closed', { code, meaning });
    connection.textContent = words.say('connection.open');
  });
}

byId('composer').addEventListener('submit', (event) => {
  event.preventDefault();
  const open = ws.readyState === WebSocket.OPEN;
  receipt.textContent = open ? '' : words.say('receipt.not_connected');
  if (!open) return;
  send(text.value);
  text.value = '';
});

connection.addEventListener('click', () => {
  if (ws.readyState === WebSocket.CLOSED) connect();
  else ws.close();
});

connect();
