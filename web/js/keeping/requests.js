// What is asked about rooms and by moderators, as requests.
import { queryOf, request } from '../line/request.js';

export { Refused } from '../line/request.js';

// Without a room, a ban and what one may read are those of the whole server.
const REQUESTS = {
  rule: (rules) => ['PATCH', '/rules', rules],
  appoint: ({ user, role }) => ['PUT', `/roles/${user}`, { role }],
  mute: ({ user, seconds, reason }) => ['PUT', `/mutes/${user}`, { seconds, reason }],
  unmute: ({ user }) => ['DELETE', `/mutes/${user}`],
  kick: ({ user, reason }) => ['DELETE', `/members/${user}${queryOf({ reason })}`],
  ban: ({ user, seconds, network, reason }) => ['PUT', `/bans/${user}`, { seconds, network, reason }],
  unban: ({ user }) => ['DELETE', `/bans/${user}`],
  purge: ({ user }) => ['DELETE', `/members/${user}/messages`],
  retention: (rules) => ['GET', `/retention${queryOf(rules)}`],
  moderation: () => ['GET', '/moderation'],
  audit: ({ before, limit }) => ['GET', `/audit${queryOf({ before, limit })}`],
  versions: ({ seq }) => ['GET', `/messages/${seq}/versions`],
  join: ({ password, invitation }) => ['PUT', '/membership', { password, invitation }],
  part: () => ['DELETE', '/membership'],
  invite: ({ seconds, uses }) => ['POST', '/invitations', { seconds, uses }],
  invitations: () => ['GET', '/invitations'],
  revoke: ({ id }) => ['DELETE', `/invitations/${id}`],
  destroy: () => ['DELETE', ''],
  create: (room) => ['POST', '/rooms', room],
  direct: ({ user }) => ['POST', '/directs', { user }],
  guest: ({ nick }) => ['POST', '/guests', { nick }],
  own: ({ secret }) => ['POST', '/owner', { secret }],
};

// Gives the event, or null where there is none; fails with Refused.
export function ask(type, fields = {}, room = null) {
  const [method, path, body] = REQUESTS[type](fields);
  const place = room === null ? '' : `/rooms/${encodeURIComponent(room)}`;
  return request(method, place + path, { body });
}
