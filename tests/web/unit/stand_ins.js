// What the modules find in a browser, for Node, which has it not or has its own.

export function standIn(name, value) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  return value;
}

// Until the next one this is what the browser remembers.
export function remembering(items = {}) {
  const kept = new Map(Object.entries(items));
  return standIn('localStorage', {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => { kept.set(key, String(value)); },
    removeItem: (key) => { kept.delete(key); },
  });
}

// Where storage is switched off, the first touch throws.
export function rememberingNothing() {
  Object.defineProperty(globalThis, 'localStorage', { get() { throw new Error('denied'); }, configurable: true });
}

// The events of the window and of its document come to these.
export function listening() {
  const page = { window: new EventTarget(), document: Object.assign(new EventTarget(), { hidden: false }) };
  standIn('addEventListener', page.window.addEventListener.bind(page.window));
  standIn('document', page.document);
  return page;
}

// Whatever needs no timer is over.
export const settled = () => new Promise((resolve) => { setImmediate(resolve); });

// A server that is made of `answers`, each [to, status, body, headers] and given once: to the first request whose path has
// `to` in it, or whose method that is. With none left, a request is held for ever. Returns what was asked of it.
export function answering(answers) {
  const asked = [];
  standIn('fetch', (path, { method = 'GET', body = null, headers, signal }) => new Promise((resolve, reject) => {
    asked.push({ method, path, body, token: headers?.Authorization ?? null });
    signal?.addEventListener('abort', () => reject(signal.reason));
    const at = answers.findIndex(([to]) => path.includes(to) || to === method);
    if (at < 0) return;
    const [[, status, answer, more]] = answers.splice(at, 1);
    resolve(new Response(typeof answer === 'string' ? answer : JSON.stringify(answer), { status, headers: more }));
  }));
  return asked;
}

// Returns what the way will tell: 'open', its events, and how it is closed.
export function follow(way) {
  const told = [];
  way.onopen = () => told.push('open');
  way.onmessage = (event) => told.push(event);
  way.onclose = (close) => told.push(close);
  return told;
}
