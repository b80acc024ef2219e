// What is known of one message, and what becomes of it.

const SENT = 'sent';

// `asOf` is the number of the log up to which it is known; `revision` counts what changed of it.
export function messageFrom({ id, seq, user, nick, text, at, reply_to, edited_at, deleted, reactions }, asOf = seq) {
  return { id, seq, user, nick, text, at, reply_to, edited_at, deleted, reactions, asOf, status: SENT, revision: 0 };
}

// What is kept of it for the next visit.
export function keptOf({ id, seq, user, nick, text, at, reply_to, edited_at, deleted, reactions }) {
  return { id, seq, user, nick, text, at, reply_to, edited_at, deleted, reactions };
}

const WAYS = {
  edited: (message, { text, at }) => ({ text, edited_at: at }),
  deleted: () => ({ text: '', deleted: true, edited_at: undefined, reactions: undefined }),
  reacted: ({ reactions = [] }, event) => ({ reactions: withReaction(reactions, event) }),
  unreacted: ({ reactions = [] }, event) => ({ reactions: withoutReaction(reactions, event) }),
};

// The message as it is after an event, null where that is known already. Another text makes another message. One's own event
// may run ahead of what others have done before it, and come once more in its turn.
export function changed(message, event) {
  const { asOf, ahead = [], deleted, revision } = message;
  if (event.seq <= asOf || ahead.includes(event.seq) || deleted) return null;
  const known = event.again ? { ahead: [...ahead, event.seq] } : { asOf: event.seq };
  const news = { ...WAYS[event.type](message, event), ...known, revision: revision + 1 };
  return event.type.endsWith('reacted') ? Object.assign(message, news) : { ...message, ...news };
}

function withReaction(reactions, { emoji, user, nick }) {
  const known = reactions.find((reaction) => reaction.emoji === emoji) ?? { emoji, users: [], nicks: [], count: 0 };
  const grown = { emoji, users: [...known.users, user], nicks: [...known.nicks, nick], count: known.count + 1 };
  return reactions.includes(known) ? reactions.map((each) => (each === known ? grown : each)) : [...reactions, grown];
}

// Beyond the first twenty the server names nobody.
function withoutReaction(reactions, { emoji, user }) {
  return reactions.map((reaction) => {
    if (reaction.emoji !== emoji) return reaction;
    const place = reaction.users.indexOf(user);
    const stays = (_, index) => index !== place;
    return {
      emoji, users: reaction.users.filter(stays), nicks: reaction.nicks.filter(stays), count: reaction.count - 1,
    };
  }).filter(({ count }) => count > 0);
}
