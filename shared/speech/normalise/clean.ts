// Format and control characters, private use, lone surrogates; tab and newline are white space and stay.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}]/gu;
const EMOJI = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\uFE0F|\u20E3/gu;
const KEPT_PICTOGRAPHS = /^[©®™↔↕]$/u;

/** Markup that a writer's tool left in plain text, in the order in which it is taken off. */
const leftovers: readonly (readonly [RegExp, string])[] = [
  [/<!--[\s\S]{0,5000}?-->/g, ' '],
  [/<\/?[a-z][a-z0-9:-]{0,40}(?:\s[^<>]{0,500})?\/?>/gi, ' '],
  [/&(?:nbsp|#160);/gi, ' '],
  [/&amp;/gi, '&'],
  [/&lt;/gi, '<'],
  [/&gt;/gi, '>'],
  [/&quot;/gi, '"'],
  [/!?\[([^\]\n]{0,500})\]\([^()\n]{0,2000}\)/g, '$1'],
  [/^[ \t]*(?:```|~~~).*$/gm, ' '],
  [/^[ \t]{0,3}#{1,6}[ \t]+/gm, ''],
  [/^[ \t]{0,3}(?:>[ \t]?)+/gm, ''],
  [/^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+(?=\S)/gm, ''],
  [/^[ \t]*(?:[-*_][ \t]*){3,}$/gm, ' '],
  [/`+/g, ''],
  [/(\*{1,3}|~~)(?=\S)([^*~\n]{1,500}?)\1/g, '$2'],
  [/(^|[\s(])_{1,3}(?=\S)([^_\n]{1,500}?)_{1,3}(?=[\s).,;:!?]|$)/g, '$1$2'],
];

/**
 * Takes off what nobody reads aloud: control characters, emoji, and the remains of Markdown and HTML.
 * Paragraph breaks survive as blank lines. Every pattern is bounded, so hostile text costs linear time.
 */
export function cleanText(text: string): string {
  let clean = text.normalize('NFC').replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n');
  clean = clean.replace(/[\t\v\f\u00A0\u2000-\u200A\u202F\u205F\u3000]/g, ' ');
  clean = clean.replace(UNPRINTABLE, (character) => (character === '\n' ? '\n' : ''));
  clean = clean.replace(EMOJI, (character) => (KEPT_PICTOGRAPHS.test(character) ? character : ' '));
  for (const [pattern, replacement] of leftovers) clean = clean.replace(pattern, replacement);
  return clean
    .replace(/[ ]{2,}/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
