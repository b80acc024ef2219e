// What a room is about: its title, its topic, whether the directory has it, and whether it goes on.
import { Sheet, buttonOf, labelled } from '../keeping/sheet.js';
import { rankOf } from '../state/standing.js';
import { element } from '../view/element.js';
import { LONGEST, fieldOf, formOf } from './form.js';

export class About {
  #sheet;

  constructor({ words, room }, asking, ending) {
    Object.assign(this, { words, room, asking, ending });
    this.#sheet = new Sheet('about', words);
  }

  open() {
    const { words, room } = this;
    this.#sheet.open(words.say('about.title'));
    const owns = rankOf(room.standing.role) >= rankOf('owner');
    const listed = owns && room.kind === 'public' && room.name !== 'lobby' ? [this.#listed()] : [];
    this.#sheet.show(this.#texts(owns), ...listed, ...owns ? [this.#archive()] : []);
  }

  // A moderator says what it is about; what it is called is its owner's.
  #texts(owns) {
    const { words, room } = this;
    const { title = '', topic = '' } = room.standing.rules;
    const name = owns && room.kind === 'private' ? fieldOf(words.say('make.name'), 'about-name', { most: LONGEST.title, value: title }) : null;
    const about = fieldOf(words.say('make.topic'), 'about-topic', { most: LONGEST.topic, value: topic });
    return formOf(async () => {
      if (name && !name.input.value.trim()) return name.refuse(words.say('make.empty'));
      if (name?.isTooLong()) return name.refuse(words.say('make.long', { most: LONGEST.title }));
      if (about.isTooLong()) return about.refuse(words.say('make.long_topic', { most: LONGEST.topic }));
      const fields = { topic: about.input.value.trim(), title: name?.input.value.trim() };
      const { why } = await this.asking.try('rule', fields);
      return why ? about.refuse(why) : this.#sheet.close();
    }, ...name ? [name.node] : [], about.node, element('button', '', words.say('about.save')));
  }

  #listed() {
    const { words, room } = this;
    const box = element('input', '');
    Object.assign(box, { type: 'checkbox', checked: !room.standing.rules.unlisted });
    box.addEventListener('change', async () => {
      const { why } = await this.asking.try('rule', { unlisted: !box.checked });
      this.#sheet.say(why);
      if (why) box.checked = !box.checked;
    });
    return element('section', '', element('div', 'switch', ...labelled(words.say('about.listed'), box, 'about-listed')),
      element('p', 'why', words.say('about.listed_why')));
  }

  #archive() {
    const { words, room } = this;
    const { archived = false } = room.standing.rules;
    const button = buttonOf(words.say(archived ? 'about.unarchive' : 'about.archive'), async () => {
      const { why } = await this.asking.try('rule', { archived: !archived });
      if (why) this.#sheet.say(why);
      else this.open();
    }, 'quiet');
    button.id = 'about-archive';
    return element('section', '', element('p', 'why', words.say(archived ? 'about.archived_why' : 'about.archive_why')), button);
  }
}
