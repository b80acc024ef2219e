// One connection to the server, whatever carries it. Commands go in by `send`; what comes out:
//   onopen()              the server has said who one is
//   onheard()             something came, whatever it means
//   onmessage(event)      an event, as docs/protocol.md has it
//   onclose({ code, reason })  it is over, by the codes that closing.js knows
// Each way greets the server in its own manner, with what `greeting()` says at that moment: `nick`, `room`, the position
// `since` and `epoch`, and `newest`, the last message that is known. It answers with `welcome` and `joined`.
const nothing = () => {};

// What a way has cost since the page was opened, over all its connections.
export class Cost {
  requests = 0;
  frames = 0;
  messages = 0;
}

export class Way {
  onopen = nothing;
  onheard = nothing;
  onmessage = nothing;
  onclose = nothing;
  // After so many ms without a word, it is asked whether the server is still there.
  silence = 25_000;

  constructor(greeting, cost) {
    this.greeting = greeting;
    this.cost = cost;
  }

  // Nothing more is told.
  mute() {
    this.tell = this.onopen = this.onheard = this.onmessage = this.onclose = nothing;
  }

  tell(event) {
    if (event.type === 'said' && !event.again) this.cost.messages += 1;
    this.onmessage(event);
  }
}
