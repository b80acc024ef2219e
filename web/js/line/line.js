// The line to the server, which mends itself. It carries objects and knows nothing of what they mean, nor by what way.
import { Comeback, isInviting } from './closing.js';
import { Pulse } from './pulse.js';

// In ms: something between here and the server may let a connection open, and cut it after its first words.
const TRIAL = 10_000;
// In ms, for an answer where the browser says that there is no network.
const DOUBT = 2_000;

export class Line {
  state = 'idle';  // then connecting, open, waiting (until retryAt), ended (and why)
  retryAt = 0;
  why = null;
  #way = null;
  #former = null;
  #comeback = new Comeback();
  #openedAt = 0;
  #timer = null;
  #pulse = new Pulse(() => this.send({ type: 'ping' }));

  // `askedAt` gives the time of the oldest command that still has no answer, or Infinity.
  constructor(choice, { received, changed, askedAt = () => Infinity }) {
    this.choice = choice;
    this.received = received;
    this.changed = changed;
    this.askedAt = askedAt;
    setInterval(() => this.#listen(), 1_000);
    addEventListener('online', () => this.hurry());
    // Not the end of it: a server on this computer is still there.
    addEventListener('offline', () => this.state === 'open' && this.#pulse.question(DOUBT));
    document.addEventListener('visibilitychange', () => document.hidden || this.hurry());
  }

  get way() {
    return this.#way;
  }

  open() {
    this.#follow(this.choice.begin());
    this.#become('connecting');
  }

  // Another way was chosen.
  reopen() {
    this.#comeback.settled();
    if (this.state !== 'idle' && this.state !== 'ended') this.open();
  }

  // Goes on by another way, which is open and waits to enter.
  changeTo(way) {
    this.#follow(way);
    this.#become('connecting');
    this.#opened();
    way.enter();
  }

  send(command) {
    this.#way.send(command);
  }

  // All is well again.
  settled() {
    this.#comeback.settled();
    this.#way.entered = true;
    this.#forgetFormer();
  }

  // Come back later, as if the connection had been lost, or closed with that code.
  lose({ code = 1006, silent = false } = {}) {
    this.#letGo();
    this.#ended({ code, reason: '', silent });
  }

  end(why) {
    this.#letGo();
    this.why = why;
    this.#become('ended');
  }

  // The network is back, or the reader is: no reason to wait any longer, every reason to look whether it still works.
  hurry() {
    if (this.state === 'waiting') this.open();
    else if (this.state === 'open') this.#pulse.question();
  }

  #listen() {
    if (this.state === 'connecting' && this.#pulse.silence > this.choice.patience) this.lose({ silent: true });
    if (this.state !== 'open') return;
    if (!this.#isOnTrial) this.choice.lasted();
    if (this.#pulse.isGone) this.lose();
    else this.#pulse.listen(this.#way.silence, this.askedAt());
  }

  // The former way is closed once the new one is settled, so that the others see nobody leave.
  #follow(way) {
    clearTimeout(this.#timer);
    if (this.#former) this.#way?.close();
    else this.#former = this.#way;
    this.#former?.mute();
    this.#way = way;
    this.why = null;
    this.#pulse.heard();
    way.onopen = () => this.#opened();
    way.onheard = () => this.#pulse.heard();
    way.onmessage = (event) => this.received(event);
    way.onclose = (close) => this.#ended(close);
  }

  #letGo() {
    clearTimeout(this.#timer);
    this.#forgetFormer();
    this.#way?.close();
    this.#way = null;
  }

  #forgetFormer() {
    this.#former?.close();
    this.#former = null;
  }

  get #isOnTrial() {
    return Date.now() - this.#openedAt < TRIAL;
  }

  #opened() {
    this.#openedAt = Date.now();
    this.choice.opened();
    this.#become('open');
  }

  #ended({ code, reason, silent = false }) {
    const now = Date.now();
    if (this.state === 'open') this.#comeback.lost(now);
    const { why, wait } = this.#comeback.after({ code, reason }, now);
    const cut = this.state === 'open' && this.#isOnTrial && !why && !isInviting({ code });
    if (this.state === 'connecting' || cut) this.choice.failed({ silent });
    this.#way = null;
    if (why) return this.end(why);
    this.#forgetFormer();
    this.retryAt = now + wait * 1_000;
    this.#timer = setTimeout(() => this.open(), wait * 1_000);
    return this.#become('waiting');
  }

  #become(state) {
    this.state = state;
    this.changed();
  }
}
