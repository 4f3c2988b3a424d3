import {
  cardinalWords,
  decimalWords,
  digitWords,
  ordinalOf,
  ordinalWords,
  pluralOf,
} from './number-words.ts';
import type { Reader } from './reader.ts';

const glyphs: Readonly<Record<string, readonly [number, number]>> = {
  '½': [1, 2],
  '⅓': [1, 3],
  '⅔': [2, 3],
  '¼': [1, 4],
  '¾': [3, 4],
  '⅕': [1, 5],
  '⅛': [1, 8],
  '⅜': [3, 8],
  '⅝': [5, 8],
  '⅞': [7, 8],
};

function fractionWords(above: number, below: number): string[] {
  const one = below === 2 ? ['half'] : below === 4 ? ['quarter'] : ordinalOf(cardinalWords(String(below)));
  const part = above === 1 ? one : [...one.slice(0, -1), below === 2 ? 'halves' : pluralOf(one.at(-1) ?? '')];
  return [...cardinalWords(String(above)), ...part];
}

/** Cardinals, ordinals, decimals, fractions, ranges, ratios and numbers with several points. */
export const readNumbers: Reader = ({ core }) => {
  const ordinal = /^(\d{1,3}(?:,\d{3})+|\d{1,15})(?:st|nd|rd|th)$/i.exec(core)?.[1];
  if (ordinal) return ordinalWords(ordinal.replaceAll(',', ''));
  const glyph = /^(\d{0,9})([½⅓⅔¼¾⅕⅛⅜⅝⅞])$/.exec(core);
  const parts = glyphs[glyph?.[2] ?? ''];
  if (glyph && parts)
    return [...(glyph[1] ? [...cardinalWords(glyph[1]), 'and'] : []), ...fractionWords(...parts)];
  const fraction = /^(\d{1,2})\/(\d{1,3})$/.exec(core);
  if (fraction && Number(fraction[1]) > 0 && Number(fraction[2]) > Number(fraction[1])) {
    return fractionWords(Number(fraction[1]), Number(fraction[2]));
  }
  const range = /^(\d[\d,]*(?:\.\d+)?)([-:])(\d[\d,]*(?:\.\d+)?)$/.exec(core);
  if (range?.[1] && range[3]) {
    const [from, to] = [decimalWords(range[1]), decimalWords(range[3])];
    return from && to && [...from, 'to', ...to];
  }
  if (/^\d+(?:\.\d+){2,}$/.test(core)) {
    return core
      .split('.')
      .flatMap((group, index) => [...(index > 0 ? ['point'] : []), ...cardinalWords(group)]);
  }
  // A code or a telephone number, not a quantity.
  if (/^0\d+$/.test(core)) return digitWords(core);
  const times = /^(\d[\d,]*(?:\.\d+)?)[×x](\d[\d,]*(?:\.\d+)?)?$/.exec(core);
  if (times?.[1]) {
    const [first, second] = [decimalWords(times[1]), times[2] ? decimalWords(times[2]) : []];
    return first && second && [...first, 'times', ...second];
  }
  const number = /^#(\d{1,15})$/.exec(core)?.[1];
  if (number) return ['number', ...cardinalWords(number)];
  return decimalWords(core);
};
