// A message of a few emoji and nothing else, which is shown large.
const MOST = 6;
const TONE = String.raw`[\u{1F3FB}-\u{1F3FF}]`;
// What Unicode shows as a picture by itself, by a variation selector, by a tone of skin, or joined to others; ✌ and ❤ alone
// are text. A flag is two letters, or a black flag and the tags of its region.
const PICTURE = String.raw`(?!\p{Regional_Indicator})(?:\p{Emoji_Modifier_Base}${TONE}|\p{Emoji_Presentation}\uFE0F?|` +
  String.raw`\p{Extended_Pictographic}(?:\uFE0F|(?=\u200D\p{Extended_Pictographic})))`;
const JOINED = String.raw`(?:\u200D\p{Extended_Pictographic}(?:${TONE}|\uFE0F)?)*(?:[\u{E0020}-\u{E007F}]+)?`;
const ONE = String.raw`(?:\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3|${PICTURE}${JOINED})`;
const ONLY = new RegExp(`^\\s*(?:${ONE}\\s*){1,${MOST}}$`, 'u');

export const isOnlyEmoji = (text) => text.length < 200 && ONLY.test(text);
