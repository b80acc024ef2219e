// Remembered where the browser allows it; where it does not, the name is asked for again.
const NICK = 'nick';
const WAY = 'way';

function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // storage is switched off
  }
}

export const rememberedNick = () => remembered(NICK);
export const rememberNick = (nick) => remember(NICK, nick);
export const rememberedWay = () => remembered(WAY);
export const rememberWay = (way) => remember(WAY, way);
