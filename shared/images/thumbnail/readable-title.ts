import { withoutUnsettable } from '#shared/lettering';

const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]/gu;
/** They turn the direction of text. */
const STEERING = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;

/**
 * The part of a title that the bundled typefaces can set: no control or bidirectional marks, no emojis, no letters
 * that they lack. Empty when too little is left to make sense (then the picture speaks alone).
 */
export function readableTitle(title: string): string {
  const clean = title
    .normalize('NFC')
    .replace(STEERING, '')
    .replace(CONTROLS, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const kept = withoutUnsettable(clean).replace(/ +/g, ' ').trim();
  const [wanted, got] = [clean, kept].map((text) => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0);
  return got === undefined || wanted === undefined || got === 0 || got < wanted * 0.6 ? '' : kept;
}
