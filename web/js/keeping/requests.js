// What moderators ask, as requests (docs/protocol.md, "HTTP API"): the same whatever carries the chat.
const PATIENCE = 15_000;

const query = (fields) => {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '');
  return given.length > 0 ? `?${new URLSearchParams(given)}` : '';
};

// Without a room, a ban and what one may read are those of the whole server.
const REQUESTS = {
  rule: (rules) => ['PATCH', '/rules', rules],
  appoint: ({ user, role }) => ['PUT', `/roles/${user}`, { role }],
  mute: ({ user, seconds, reason }) => ['PUT', `/mutes/${user}`, { seconds, reason }],
  unmute: ({ user }) => ['DELETE', `/mutes/${user}`],
  kick: ({ user, reason }) => ['DELETE', `/members/${user}${query({ reason })}`],
  ban: ({ user, seconds, network, reason }) => ['PUT', `/bans/${user}`, { seconds, network, reason }],
  unban: ({ user }) => ['DELETE', `/bans/${user}`],
  purge: ({ user }) => ['DELETE', `/members/${user}/messages`],
  moderation: () => ['GET', '/moderation'],
  audit: ({ before, limit }) => ['GET', `/audit${query({ before, limit })}`],
  versions: ({ seq }) => ['GET', `/messages/${seq}/versions`],
  join: ({ password }) => ['PUT', '/membership', { password }],
  own: ({ secret }) => ['POST', '/owner', { secret }],
};

// With the `error` event.
export class Refused extends Error {
  constructor(error) {
    super(error.message ?? error.code);
    this.error = error;
  }
}

// Gives the event, or null where there is none.
export async function ask(type, fields = {}, room = null) {
  const [method, path, body] = REQUESTS[type](fields);
  const place = room === null ? '' : `/rooms/${encodeURIComponent(room)}`;
  const answer = await fetch(`/api/v1${place}${path}`, {
    method, body: body && JSON.stringify(body), cache: 'no-store', signal: AbortSignal.timeout(PATIENCE),
  }).catch(() => { throw new Refused({ code: 'offline' }); });
  if (answer.status === 204) return null;
  const told = await answer.json().catch(() => ({ code: 'unavailable' }));
  if (!answer.ok) throw new Refused(told);
  return told;
}
