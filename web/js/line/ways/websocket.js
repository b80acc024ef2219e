// The chat over a WebSocket at /ws: each command and each event is a frame. One that `waits` is open and answers, but enters
// the room only when it is told to.
import { socketOf } from '../../state/place.js';
import { Way } from './way.js';

export class WebSocketWay extends Way {
  handshake = null;
  #socket;
  #waits;
  #welcome = null;
  #tap;

  // With a `tap` that is open, the server tells of each frame.
  constructor(greeting, cost, { waits = false, tap = null } = {}) {
    super(greeting, cost);
    this.#waits = waits;
    this.#tap = tap?.isOpen ? tap : null;
    this.#socket = new WebSocket(socketOf(location, this.isTapped));
    this.#socket.onmessage = ({ data }) => this.#received(data);
    this.#socket.onclose = (event) => this.onclose(event);
    this.#socket.onopen = () => this.answered();
  }

  get isTapped() {
    return this.#tap !== null;
  }

  send(command) {
    this.asks(command);
    const text = JSON.stringify(command);
    this.#framed(text);
    this.sent();
    this.#socket.send(text);
  }

  // close() on a dead network waits for an answer that will never come, so nobody listens to it any more.
  close() {
    this.mute();
    this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
  }

  #framed(text) {
    this.spent.frames += 1;
    this.carried(text);
  }

  #received(data) {
    const event = JSON.parse(data);
    this.onheard();
    // It only describes, and is not described itself.
    if (event.type === 'wire') {
      this.#tap?.frame(event);
      return;
    }
    this.#framed(data);
    if (event.type !== 'welcome') this.tell(event);
    else if (this.#welcome) this.#opened(event);
    else this.#greet(event);
  }

  // The first welcome knows the cookie's guest; the second answers our hello.
  #greet(welcome) {
    this.#welcome = welcome;
    this.handshake = welcome.handshake ?? null;
    this.send({ type: 'hello', nick: this.greeting().nick, ref: 'hello' });
  }

  #opened(welcome) {
    this.#welcome = welcome;
    this.onopen();
    if (!this.#waits) this.enter();
  }

  enter() {
    this.tell(this.#welcome);
    const { room, since, epoch } = this.greeting();
    // First, so that it is known where the unread begins when the messages come.
    this.send({ type: 'unread' });
    this.send({ type: 'join', room, since, epoch, ref: 'join' });
  }
}
