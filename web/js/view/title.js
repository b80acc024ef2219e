// The tab counts what is said while nobody looks at it: in its name, in its picture, and on the installed page's icon.
const MARK = 'M7 4h18a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H14l-7 6v-6a4 4 0 0 1-4-4V8a4 4 0 0 1 4-4z';
const MOST = 9;

const counted = (label) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#00B4CC" d="${MARK}"/>`
  + '<circle cx="22" cy="22" r="10" fill="#B3261E"/><text x="22" y="27" text-anchor="middle" fill="#fff" '
  + `font-family="sans-serif" font-size="${label.length > 1 ? 12 : 15}" font-weight="700">${label}</text></svg>`;

export class Title {
  #unseen = 0;
  #calls = 0;
  #icon = document.querySelector('link[rel="icon"]');
  #plain = this.#icon.href;

  #elsewhere = 0;

  // What is shown has this name.
  turn(name) {
    this.name = name;
    this.#unseen = this.#calls = 0;
    this.#draw();
  }

  // So much calls for one in other rooms.
  told(elsewhere) {
    if (elsewhere === this.#elsewhere) return;
    this.#elsewhere = elsewhere;
    this.#draw();
  }

  heard({ callsMe }) {
    this.#unseen += 1;
    if (callsMe) this.#calls += 1;
    this.#draw();
  }

  seen() {
    if (this.#unseen === 0) return;
    this.#unseen = this.#calls = 0;
    this.#draw();
  }

  // An @ before the number: somebody has called one.
  #draw() {
    const count = this.#unseen + this.#elsewhere;
    const calls = this.#calls + this.#elsewhere > 0;
    document.title = count ? `${calls ? '@' : ''}(${count}) ${this.name}` : this.name;
    const label = count > MOST ? `${MOST}+` : String(count);
    this.#icon.href = count ? `data:image/svg+xml,${encodeURIComponent(counted(label))}` : this.#plain;
    if (count) navigator.setAppBadge?.(count).catch(() => {});
    else navigator.clearAppBadge?.().catch(() => {});
  }
}
