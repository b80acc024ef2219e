// What one may do with the room that is shown. It opens from the room's name.
import { Sheet, buttonOf } from '../keeping/sheet.js';
import { rankOf } from '../state/standing.js';
import { element } from '../view/element.js';

const isClosed = ({ kind, standing: { rules } }) => kind === 'private' || Boolean(rules.locked || rules.password);

// In this order; each is there `when` it can be done.
const ENTRIES = [
  { word: 'share.open', when: ({ room }) => room.kind === 'public', act: ({ share }) => share() },
  {
    word: 'invitations.title',
    when: ({ room }) => room.kind !== 'direct' && room.standing.keeps && isClosed(room),
    act: (_, { invitations }) => invitations.open(),
  },
  { word: 'members.title', when: ({ room }) => room.kind === 'private', act: (_, { members }) => members.open() },
  { word: 'about.title', when: ({ room }) => room.kind !== 'direct' && room.standing.keeps, act: (_, { about }) => about.open() },
  { word: 'room.keep', when: ({ room }) => room.kind !== 'direct' && room.standing.keeps, act: ({ keep }) => keep() },
  { word: 'save.open', when: () => true, act: ({ save }) => save() },
  { word: 'leave.title', when: ({ room }) => room.name !== 'lobby', act: (_, { ending }) => ending.leave(), isGrave: true },
  {
    word: 'destroy.title',
    when: ({ room }) => room.kind !== 'direct' && room.name !== 'lobby' && rankOf(room.standing.role) >= rankOf('owner'),
    act: (_, { ending }) => ending.destroy(),
    isGrave: true,
  },
];

export class Menu {
  #sheet;

  constructor(context, views) {
    Object.assign(this, { context, views });
    this.#sheet = new Sheet('menu', context.words);
  }

  open() {
    const { words, room } = this.context;
    this.#sheet.open(element('bdi', '', words.nameOf(room)));
    const { topic } = room.standing.rules;
    const about = element('p', 'topic', topic ?? '');
    about.dir = 'auto';
    const entries = ENTRIES.filter(({ when }) => when(this.context));
    this.#sheet.show(...topic ? [about] : [], element('div', 'acts', ...entries.map((entry) => this.#button(entry))));
  }

  #button({ word, act, isGrave }) {
    return buttonOf(this.context.words.say(word), () => {
      this.#sheet.close();
      act(this.context, this.views);
    }, isGrave ? 'quiet danger' : 'quiet');
  }
}
