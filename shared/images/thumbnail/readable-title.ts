/** Scripts that the bundled typeface can set. */
const settable =
  /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{M}\p{N}\p{P}\p{Zs}+=<>|~^`$€£¥°©®™]$/u;

/**
 * The part of a title that the bundled typeface can set: no control or bidirectional marks, no emojis, no
 * scripts that it lacks. Empty when too little is left to make sense (then the picture speaks alone).
 */
export function readableTitle(title: string): string {
  const glyphs = [...title.normalize('NFC').replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')];
  const kept = glyphs.filter((glyph) => settable.test(glyph));
  const wanted = glyphs.filter((glyph) => /[\p{L}\p{N}]/u.test(glyph)).length;
  const got = kept.filter((glyph) => /[\p{L}\p{N}]/u.test(glyph)).length;
  if (got === 0 || got < wanted * 0.6) {
    return '';
  }
  return kept.join('').replace(/ +/g, ' ').trim();
}
