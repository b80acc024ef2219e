// A message of a few emoji and nothing else, which is shown large.
const MOST = 6;
const ONE = String.raw`(?:\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3|` +
  String.raw`(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|\p{Emoji_Modifier_Base})[\u{1F3FB}-\u{1F3FF}]?\uFE0F?` +
  String.raw`(?:\u200D\p{Extended_Pictographic}[\u{1F3FB}-\u{1F3FF}]?\uFE0F?)*(?:[\u{E0020}-\u{E007F}]+)?)`;
const ONLY = new RegExp(`^\\s*(?:${ONE}\\s*){1,${MOST}}$`, 'u');

export const isOnlyEmoji = (text) => text.length < 200 && ONLY.test(text);
