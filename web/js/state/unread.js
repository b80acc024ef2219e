// Up to where one has read, on this device and on one's others. The place where the unread begins is found on coming back to the room, and then stays while
// one looks.

export class Unread {
  begins = null;  // the number of the first message that was not read, or null
  #elsewhere = -1;

  // `read` is { epoch, seq } of the last visit, or null.
  constructor(read) {
    this.read = read;
  }

  // One has come to the room, or back to it, and these are its messages. Returns how many of them are unread.
  look({ epoch, me, sent }) {
    // Not every way tells the epoch.
    if (epoch && this.read?.epoch && this.read.epoch !== epoch) this.read = null;
    const read = Math.max(this.read?.seq ?? -1, this.#elsewhere);
    const unread = read < 0 ? [] : sent.filter(({ seq, user }) => seq > read && user !== me);
    this.begins = unread[0]?.seq ?? null;
    return unread.length;
  }

  // The server says up to where one has read on another device, or did before.
  told(seq) {
    this.#elsewhere = Math.max(this.#elsewhere, seq);
  }

  // All of it is read; returns what is to be remembered, or null when it is known.
  reached({ epoch, last, complete }) {
    if (!complete || (this.read && this.read.seq === last && (!epoch || this.read.epoch === epoch))) return null;
    this.read = { epoch: epoch ?? this.read?.epoch ?? null, seq: last };
    return this.read;
  }
}
