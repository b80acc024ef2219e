// The room as one knows it: its messages, the people, who is typing. It takes events and asks for nothing.
import { Messages } from './messages.js';
import { People } from './people.js';
import { Typing } from './typing.js';

export class Room {
  messages = new Messages();
  people = new People();
  typing = new Typing();

  constructor(name) {
    this.name = name;
  }

  get me() {
    return this.messages.me;
  }

  iAm(user, nick) {
    this.messages.me = user;
    this.people.iAm(user, nick);
  }

  // Returns the message, when the event is one that somebody else has said and that was not known yet.
  take(event, now) {
    if (event.type === 'joined') this.name = event.room;  // as the server writes it: trimmed, NFC
    if (event.room !== undefined && event.room !== this.name) return null;
    const meaning = this.#meanings[event.type];
    if (meaning) return meaning(event, now) ?? null;
    // A kind of event that this page does not know has a number all the same.
    if (event.room !== undefined && Number.isInteger(event.seq)) this.messages.pass(event.seq);
    return null;
  }

  #meanings = {
    joined: (event) => {
      this.people.joined(event);
      this.messages.joined(event);
    },

    said: (event) => {
      const message = this.messages.said(event);
      this.typing.stopped(event.user);
      return message?.user === this.me ? null : message;
    },

    entered: (event) => { this.people.entered(event); },

    left: (event) => {
      this.people.left(event);
      this.typing.stopped(event.user);
    },

    presence: (event) => { this.people.presence(event); },

    renamed: (event) => { this.people.renamed(event); },

    typing: (event, now) => {
      if (event.user !== this.me) this.typing.heard(event, now);
    },
  };
}
