// Two short soft tones, made on the spot.
const TONES = [660, 880];  // in Hz
const LENGTH = 0.12;       // in s
const LOUDNESS = 0.08;
const PAUSE = 1_000;       // in ms: a lively room is no alarm

export class Chime {
  #context = null;
  #last = -Infinity;

  // Browsers let a page sound only once the reader has touched it, Safari only what was made at a touch: so it is made at the
  // first one after sounds are `wanted()`.
  constructor(wanted) {
    const wake = () => {
      if (!wanted()) return;
      this.#context ??= new AudioContext();
      if (this.#context.state !== 'running') this.#context.resume();
    };
    for (const touch of ['pointerdown', 'pointerup', 'keydown', 'change']) addEventListener(touch, wake);
  }

  ring() {
    const now = Date.now();
    if (this.#context?.state !== 'running' || now - this.#last < PAUSE) return;
    this.#last = now;
    TONES.forEach((tone, index) => this.#sound(tone, this.#context.currentTime + index * LENGTH));
  }

  #sound(tone, at) {
    const source = this.#context.createOscillator();
    const volume = this.#context.createGain();
    source.frequency.value = tone;
    volume.gain.setValueAtTime(LOUDNESS, at);
    volume.gain.exponentialRampToValueAtTime(0.001, at + LENGTH);
    source.connect(volume).connect(this.#context.destination);
    source.start(at);
    source.stop(at + LENGTH);
  }
}
