// Days and hours as the reader's own clock has them.

const GROUP = 5 * 60_000;

export const dayOf = (at) => new Date(at).setHours(0, 0, 0, 0);

export const sameDay = (one, other) => dayOf(one) === dayOf(other);

// One author's messages stand together until somebody else speaks, five minutes pass, or the day ends.
export function continues(message, previous) {
  return Boolean(previous) && previous.user === message.user && previous.nick === message.nick
    && Math.abs(message.at - previous.at) < GROUP && sameDay(message.at, previous.at);
}

export class Calendar {
  constructor(language) {
    this.hour = new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit' });
    this.full = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'short' });
    this.date = new Intl.DateTimeFormat(language, { month: 'long', day: 'numeric', weekday: 'long' });
    this.dateAndYear = new Intl.DateTimeFormat(language, { dateStyle: 'full' });
    this.other = new Intl.DateTimeFormat(language, { month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' });
    this.nearby = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  }

  // An hour of today, or of another day.
  moment(at, now = Date.now()) {
    return (sameDay(at, now) ? this.hour : this.other).format(at);
  }

  day(at, now) {
    // Rounded, because a day in which the clocks change has 23 or 25 hours.
    const days = Math.round((dayOf(at) - dayOf(now)) / 86_400_000);
    if (days === 0 || days === -1) return this.nearby.format(days, 'day');
    const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
    return (sameYear ? this.date : this.dateAndYear).format(at);
  }
}
