// What is more than about one screen of a phone is shown folded, so that one message does not push all others away.
const LINES = 20;
const CHARACTERS = 1_500;

export const isLong = (text) => text.length > CHARACTERS || text.split('\n', LINES + 1).length > LINES;
