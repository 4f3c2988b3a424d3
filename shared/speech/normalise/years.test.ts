import { expect, test } from 'vitest';
import { readText } from './read-text.ts';

test.each([
  ['1945', 'nineteen forty five'],
  ['1905', 'nineteen oh five'],
  ['1900', 'nineteen hundred'],
  ['2000', 'two thousand'],
  ['2008', 'two thousand eight'],
  ['2024', 'twenty twenty four'],
  ['1990s', 'nineteen nineties'],
  ["'90s", 'nineties'],
  ['2010s', 'twenty tens'],
  ['1960s', 'nineteen sixties'],
  ['1914\u20131918', 'nineteen fourteen to nineteen eighteen'],
  ['1914-18', 'nineteen fourteen to eighteen'],
  ['9999', 'nine thousand nine hundred ninety nine'],
])('%j is read "%s"', (written, spoken) => {
  expect(
    readText(written)
      .flatMap((word) => word.spoken)
      .join(' '),
  ).toBe(spoken);
});
