import { expect, test } from 'vitest';
import { readText } from './read-text.ts';

test.each([
  ['$3.50', 'three dollars and fifty cents'],
  ['$1', 'one dollar'],
  ['$0.99', 'ninety nine cents'],
  ['\u00a31.01', 'one pound and one penny'],
  ['\u20ac5', 'five euros'],
  ['5 \u20ac', 'five euros'],
  ['5\u20ac', 'five euros'],
  ['$5 million', 'five million dollars'],
  ['$1.5 billion', 'one point five billion dollars'],
  ['\u20ac5bn', 'five billion euros'],
  ['$20k', 'twenty thousand dollars'],
  ['-$5', 'minus five dollars'],
  ['\u00a5500', 'five hundred yen'],
  ['20 USD', 'twenty dollars'],
  ['$1,234', 'one thousand two hundred thirty four dollars'],
])('%j is read "%s"', (written, spoken) => {
  expect(
    readText(written)
      .flatMap((word) => word.spoken)
      .join(' '),
  ).toBe(spoken);
});
