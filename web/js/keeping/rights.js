// What one may do to somebody, by both their roles: docs/permissions.md. The server has the last word.
import { rankOf } from '../state/standing.js';

const keeps = (mine) => rankOf(mine) >= rankOf('moderator');
const owns = (mine) => rankOf(mine) >= rankOf('owner');

// To lower ones only.
export const mayAct = (mine, theirs) => keeps(mine) && rankOf(mine) > rankOf(theirs);

// The roles that one may give, other than the one there is.
export function rolesFor(mine, theirs) {
  if (!mayAct(mine, theirs)) return [];
  const mayAppoint = owns(mine);
  if (!mayAppoint && rankOf(theirs) > rankOf('member')) return [];
  const roles = mayAppoint ? ['guest', 'member', 'moderator', 'owner'] : ['guest', 'member'];
  return roles.filter((role) => role !== theirs);
}

export const maySetPassword = owns;
export const mayRetain = owns;
export const mayBanFromServer = (mine) => mine === 'host';
