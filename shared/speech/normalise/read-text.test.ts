import { describe, expect, test } from 'vitest';
import { readText } from './read-text.ts';

const spoken = (text: string) =>
  readText(text)
    .flatMap((word) => word.spoken)
    .join(' ');

describe('a text keeps its written words', () => {
  test('each with what is said for it', () => {
    expect(
      readText('Born in the 1990s, 5 km away.').map((word) => [word.text, word.spoken.join(' '), word.pause]),
    ).toEqual([
      ['Born', 'born', 'none'],
      ['in', 'in', 'none'],
      ['the', 'the', 'none'],
      ['1990s,', 'nineteen nineties', 'clause'],
      ['5', 'five', 'none'],
      ['km', 'kilometers', 'none'],
      ['away.', 'away', 'sentence'],
    ]);
  });

  test('unspoken marks join their neighbour', () => {
    expect(readText('— One — two …').map((word) => word.text)).toEqual(['— One —', 'two …']);
  });

  test.each(['', '   ', '...', '!?!', '😀👍🏽', '\u0000\u0007\u001b', '—', '<b></b>', '$$$$'])(
    'nothing is said of %j',
    (text) => {
      expect(readText(text)).toEqual([]);
    },
  );
});

describe('sentences end where they end', () => {
  test.each([
    ['Dr. Smith met J. R. Tolkien. They left.', ['Tolkien.', 'left.']],
    ['It weighs 5 kg. Then it grew.', ['kg.', 'grew.']],
    ['See No. 5 on p. 12, e.g. here. Done', ['here.', 'Done']],
    ['"Stop!" he cried. "Why?"', ['cried.', '"Why?"']],
    ['He lives in the U.S. and is well. Yes', ['well.', 'Yes']],
    ['A title\n\nA paragraph', ['title', 'paragraph']],
    ['Wait... what? No.', ['what?', 'No.']],
  ])('%s', (text, ends) => {
    const found = readText(text).filter((word) => word.pause === 'sentence' || word.pause === 'question');
    expect(found.map((word) => word.text)).toEqual(ends);
  });
});

test.each([
  ['x'.repeat(5_000)],
  ['9'.repeat(5_000)],
  ['€'.repeat(5_000)],
  ['<'.repeat(5_000)],
  ['[a]('.repeat(1_250)],
  ['*_'.repeat(2_500)],
  ['a.'.repeat(2_500)],
  ['<!--'.repeat(1_250)],
  ['日'.repeat(5_000)],
  ['\ud800'.repeat(100)],
  ['"'.repeat(4_999)],
])('hostile text %#, only plain words come out', (text) => {
  for (const word of readText(text)) {
    for (const token of word.spoken) expect(token).toMatch(/^[a-z']+$/);
    expect(word.spoken.join(' ').length).toBeLessThanOrEqual(240);
  }
});

test('the whole of a hard passage', () => {
  expect(
    spoken('On 3 March 2024, at 10:30 a.m., Dr. O’Neil paid $3.50 for ½ kg of café-au-lait @ 20°C.'),
  ).toBe(
    "on the third of march twenty twenty four at ten thirty ay em doctor o'neil paid three dollars and fifty cents for one half of a kilogram of cafe au lait at twenty degrees celsius",
  );
});
