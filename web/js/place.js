// The room is the address: / is the lobby, /r/大厅 is 大厅.
export function roomOf(path) {
  const name = path.match(/^\/r\/([^/]+)/)?.[1];
  if (!name) return 'lobby';
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

export function socketOf({ protocol, host }) {
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/ws`;
}
