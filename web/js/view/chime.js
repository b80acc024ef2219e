// Two short soft tones, made on the spot.
const TONES = [660, 880];  // in Hz
const LENGTH = 0.12;       // in s
const LOUDNESS = 0.08;
const PAUSE = 1_000;       // in ms: a lively room is no alarm

export class Chime {
  #context = null;
  #last = -Infinity;

  constructor() {
    // Browsers let a page sound only after the reader has touched it.
    addEventListener('pointerdown', () => this.#context?.resume());
    addEventListener('keydown', () => this.#context?.resume());
  }

  ring() {
    const now = Date.now();
    if (now - this.#last < PAUSE) return;
    this.#last = now;
    this.#context ??= new AudioContext();
    if (this.#context.state !== 'running') return;
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
