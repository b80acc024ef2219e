// Lets the page open without a network, where the browser allows it: in a secure context, and nowhere else.
const WORKER = '/sw.js';

export const canBeKept = () => isSecureContext && 'serviceWorker' in navigator;

export async function keepForOffline() {
  if (!canBeKept()) return;
  // The page's policy asks for it; not every browser knows it.
  const policy = globalThis.trustedTypes?.createPolicy('worker', { createScriptURL: () => WORKER });
  // A certificate that the reader has waved through is not good enough for a worker.
  await navigator.serviceWorker.register(policy?.createScriptURL(WORKER) ?? WORKER).catch(() => {});
}
