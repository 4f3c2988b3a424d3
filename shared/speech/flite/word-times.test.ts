import { expect, test } from 'vitest';
import { parseTimedPhones } from './phones.ts';
import { timeWords } from './word-times.ts';

const phones = parseTimedPhones(
  'pau:0.2 dh:0.3 iy:0.4 aa:0.5 k:0.6 t:0.7 ax:0.8 p:0.9 uh:1.0 s:1.1 pau:1.3 s:1.4 w:1.5 ih:1.6 m:1.7 z:1.8 pau:2.0',
);

test('sounds fall to their words though running speech changes some', () => {
  const pronunciations = [['dh', 'ax'], 'aa k t ax p uh s'.split(' '), 's w ih m z'.split(' ')];
  expect(timeWords({ phones, pronunciations })).toEqual([
    { start: 0.2, end: 0.4 },
    { start: 0.4, end: 1.1 },
    { start: 1.3, end: 1.8 },
  ]);
});

test('a word without a sound of its own shares its neighbour’s time', () => {
  const pronunciations = [['dh', 'ax'], [], 'aa k t ax p uh s'.split(' '), 's w ih m z'.split(' ')];
  const spans = timeWords({ phones, pronunciations });
  expect(spans).toHaveLength(4);
  for (const [index, span] of spans.entries()) {
    expect(span.start).toBeGreaterThanOrEqual(spans[index - 1]?.end ?? 0);
    expect(span.end).toBeGreaterThan(span.start);
  }
});

test('without any sound every word has a time all the same', () => {
  expect(timeWords({ phones: [], pronunciations: [['a'], ['b']] })).toHaveLength(2);
});
