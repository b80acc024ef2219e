// The name of the tab counts what is said while nobody looks at it.
export class Title {
  #unseen = 0;

  constructor(name) {
    this.name = name;
    this.#draw();
  }

  heard() {
    this.#unseen += 1;
    this.#draw();
  }

  seen() {
    if (this.#unseen === 0) return;
    this.#unseen = 0;
    this.#draw();
  }

  #draw() {
    document.title = this.#unseen ? `(${this.#unseen}) ${this.name}` : this.name;
  }
}
