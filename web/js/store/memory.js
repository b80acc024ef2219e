// Remembered where the browser allows it; where it does not, the name is asked for again.
const NICK = 'nick';
const WAY = 'way';
const EMOJI = 'emoji';
const SEARCH = 'search';
const ROOMS = 'rooms';
const draftOf = (room) => `draft ${room}`;
const readOf = (room) => `read ${room}`;

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

function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // storage is switched off
  }
}

export const rememberedNick = () => remembered(NICK);
export const rememberNick = (nick) => remember(NICK, nick);
export const rememberedWay = () => remembered(WAY);
export const rememberWay = (way) => remember(WAY, way);
export const rememberRead = (room, read) => remember(readOf(room), JSON.stringify(read));

// { epoch, seq }, or null on the first visit.
export function rememberedRead(room) {
  try {
    const read = JSON.parse(remembered(readOf(room)));
    return Number.isInteger(read?.seq) ? read : null;
  } catch {
    return null;
  }
}

// Of each window its own; a new one begins with what was written last in any.
export const draft = (room) => ofWindow(draftOf(room)) ?? remembered(draftOf(room)) ?? '';

function ofWindow(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

function rememberOfWindow(key, value) {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // storage is switched off
  }
}

export function rememberDraft(room, text) {
  rememberOfWindow(draftOf(room), text);
  if (text) remember(draftOf(room), text);
  else forget(draftOf(room));
}

export const rememberRooms = (rooms) => remember(ROOMS, JSON.stringify(rooms));

// One's own, as they were known last.
export const rememberedRooms = () => rememberedList(ROOMS);

export const rememberEmoji = (recent) => remember(EMOJI, JSON.stringify(recent));

// Those chosen last, the newest first.
export const rememberedEmoji = () => rememberedList(EMOJI);

function rememberedList(key) {
  try {
    const list = JSON.parse(remembered(key));
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

// What one looks for, { text, isAll }, goes along to the room in which it was found: in this window alone, until one has done.
export const carrySearch = (search) => rememberOfWindow(SEARCH, JSON.stringify(search));
export const carriedSearch = () => JSON.parse(ofWindow(SEARCH));
export const forgetSearch = () => carrySearch(null);
