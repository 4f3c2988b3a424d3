import { expect, test } from 'vitest';
import { readText } from './read-text.ts';

test.each([
  ['0', 'zero'],
  ['7', 'seven'],
  ['21', 'twenty one'],
  ['100', 'one hundred'],
  ['1,234', 'one thousand two hundred thirty four'],
  ['1,000,000', 'one million'],
  ['3.14', 'three point one four'],
  ['.5', 'zero point five'],
  ['-5', 'minus five'],
  ['\u221212', 'minus twelve'],
  ['1st', 'first'],
  ['22nd', 'twenty second'],
  ['30th', 'thirtieth'],
  ['112th', 'one hundred twelfth'],
  ['3/4', 'three quarters'],
  ['1/2', 'one half'],
  ['5/8', 'five eighths'],
  ['\u00bd', 'one half'],
  ['2\u00bd', 'two and one half'],
  ['10-20', 'ten to twenty'],
  ['3:1', 'three to one'],
  ['3.5.2', 'three point five point two'],
  ['007', 'zero zero seven'],
  ['10x', 'ten times'],
  ['4\u00d74', 'four times four'],
  ['#5', 'number five'],
  ['24/7', 'twenty four seven'],
  [
    '123456789012345678901',
    'one two three four five six seven eight nine zero one two three four five six seven eight nine zero one',
  ],
])('%j is read "%s"', (written, spoken) => {
  expect(
    readText(written)
      .flatMap((word) => word.spoken)
      .join(' '),
  ).toBe(spoken);
});
