// How long ago something was, in words.
const UNITS = [['year', 31_536_000], ['month', 2_592_000], ['week', 604_800], ['day', 86_400], ['hour', 3_600], ['minute', 60]];

export function agoBy(language) {
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  return (at, now = Date.now()) => {
    const seconds = Math.max(0, Math.round((now - at) / 1_000));
    const [unit, size] = UNITS.find(([, length]) => seconds >= length) ?? ['second', 1];
    // Nobody counts the seconds.
    return format.format(unit === 'second' ? 0 : -Math.floor(seconds / size), unit);
  };
}
