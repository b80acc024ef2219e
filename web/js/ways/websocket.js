// The chat over a WebSocket at /ws: each command and each event is a frame.
import { socketOf } from '../place.js';
import { Way } from './way.js';

export class WebSocketWay extends Way {
  #socket;
  #welcomed = false;

  constructor(greeting, cost) {
    super(greeting, cost);
    this.#socket = new WebSocket(socketOf(location));
    this.#socket.onmessage = ({ data }) => this.#received(data);
    this.#socket.onclose = (event) => this.onclose(event);
    cost.requests += 1;
  }

  send(command) {
    this.cost.frames += 1;
    this.#socket.send(JSON.stringify(command));
  }

  // close() on a dead network waits for an answer that will never come, so nobody listens to it any more.
  close() {
    this.mute();
    this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
  }

  #received(data) {
    this.cost.frames += 1;
    this.onheard();
    const event = JSON.parse(data);
    if (event.type !== 'welcome') this.tell(event);
    else if (this.#welcomed) this.#enter(event);
    else this.#greet();
  }

  // The first welcome knows the cookie's guest; the second answers our hello.
  #greet() {
    this.#welcomed = true;
    this.send({ type: 'hello', nick: this.greeting().nick, ref: 'hello' });
  }

  #enter(welcome) {
    this.onopen();
    this.tell(welcome);
    const { room, since, epoch } = this.greeting();
    this.send({ type: 'join', room, since, epoch, ref: 'join' });
  }
}
