// One request to the HTTP API (docs/protocol.md, "HTTP API"), the same whatever carries the chat.

// In ms
const PATIENCE = 15_000;

export const queryOf = (fields) => {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '');
  return given.length > 0 ? `?${new URLSearchParams(given)}` : '';
};

// With the `error` event.
export class Refused extends Error {
  constructor(error) {
    super(error.message ?? error.code);
    this.error = error;
  }
}

// Gives the event, or null where there is none.
export async function request(method, path, { body, signal = AbortSignal.timeout(PATIENCE) } = {}) {
  const answer = await fetch(`/api/v1${path}`, { method, body: body && JSON.stringify(body), cache: 'no-store', signal })
    .catch(() => { throw new Refused({ code: 'offline' }); });
  if (answer.status === 204) return null;
  const told = await answer.json().catch(() => ({ code: 'unavailable' }));
  if (!answer.ok) throw new Refused(told);
  return told;
}
