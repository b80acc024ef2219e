// The part of a long list that is on the page: at its end for who reads along, else around the place where one reads. Thousands
// of messages at once would make the browser slow; what is not on the page is a few lines of text in memory.
const MOST = 300;
const STEP = 50;

export class Window {
  #top = null;
  #bottom = null;
  #start = 0;  // where it began and how long it was, as it was drawn last
  #length = 0;
  #atEnd = true;

  // Whether it reaches to the end, as it was drawn last.
  get isAtEnd() {
    return this.#atEnd;
  }

  // Gives the part of `entries` that is to be drawn.
  of(entries, follows) {
    if (follows) return this.#show(entries, entries.length - MOST, entries.length);
    // Its first or its last may be gone, as what one discards.
    const top = entries.indexOf(this.#top);
    const start = top < 0 ? this.#start : top;
    // What comes at the end belongs to it while it is not too much.
    const grows = this.#atEnd && entries.length - start <= MOST + STEP;
    const bottom = entries.indexOf(this.#bottom);
    const end = bottom < 0 ? start + this.#length : bottom + 1;
    if (start >= entries.length || end <= start) return this.#show(entries, entries.length - MOST, entries.length);
    return this.#show(entries, start, grows ? entries.length : end);
  }

  // Moves it towards the beginning or the end; false when it is there already.
  up(entries) {
    const start = entries.indexOf(this.#top);
    if (start <= 0) return false;
    this.#move(entries, start - STEP);
    return true;
  }

  down(entries) {
    if (this.#atEnd) return false;
    this.#move(entries, entries.indexOf(this.#bottom) + 1 + STEP - MOST);
    return true;
  }

  // Moves it to where an entry is in it.
  around(entries, entry) {
    this.#move(entries, entries.indexOf(entry) - STEP);
  }

  #move(entries, start) {
    this.#show(entries, start, Math.max(start, 0) + MOST);
  }

  #show(entries, start, end) {
    const shown = entries.slice(Math.max(start, 0), end);
    this.#start = Math.max(start, 0);
    this.#length = shown.length;
    this.#top = shown[0] ?? null;
    this.#bottom = shown.at(-1) ?? null;
    this.#atEnd = this.#bottom === (entries.at(-1) ?? null);
    return shown;
  }
}
