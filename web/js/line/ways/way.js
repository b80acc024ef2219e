// One connection to the server, whatever carries it. Commands go in by `send`; what comes out:
//   onopen()              the server has said who one is
//   onheard()             something came, whatever it means
//   onmessage(event)      an event, as docs/protocol.md has it
//   onclose({ code, reason })  it is over, by the codes that closing.js knows
// Each way greets the server in its own manner, with what `greeting()` says at that moment: `nick`, `room` and the
// position `since` and `epoch`. It answers with `welcome` and `joined`.
const nothing = () => {};

const MINUTE = 60_000;

// What is asked, and answered by an event of the same name.
const LOOKING_BACK = ['history', 'unread'];

// Bytes as UTF-8, of frames' texts and of bodies: what is sent around them, no page can see.
class Spent {
  requests = 0;
  frames = 0;
  bytes = 0;

  add({ requests, frames, bytes }) {
    this.requests += requests;
    this.frames += frames;
    this.bytes += bytes;
  }
}

// What a way has cost since the page was opened, over all its connections; what it takes to come in stands apart, and so
// do looking back and telling up to where one has read.
export class Cost {
  messages = 0;
  entering = new Spent();
  talking = new Spent();
  looking = new Spent();
  #answeredAt = [];

  answered(spent, now) {
    spent.requests += 1;
    this.#answeredAt.push(now);
    this.lastMinute(now);
  }

  // How many requests there were in the minute before `now`.
  lastMinute(now) {
    this.#answeredAt = this.#answeredAt.filter((at) => now - at < MINUTE);
    return this.#answeredAt.length;
  }
}

export class Way {
  onopen = nothing;
  onheard = nothing;
  onmessage = nothing;
  onclose = nothing;
  // After so many ms without a word, it is asked whether the server is still there.
  silence = 25_000;
  // Whether the room is complete on the page.
  entered = false;
  // Whether one waits for what was said long ago.
  #looksBack = false;
  // Whether it is on its way up to where one has read.
  #marks = false;

  constructor(greeting, cost) {
    this.greeting = greeting;
    this.cost = cost;
  }

  // Nothing more is told.
  mute() {
    this.tell = this.onopen = this.onheard = this.onmessage = this.onclose = nothing;
  }

  // Of a command that is to be sent.
  asks({ type }) {
    if (LOOKING_BACK.includes(type)) this.#looksBack = true;
    if (type === 'read') this.#marks = true;
  }

  // What was asked has gone out.
  sent() {
    this.#marks = false;
  }

  get spent() {
    if (!this.entered) return this.cost.entering;
    return this.#looksBack || this.#marks ? this.cost.looking : this.cost.talking;
  }

  // A request counts with its answer: the one that is held belongs to what it will bring.
  answered() {
    this.cost.answered(this.spent, Date.now());
  }

  carried(text) {
    this.spent.bytes += new TextEncoder().encode(text).length;
  }

  tell(event) {
    if (event.type === 'said' && !event.again) this.cost.messages += 1;
    if (event.type === 'error' || LOOKING_BACK.includes(event.type)) this.#looksBack = false;
    this.onmessage(event);
  }
}
