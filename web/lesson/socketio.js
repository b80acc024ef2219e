// The tutorial's chat room, which also shows what its events are and what carries them.
import { byId, element } from '/js/view/element.js';
import { isBlank } from '/js/text/text.js';
import { loadWords } from '/js/view/words.js';
import { add, row } from './record.js';

// Milliseconds until an acknowledgement is no longer waited for.
const PATIENCE = 10_000;

const REASONS = {
  'io client disconnect': 'reason.client_disconnect',
  'io server disconnect': 'reason.server_disconnect',
  'ping timeout': 'reason.ping_timeout',
  'transport close': 'reason.transport_close',
  'transport error': 'reason.transport_error',
};

const words = await loadWords('auto', '/lesson/locales');
const [state, route, connection, text, receipt] = ['state', 'route', 'connection', 'text', 'receipt'].map(byId);
// Who one is, and what one has seen: after a lost connection the server goes on from there.
const seen = {};
let me;

document.documentElement.lang = words.language;
words.fill(document);

function record(way, name, values) {
  const json = JSON.stringify(values, (key, value) => (key === 'token' ? '…' : value)).slice(1, -1);
  add(byId('events'), row(words.say(way), name, json));
}

function say(key, values) {
  state.textContent = words.say(key, values);
}

function start() {
  const socket = io({ auth: (tell) => tell(seen) });

  function draw() {
    connection.hidden = false;
    connection.textContent = words.say(socket.active ? 'connection.close' : 'connection.open');
  }

  socket.io.on('open', () => {
    const { engine } = socket.io;
    route.textContent = engine.transport.name;
    engine.on('upgrade', ({ name }) => { route.textContent += ` → ${name}`; });
  });

  socket.onAny((name, ...values) => record('way.in', name, values));
  socket.onAnyOutgoing((name, ...values) => record('way.out', name, values));

  socket.on('welcome', ({ user, nick, token }) => {
    me = user;
    seen.token = token;
    say('socketio.open', { nick });
  });

  socket.on('joined', ({ epoch, seq, recovered }) => {
    seen.epoch = epoch;
    if (!recovered) seen.since = seq;
  });

  socket.on('chat message', (said, { user, nick, seq }) => {
    seen.since = seq;
    const mine = user === me;
    const who = element('span', 'who', mine ? words.say('message.mine') : nick);
    const what = element('span', 'what', said);
    for (const part of [who, what]) part.dir = 'auto';
    add(byId('messages'), element('li', mine ? 'mine' : '', who, ' ', what));
  });

  socket.on('disconnect', (reason) => {
    route.textContent = '–';
    const meaning = reason in REASONS ? words.say(REASONS[reason]) : '';
    say(socket.active ? 'socketio.lost' : 'socketio.closed', { meaning, reason });
    draw();
  });

  socket.on('connect_error', ({ message }) => {
    say(socket.active ? 'socketio.trying' : 'socketio.refused', { message });
    draw();
  });

  socket.on('connect', draw);

  byId('composer').addEventListener('submit', (event) => {
    event.preventDefault();
    const said = text.value;
    if (isBlank(said)) return;
    if (!socket.connected) {
      receipt.textContent = words.say('receipt.not_connected');
      return;
    }
    text.value = '';
    receipt.textContent = words.say('receipt.waiting');
    socket.timeout(PATIENCE).emit('chat message', said, (missing, answer) => {
      if (answer) record('way.in', words.say('receipt.name'), [answer]);
      if (answer?.ok) {
        receipt.textContent = words.say('receipt.stored', answer);
        return;
      }
      receipt.textContent = missing ? words.say('receipt.missing') : words.say('receipt.refused', answer.error);
      text.value ||= said;
    });
  });

  connection.addEventListener('click', () => {
    if (socket.active) socket.disconnect();
    else {
      say('socketio.connecting');
      socket.connect();
    }
    draw();
  });

  say('socketio.connecting');
  draw();
}

if ('io' in window) start();
else {
  say('socketio.no_client');
  byId('composer').hidden = true;
}
