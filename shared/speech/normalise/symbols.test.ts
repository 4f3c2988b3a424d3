import { expect, test } from 'vitest';
import { readText } from './read-text.ts';

test.each([
  ['rock & roll', 'rock and roll'],
  ['1 + 1 = 2', 'one plus one equals two'],
  ['3 \u00d7 4', 'three times four'],
  ['C++', 'c plus plus'],
  ['#hashTag', 'hash tag'],
  ['me @ home', 'me at home'],
  ['a / b', 'a slash b'],
  ['5 \u00b1 1', 'five plus or minus one'],
  ['x > y', 'x greater than y'],
  ['either/or', 'either or'],
  ['snake_case', 'snake case'],
])('%j is read "%s"', (written, spoken) => {
  expect(
    readText(written)
      .flatMap((word) => word.spoken)
      .join(' '),
  ).toBe(spoken);
});
