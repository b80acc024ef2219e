// A part of the page that comes when it is first needed.

export class OnDemand {
  #parts = null;

  // `load()` gives its parts, and `lost()` hears that they did not come, as without a network.
  constructor(load, lost) {
    this.load = load;
    this.lost = lost;
  }

  // Does something with the parts, once they are there.
  async with(act) {
    this.#parts ??= this.load();
    const parts = await this.#parts.catch(() => null);
    if (parts) return act(parts);
    this.#parts = null;
    return this.lost();
  }
}
