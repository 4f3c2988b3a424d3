import { expect, test } from 'vitest';
import { readText } from './read-text.ts';

test.each([
  ['2024-03-15', 'march fifteenth twenty twenty four'],
  ['2024-03-15T10:05:00Z', 'march fifteenth twenty twenty four at ten oh five'],
  ['3/15/2024', 'march fifteenth twenty twenty four'],
  ['15/3/2024', 'march fifteenth twenty twenty four'],
  ['15.3.2024', 'march fifteenth twenty twenty four'],
  ['March 3', 'march third'],
  ['3 March', 'the third of march'],
  ['the 3 March', 'the third of march'],
  ['Sept. 21', 'september twenty first'],
  ['Mar. 3, 2024', 'march third twenty twenty four'],
  ['May 1', 'may first'],
  ['2024-13-45', 'twenty twenty four thirteen forty five'],
])('%j is read "%s"', (written, spoken) => {
  expect(
    readText(written)
      .flatMap((word) => word.spoken)
      .join(' '),
  ).toBe(spoken);
});
