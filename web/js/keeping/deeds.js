// What was done to keep order, in a sentence: an event of the log, or a line of the record.

export class Deeds {
  #acts = {
    mute: (event) => this.#about('deed.mute', event),
    unmute: (event) => this.#about('deed.unmute', event),
    kick: (event) => this.#about('deed.kick', event),
    ban: (event) => this.#about(event.until ? 'deed.ban_until' : 'deed.ban', event),
    unban: (event) => this.#about('deed.unban', event),
    purge: (event) => this.#about('deed.purge', event),
    delete: (event) => this.#about('deed.delete', event),
    appoint: (event) => this.#appointed(event),
    appointed: (event) => this.#appointed(event),
    rule: (event) => this.#ruled(event),
    ruled: (event) => this.#ruled(event),
    own: (event) => this.#about('deed.own', event),
    create: (event) => this.#about('deed.create', event),
    destroy: (event) => this.#about('deed.destroy', event),
    invite: (event) => this.#about('deed.invite', event),
    revoke: (event) => this.#about('deed.revoke', event),
  };

  #rules = {
    locked: (on) => (on ? 'deed.lock' : 'deed.unlock'),
    announcements: (on) => (on ? 'deed.hush' : 'deed.unhush'),
    slow: (on) => (on ? 'deed.slow' : 'deed.unslow'),
    keep_days: (days) => (days ? 'deed.keep_days' : 'deed.keep_all_days'),
    keep_messages: (count) => (count ? 'deed.keep_messages' : 'deed.keep_all_messages'),
    password: (on) => (on ? 'deed.password' : 'deed.no_password'),
    topic: (topic) => (topic ? 'deed.topic' : 'deed.no_topic'),
    title: () => 'deed.title',
    unlisted: (on) => (on ? 'deed.unlist' : 'deed.list'),
    archived: (on) => (on ? 'deed.archive' : 'deed.unarchive'),
  };

  constructor(words, calendar) {
    Object.assign(this, { words, calendar });
  }

  // A kind that this page does not know is named as it is.
  sentenceOf(event) {
    const act = this.#acts[event.act ?? event.type];
    const sentence = act ? act(event) : `${this.#by(event)}: ${event.act ?? event.type}`;
    return event.reason ? this.words.say('deed.because', { deed: sentence, reason: event.reason }) : sentence;
  }

  #by({ nick }) {
    return nick || this.words.say('deed.operator');
  }

  #about(key, event) {
    const time = event.until && this.calendar.moment(event.until);
    return this.words.say(key, { by: this.#by(event), whom: event.whom?.nick ?? '', time });
  }

  #appointed(event) {
    const role = this.words.say(ROLES[event.role] ?? ROLES.guest);
    const isSelf = event.whom.user === event.user;
    return this.words.say(isSelf ? 'deed.step' : 'deed.appoint', { by: this.#by(event), whom: event.whom.nick, role });
  }

  // By what is different from before, as far as that is known: what is in force may have been so long since.
  #ruled(event) {
    const { rules, before = rules } = event;
    const changed = Object.keys(this.#rules).filter((rule) => (rules[rule] ?? 0) !== (before[rule] ?? 0));
    const keys = changed.map((rule) => this.#rules[rule](rules[rule]));
    if (keys.length === 0) keys.push(event.before?.password ? 'deed.password' : 'deed.ruled');
    const { slow: seconds, keep_days: days, keep_messages: count, topic, title } = rules;
    const values = { by: this.#by(event), seconds, days, count, topic, title };
    const sentences = keys.map((key) => this.words.say(key, values));
    return sentences.join(this.words.say('deed.and'));
  }
}

export const ROLES = {
  guest: 'role.guest', member: 'role.member', moderator: 'role.moderator', owner: 'role.owner', host: 'role.host',
};
