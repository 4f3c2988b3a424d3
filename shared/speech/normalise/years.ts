import { cardinalWords, pluralOf } from './number-words.ts';
import type { Reader } from './reader.ts';

/** A year as people say it: 1945 → nineteen forty five, 1905 → nineteen oh five, 2008 → two thousand eight. */
export function yearWords(year: string): string[] {
  const value = Number(year);
  const century = Math.floor(value / 100);
  const rest = value % 100;
  if (year.length !== 4 || century % 10 === 0) {
    return rest >= 10 && value >= 2010
      ? [...cardinalWords(String(century)), ...cardinalWords(String(rest))]
      : cardinalWords(year);
  }
  if (rest === 0) return [...cardinalWords(String(century)), 'hundred'];
  return [...cardinalWords(String(century)), ...(rest < 10 ? ['oh'] : []), ...cardinalWords(String(rest))];
}

const isYear = (digits: string) => /^(?:1[1-9]|20)\d\d$/.test(digits);

function pluralYear(words: readonly string[]): string[] {
  return [...words.slice(0, -1), pluralOf(words.at(-1) ?? '')];
}

/** Years (1100–2099), decades (`1990s`, `'90s`) and spans (`1914-18`, `1939-1945`). */
export const readYears: Reader = ({ core }) => {
  const decade = /^'?(\d{4}|\d0)'?s$/.exec(core)?.[1];
  if (decade !== undefined)
    return pluralYear(decade.length === 2 ? cardinalWords(decade) : yearWords(decade));
  const span = /^(\d{4})-(\d{4}|\d{2})$/.exec(core);
  if (span?.[1] && span[2] && isYear(span[1])) {
    const to = span[2].length === 2 ? cardinalWords(span[2]) : yearWords(span[2]);
    return [...yearWords(span[1]), 'to', ...to];
  }
  return isYear(core) ? yearWords(core) : undefined;
};
