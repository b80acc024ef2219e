// Keeps the composer above a phone's keyboard. On iOS the keyboard covers the page instead of making it smaller, and
// even 100dvh does not know of it; only visualViewport does.
export function keepAboveKeyboard({ visualViewport } = window) {
  if (!visualViewport) return;
  const fit = () => {
    if (visualViewport.scale > 1.01) return;  // the reader has zoomed in: that is no keyboard
    document.documentElement.style.setProperty('--seen', `${visualViewport.height}px`);
    scrollTo(0, 0);
  };
  visualViewport.addEventListener('resize', fit);
  fit();
}
