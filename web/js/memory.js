// The name is remembered where the browser allows it; where it does not, it is asked for again.
const NICK = 'nick';

export function rememberedNick() {
  try {
    return localStorage.getItem(NICK);
  } catch {
    return null;
  }
}

export function rememberNick(nick) {
  try {
    localStorage.setItem(NICK, nick);
  } catch {
    // storage is switched off
  }
}
