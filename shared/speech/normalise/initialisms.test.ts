import { expect, test } from 'vitest';
import { readText } from './read-text.ts';

test.each([
  ['BBC', 'b b c'],
  ['NASA', 'nasa'],
  ['U.S.', 'u s'],
  ['U.S.A.', 'u s ay'],
  ['the US', 'the u s'],
  ['DVDs', "d v d's"],
  ['CO2', 'c o two'],
  ['H2O', 'h two o'],
  ['AT&T', 'ay t and t'],
  ['COVID-19', 'covid nineteen'],
  ['THE SEA IS DEEP', 'the sea is deep'],
  ['FBI\u2019s', "f b i's"],
  ['Vitamin A is', 'vitamin ay is'],
  ['I', 'i'],
  ['STOP', 'stop'],
  ['USSR', 'u s s r'],
  ['HTML', 'h t m l'],
  ['UNESCO', 'unesco'],
])('%j is read "%s"', (written, spoken) => {
  expect(
    readText(written)
      .flatMap((word) => word.spoken)
      .join(' '),
  ).toBe(spoken);
});
