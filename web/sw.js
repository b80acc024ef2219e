// Keeps what the page is made of, so that it opens without a network. What was said is none of its business: the page keeps
// that itself. Only in a secure context; over plain http there is no service worker.
const KEEPING = [
  'deed', 'deeds', 'kept', 'lists', 'notice', 'orders', 'own', 'panel', 'parts', 'person', 'record', 'requests', 'rights',
  'rules', 'sheet', 'shut', 'terms', 'texts',
];
const SEARCHING = [
  'drawer', 'excerpt', 'filters', 'hit', 'inquiry', 'panel', 'parts', 'question', 'results', 'told',
];
const ROOMS = [
  'about', 'ago', 'asking', 'directory', 'ending', 'form', 'invitations', 'invited', 'make', 'members', 'menu', 'parts', 'switcher',
];
const MORE = [
  'locales/zh.json', 'locales/en.json', 'emoji.json', 'icons/smile.svg',
  'locales/dates/zh.json', 'locales/dates/en.json',
  'css/keeping.css', 'locales/keeping/zh.json', 'locales/keeping/en.json',
  'css/saving.css', 'locales/saving/zh.json', 'locales/saving/en.json', 'js/saving/saving.js',
  'css/searching.css', 'locales/searching/zh.json', 'locales/searching/en.json',
  'css/emoji.css', 'css/mention.css', 'css/share.css', 'css/wire.css', 'locales/wire/zh.json', 'locales/wire/en.json',
  'locales/settings/zh.json', 'locales/settings/en.json',
  'css/rooms.css', 'locales/rooms/zh.json', 'locales/rooms/en.json',
  'js/line/archive.js', 'js/line/request.js', 'js/state/aside.js', 'js/state/grid.js', 'js/state/ranges.js',
  'js/text/complete.js', 'js/text/pinyin.js', 'js/view/dates.js', 'js/view/grid.js', 'js/view/later.js', 'js/view/listbox.js',
  'js/view/mention.js', 'js/view/quotes.js', 'js/view/settings.js', 'js/view/share.js', 'js/view/shelf.js', 'js/view/visit.js',
  'js/wire/explain.js', 'js/wire/wire.js',
  ...KEEPING.map((name) => `js/keeping/${name}.js`),
  ...SEARCHING.map((name) => `js/searching/${name}.js`),
  ...ROOMS.map((name) => `js/rooms/${name}.js`),
];
// In ms: who is in a network that does not answer would otherwise wait for minutes.
const PATIENCE = 3_000;

const isPage = ({ pathname }) => pathname === '/' || pathname.startsWith('/r/');
// /r/room/@12 is a place in it.
const roomOf = (path) => path.replace(/\/@\d+$/, '');
const isEdited = ({ pathname }) => /^\/~[0-9a-f]+\//.test(pathname);

addEventListener('install', (event) => event.waitUntil(keep().then(() => skipWaiting())));
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (request.mode === 'navigate' && isPage(url)) event.respondWith(page(event));
  else if (isEdited(url)) event.respondWith(kept(request).then((found) => found ?? fetch(request)));
});
addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(show(event.notification.data.path));
});

// A window that goes there, best one that began with the room, or a new one. Where a window has gone since, its `url` does not
// tell (https://w3c.github.io/ServiceWorker/#client-url).
async function show(path) {
  const windows = await clients.matchAll({ type: 'window' });
  const found = windows.find(({ url }) => roomOf(new URL(url).pathname) === roomOf(path)) ?? windows[0];
  found?.postMessage({ path });
  return found ? found.focus() : clients.openWindow(path);
}

// The compressed and the plain form are the same file.
const kept = (request) => caches.match(request, { ignoreVary: true });

async function keep() {
  const answer = await fetch('/');
  if (answer.ok) await keepEdition(answer);
}

// One that is whole takes the place of the one before; while a file is missing, that one stays.
async function keepEdition(answer) {
  const html = await answer.clone().text();
  const edition = html.match(/"\/(~[0-9a-f]+)\//)?.[1];
  if (!edition || await (await caches.open(edition)).match('/')) return;
  const cache = await caches.open(edition);
  const named = Array.from(html.matchAll(/"(\/~[0-9a-f]+\/[^"]+)"/g), ([, path]) => path);
  const paths = new Set([...named, ...MORE.map((path) => `/${edition}/${path}`)]);
  const parts = await Promise.all(Array.from(paths, part));
  for (const [path, found] of parts) await cache.put(path, found);
  await cache.put('/', answer);
  for (const name of await caches.keys()) if (name !== edition) await caches.delete(name);
}

// By a former name the server gives what it has now, which nobody is to keep.
async function part(path) {
  const found = await fetch(path);
  if (!found.ok || found.headers.get('Cache-Control')?.includes('no-store')) throw new Error(`${path} is of another edition`);
  return [path, found];
}

// The server's own page, unless it does not come: a proxy answers in the place of a server that is away.
async function page(event) {
  const asked = fetch(event.request).then((answer) => {
    if (answer.ok) event.waitUntil(keepEdition(answer.clone()).catch(() => {}));
    return answer;
  });
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
  const answer = await Promise.race([asked.catch(() => null), late]);
  return answer?.status < 500 ? answer : await kept('/') ?? asked;
}
