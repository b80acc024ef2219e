// Draws once, however often it was asked to in the same moment. Not by requestAnimationFrame, which stops in a hidden
// tab: there the room would grow without ever being cut.
export function soon(draw) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    setTimeout(() => {
      asked = false;
      draw();
    }, 10);
  };
}
