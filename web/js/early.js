// Dresses the page before it is drawn for the first time, so that nothing flashes: the theme, the contrast, the size of the
// text, as view/settings.js lets one choose them. No module, since modules wait for the page.
(() => {
  const { documentElement: root } = document;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const more = matchMedia('(prefers-contrast: more)');
  // The paper of style.css, which is not there yet.
  const PAPER = { light: '#F6F7F8', dark: '#12181B' };
  const STARK = { light: '#FFFFFF', dark: '#000000' };
  // Where storage is switched off, what was chosen is known from the event alone.
  let told = null;

  function chosen() {
    if (told) return told;
    try {
      return JSON.parse(localStorage.getItem('settings')) ?? {};
    } catch {
      return {};
    }
  }

  function dress() {
    const { theme = 'system', size = 'normal' } = chosen();
    const isDark = theme === 'dark' || (theme !== 'light' && dark.matches);
    const isStark = theme === 'contrast' || (theme === 'system' && more.matches);
    root.dataset.theme = isDark ? 'dark' : 'light';
    root.dataset.size = size;
    root.toggleAttribute('data-contrast', isStark);
    const paper = (isStark ? STARK : PAPER)[root.dataset.theme];
    document.querySelector('meta[name="theme-color"]')?.setAttribute('content', paper);
  }

  // A part of the page did not come, and the page would stay blank.
  addEventListener('error', ({ target }) => {
    const isPart = target instanceof HTMLScriptElement || target.rel === 'stylesheet';
    if (isPart) document.getElementById('unloaded')?.removeAttribute('hidden');
  }, true);

  dress();
  dark.addEventListener('change', dress);
  more.addEventListener('change', dress);
  addEventListener('dress', ({ detail }) => {
    told = detail;
    dress();
  });
})();
