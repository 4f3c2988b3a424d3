import { expect, test } from 'vitest';
import { nearestWord } from '#shared/errors';

const formats = ['long', 'short', 'square'];

test.each([
  ['shrot', 'short'],
  ['Long', 'long'],
  ['squre', 'square'],
  ['lon', 'long'],
  ['render-tss', 'render-tts'],
  ['tall', undefined],
  ['', undefined],
  ['xy', undefined],
  ['s'.repeat(1_000_000), undefined],
])('%.20s is near to %s', (word, meant) => {
  expect(nearestWord(word, [...formats, 'render-tts'])).toBe(meant);
});

test('of nothing, nothing is near', () => {
  expect(nearestWord('long', [])).toBeUndefined();
});
