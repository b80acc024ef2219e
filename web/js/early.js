// Dresses the page before it is drawn for the first time, so that nothing flashes: the theme, the contrast, the size of the
// text, as view/settings.js lets one choose them. No module, since modules wait for the page.
(() => {
  const { documentElement: root } = document;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const more = matchMedia('(prefers-contrast: more)');

  function chosen() {
    try {
      return JSON.parse(localStorage.getItem('settings')) ?? {};
    } catch {
      return {};
    }
  }

  // Where storage is switched off, the choice comes with the event.
  function dress({ theme = 'system', size = 'normal' } = chosen()) {
    const isDark = theme === 'dark' || (theme !== 'light' && dark.matches);
    root.dataset.theme = isDark ? 'dark' : 'light';
    root.dataset.size = size;
    root.toggleAttribute('data-contrast', theme === 'contrast' || (theme === 'system' && more.matches));
    document.querySelector('meta[name="theme-color"]')?.setAttribute('content', isDark ? '#12181B' : '#F6F7F8');
  }

  dress();
  dark.addEventListener('change', () => dress());
  more.addEventListener('change', () => dress());
  addEventListener('dress', ({ detail }) => dress(detail));
})();
