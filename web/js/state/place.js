// The room is the address: / is the lobby, /r/大厅 is 大厅.
export function roomOf(path) {
  const name = path.match(/^\/r\/([^/]+)/)?.[1];
  if (!name) return 'lobby';
  try {
    return decodeURIComponent(name).normalize('NFC').trim();
  } catch {
    return name;
  }
}

// /r/大厅/@12 is a place in it: the message that has this number. null where the address names none.
export function seqOf(path) {
  const seq = path.match(/^\/r\/[^/]+\/@(\d+)$/)?.[1];
  return seq ? Number(seq) : null;
}

// What stands for a private room's name.
export const isAddress = (room) => /^@[\w-]{22}$/.test(room);

const encoded = (room) => (isAddress(room) ? room : encodeURIComponent(room));

export const pathTo = (room) => (room === 'lobby' ? '/' : `/r/${encoded(room)}`);

export const pathOf = (room, seq) => `/r/${encoded(room)}/@${seq}`;

// Nor what messengers hang on to a link.
export const withoutPlace = (address) => address.replace(/[?#].*$/s, '').replace(/(\/r\/[^/]+)\/@\d+$/, '$1');

export function socketOf({ protocol, host }, isTapped = false) {
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/ws${isTapped ? '?wire=1' : ''}`;
}

// Handed on, these would open the other's own computer.
export const opensOnlyHere = ({ hostname }) => ['localhost', '127.0.0.1', '[::1]'].includes(hostname);

// Letters as letters. All else stays encoded: a space or a comma would end the link where it is pasted, and %25 for %
// would name another room.
export function readable(address) {
  return address.replace(/\/r\/%40(?=[\w-]{22}(?:$|[/?#]))/, '/r/@').replace(/(?:%[89a-f][0-9a-f])+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded).replace(/[^\p{L}\p{M}\p{N}]/gu, encodeURIComponent);
    } catch {
      return encoded;
    }
  });
}
