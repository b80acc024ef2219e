// What keeps one from sending for now: that one is muted, that only moderators write here, slow mode, the pace.

export class Pause {
  constructor(words, calendar, session) {
    Object.assign(this, { words, calendar, session });
  }

  // Why one may not write at all, or ''.
  get silence() {
    const { standing } = this.session.room;
    const why = standing.silence(Date.now());
    if (why !== 'muted') return why ? this.words.say('text.announcements') : '';
    const { until, reason } = standing.muted;
    const time = this.calendar.moment(until);
    return reason ? this.words.say('text.muted_for', { time, reason }) : this.words.say('text.muted', { time });
  }

  // The seconds that slow mode still asks for.
  get slow() {
    const { outbox, room: { standing } } = this.session;
    return secondsTo(Math.max(standing.nextAt, standing.rules.slow ? outbox.blockedUntil : 0));
  }

  // Why what is not delivered yet waits, or ''.
  get fast() {
    const seconds = secondsTo(this.session.outbox.blockedUntil);
    return seconds > 0 ? this.words.say('text.fast', { seconds }) : '';
  }
}

const secondsTo = (at) => Math.max(0, Math.ceil((at - Date.now()) / 1_000));
