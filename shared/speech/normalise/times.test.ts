import { expect, test } from 'vitest';
import { readText } from './read-text.ts';

test.each([
  ['10:30', 'ten thirty'],
  ['10:05', 'ten oh five'],
  ['10:00', "ten o'clock"],
  ['10:30 a.m.', 'ten thirty ay em'],
  ['7pm', 'seven pee em'],
  ['7:05pm', 'seven oh five pee em'],
  ['22:15:30', 'twenty two fifteen and thirty seconds'],
  ['I am', 'i am'],
])('%j is read "%s"', (written, spoken) => {
  expect(
    readText(written)
      .flatMap((word) => word.spoken)
      .join(' '),
  ).toBe(spoken);
});
