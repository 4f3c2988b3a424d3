/** Controls, marks that turn the direction of text, and zero-width characters: nothing that is read aloud. */
/** What colours a terminal (ECMA-48, 5.4). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ESCAPES = /(?:\u001b\[|\u009b)[0-9;:?]{0,40}[ -/]{0,4}[@-~]/g;
const UNSPOKEN = /[\ufffd\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu;
const PICTOGRAPHS = /[\p{Extended_Pictographic}\u{1f1e6}-\u{1f1ff}\u{1f3fb}-\u{1f3ff}\u20e3\ufe0e\ufe0f]/gu;
/** No word of prose is so long, and the tagger's time grows with the square of a word's length. */
const LONGEST_WORD = 45;

/** One line of plain text: no controls, no pictographs, single spaces, no endless words. */
export function cleanLine(text: string): string {
  const spaced = text
    .replaceAll(ESCAPES, ' ')
    .normalize('NFC')
    .replaceAll(/[\t\n\r\u2028\u2029]/g, ' ');
  // \p{Extended_Pictographic} holds ©, ® and ™ too; they go with the rest.
  const bare = spaced.replaceAll(UNSPOKEN, '').replaceAll(PICTOGRAPHS, ' ');
  return bare
    .split(/\s+/)
    .filter((word) => word !== '' && word.length <= LONGEST_WORD)
    .map(calm)
    .join(' ');
}

/** "!!!!!!" → "!", "......" → "…"; and "a-b.a-b.a-b" is no longer one word. */
function calm(word: string): string {
  const single = word.replaceAll(/([!?,;:*_~#=|\\/<>])\1+/g, '$1').replaceAll(/\.{4,}/g, '...');
  const joints = single.match(/[^\p{L}\p{N}]/gu)?.length ?? 0;
  return joints > 8 ? single.replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim() : single;
}

/** Words that hold a letter or a digit, as written but for the punctuation around them. */
export function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}]+(?:['’.-][\p{L}\p{N}]+)*/gu) ?? [];
}

export function countWords(text: string): number {
  return wordsOf(text).length;
}

/** Cuts at a word's end so that the text has at most `limit` characters, an ellipsis included. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, limit - 1);
  const space = text.charAt(limit - 1) === ' ' ? cut.length : cut.lastIndexOf(' ');
  const whole = space > limit / 2 ? cut.slice(0, space) : cut.replace(/[\ud800-\udbff]$/, '');
  return `${whole.replace(/[\s,;:.–-]+$/u, '')}…`;
}
