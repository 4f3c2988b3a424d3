import { expect, test } from 'vitest';
import { readText } from './read-text.ts';

test.each([
  ['Chapter IV', 'chapter four'],
  ['World War II', 'world war two'],
  ['Henry VIII', 'henry the eighth'],
  ['Elizabeth I', 'elizabeth the first'],
  ['Louis XIV', 'louis the fourteenth'],
  ['Part I', 'part one'],
  ['I', 'i'],
  ['MIX', 'm i x'],
  ['CD', 'c d'],
  ['IIII', 'i i i i'],
  ['XIX', 'nineteen'],
])('%j is read "%s"', (written, spoken) => {
  expect(
    readText(written)
      .flatMap((word) => word.spoken)
      .join(' '),
  ).toBe(spoken);
});
