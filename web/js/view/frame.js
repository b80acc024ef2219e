// Draws once, however often it was asked to in the same moment. Not by requestAnimationFrame, which stops in a hidden
// tab: there the room would grow without ever being cut.
export function soon(draw) {
  let timer = null;
  const now = () => {
    clearTimeout(timer);
    timer = null;
    draw();
  };
  const later = () => { timer ??= setTimeout(now, 10); };
  return Object.assign(later, { now });
}
