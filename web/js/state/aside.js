// What is known of the talk beside its newest messages: a stretch without a hole around an old place, and what is quoted.
import { changed, messageFrom } from './message.js';
import { same } from './messages.js';

export class Aside {
  messages = null;  // the stretch, while one is there
  more = false;     // whether there is something older than that
  isStale = false;  // whether what happened meanwhile was not told
  #upTo = 0;        // the number up to which the stretch has everything
  #quoted = new Map();
  #awaited = 0;
  #news = [];

  get(seq) {
    return this.messages?.find((message) => message.seq === seq) ?? this.#quoted.get(seq);
  }

  // Awaits pages of the history. They come by another line than events: what happened to a message since its page was read
  // is carried into it.
  async hear(asked) {
    this.#awaited += 1;
    try {
      const pages = await Promise.all(asked);
      return pages.map(({ messages, more, more_before: moreBefore, as_of: asOf }) => (
        { messages: messages.map((message) => this.#asItIs(messageFrom(message, asOf))), more, moreBefore, asOf }));
    } finally {
      this.#awaited -= 1;
      if (this.#awaited === 0) this.#news = [];
    }
  }

  // From a page around a place.
  open(page) {
    const known = new Map(this.messages?.map((message) => [message.seq, message]));
    this.messages = page.messages.map((message) => same(known.get(message.seq), message) ?? message);
    this.more = page.moreBefore;
    this.isStale = false;
    this.#upTo = reachOf(page);
  }

  close() {
    this.messages = null;
  }

  prepend(page) {
    this.messages = [...page.messages, ...this.messages];
    this.more = page.more;
  }

  append(page) {
    this.messages = [...this.messages, ...page.messages];
    this.#upTo = reachOf(page);
  }

  // Whether no message can be missing between the stretch and what begins with that number.
  reaches(oldest) {
    return oldest !== null && oldest <= this.#upTo + 1;
  }

  quote(messages) {
    for (const message of messages) this.#quoted.set(message.seq, message);
  }

  became(event) {
    if (this.#awaited > 0) this.#news.push(event);
    const change = (message) => (message.seq === event.of ? changed(message, event) ?? message : message);
    this.messages = this.messages?.map(change) ?? null;
    const quoted = this.#quoted.get(event.of);
    if (quoted) this.#quoted.set(event.of, change(quoted));
  }

  // It may be another log now, or was changed unheard.
  forget() {
    this.isStale = true;
    this.#quoted.clear();
  }

  #asItIs(message) {
    return this.#news.filter(({ of: seq }) => seq === message.seq)
      .reduce((known, event) => changed(known, event) ?? known, message);
  }
}

const reachOf = ({ messages, more, asOf }) => (more ? messages.at(-1).seq : asOf);
