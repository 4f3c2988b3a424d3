import { describe, expect, test } from 'vitest';
import { spoken } from '../fixtures/speech.ts';
import { captionPhrases } from './painter.ts';
import { groupPhrases } from './phrases.ts';
import { captionTrack } from './track.ts';

const formats = [
  { width: 1920, height: 1080 },
  { width: 1080, height: 1920 },
  { width: 1080, height: 1080 },
  { width: 320, height: 180 },
  { width: 180, height: 320 },
];
const PASSAGE =
  'An octopus has three hearts, and two of them stop beating whenever it swims away. That is why most of them prefer to crawl: it is cheaper, quieter and far less tiring than jetting through cold water.';

/** One letter, one pixel. */
const letters = (text: string): number => text.length;

describe('groupPhrases', () => {
  const lines = (text: string, capacity: number): string[] =>
    groupPhrases({ words: spoken(text), measure: letters, capacity }).map((phrase) =>
      phrase.words.map((word) => word.text).join(' '),
    );

  test('breaks at ends of sentences and at commas rather than between an article and its noun', () => {
    expect(
      lines('The hearts of an octopus are three. Two feed the gills, and the third feeds the body.', 40),
    ).toEqual([
      'The hearts of an octopus are three.',
      'Two feed the gills,',
      'and the third feeds the body.',
    ]);
  });

  test('no phrase is wider than it may be, every word is kept, phrases do not overlap', () => {
    const phrases = groupPhrases({ words: spoken(PASSAGE.repeat(20)), measure: letters, capacity: 50 });
    expect(phrases.flatMap((phrase) => phrase.words)).toEqual(spoken(PASSAGE.repeat(20)));
    for (const [index, phrase] of phrases.entries()) {
      expect(phrase.words.map((word) => word.text).join(' ').length).toBeLessThanOrEqual(50);
      expect(phrase.end).toBeLessThanOrEqual(phrases[index + 1]?.start ?? Infinity);
      expect(phrase.end).toBeGreaterThanOrEqual(phrase.words.at(-1)?.end ?? 0);
    }
  });

  test('a pause clears the caption', () => {
    const words = [...spoken('Wait for it'), ...spoken('and now', 5)];
    const [before, after] = groupPhrases({ words, measure: letters, capacity: 50 });
    expect(before?.end).toBeLessThan(2);
    expect(after?.start).toBe(5);
  });

  test.each([
    ['nothing', [], 0],
    ['words without letters', ['', ' ', '\u0000\u0007'], 0],
    ['a reversed line', ['\u202eevil\u202c'], 1],
  ])('takes %s', (_, texts, expected) => {
    const words = texts.map((text, index) => ({ text, start: index, end: index + 1 }));
    const phrases = groupPhrases({ words, measure: letters, capacity: 50 });
    expect(phrases).toHaveLength(expected);
    if (expected) expect(phrases[0]?.words[0]?.text).toBe('evil');
  });
});

const hard = [
  ['a sentence', PASSAGE],
  [
    'a very long word',
    'Pneumonoultramicroscopicsilicovolcanoconiosis-and-antidisestablishmentarianism happen.',
  ],
  ['a long address', `See https://example.org/${'a-long-path/'.repeat(12)}?query=1 now.`],
  ['one letter 200 times', `${'W'.repeat(400)} end`],
  ['other scripts', 'Crème brûlée, Привет мир, αβγ and 🐙 too.'],
] as const;

describe.each(formats)('captions of $width × $height', ({ width, height }) => {
  test.each(hard)('%s stands inside the title-safe area, nothing cut off', (_, text) => {
    const phrases = captionPhrases({ words: spoken(text), width, height });
    expect(phrases.length).toBeGreaterThan(0);
    for (const { box, paint } of phrases) {
      expect(box.width % 16).toBe(0);
      expect([box.x % 2, box.y % 2, box.height % 2]).toEqual([0, 0, 0]);
      const ink = inkOf(paint(0), box.width);
      expect(box.x + ink.left).toBeGreaterThanOrEqual(width * 0.05);
      expect(box.x + ink.right).toBeLessThanOrEqual(width * 0.95);
      expect(box.y + ink.top).toBeGreaterThanOrEqual(height * 0.05);
      expect(box.y + ink.bottom).toBeLessThanOrEqual(height * 0.96);
      // Ink that touches the box's edge was cut by it.
      expect(ink.left).toBeGreaterThan(0);
      expect(ink.right).toBeLessThan(box.width - 1);
      expect(ink.top).toBeGreaterThan(0);
      expect(ink.bottom).toBeLessThan(box.height - 1);
    }
  });

  test('the spoken word alone is highlighted, and it moves on', () => {
    const [phrase] = captionPhrases({ words: spoken('One two three.'), width, height });
    const places = [0, 1, 2].map((word) =>
      yellowMiddle(phrase?.paint(word) ?? new Uint8ClampedArray(), phrase?.box.width ?? 1),
    );
    expect(places[0]).toBeLessThan(places[1] ?? 0);
    expect(places[1]).toBeLessThan(places[2] ?? 0);
  });
});

test('a frame shows the word that is being spoken', () => {
  const words = spoken('One two three. Four five six.');
  const phrases = captionPhrases({ words, width: 320, height: 180 });
  const captionAt = captionTrack({ phrases, fps: 30, frames: 300 });
  const shown = Array.from({ length: 300 }, (_, frame) => captionAt(frame));
  for (const { text, start, end } of words) {
    const state = shown[Math.round(((start + end) / 2) * 30)];
    expect(state?.phrase.words[state.word]?.text).toBe(text);
  }
  expect(shown[0]).toBeUndefined();
  expect(shown.at(-1)).toBeUndefined();
});

/** The edges of all that is visible: alpha of a quarter and more, the shadow's soft end aside. */
function inkOf(
  rgba: Uint8ClampedArray,
  width: number,
): { left: number; right: number; top: number; bottom: number } {
  const ink = { left: Infinity, right: -1, top: Infinity, bottom: -1 };
  for (let at = 3; at < rgba.length; at += 4) {
    if ((rgba[at] ?? 0) < 64) continue;
    const [x, y] = [((at - 3) / 4) % width, Math.floor((at - 3) / 4 / width)];
    ink.left = Math.min(ink.left, x);
    ink.right = Math.max(ink.right, x);
    ink.top = Math.min(ink.top, y);
    ink.bottom = Math.max(ink.bottom, y);
  }
  return ink;
}

function yellowMiddle(rgba: Uint8ClampedArray, width: number): number {
  let [sum, count] = [0, 0];
  for (let at = 0; at < rgba.length; at += 4) {
    const isYellow = (rgba[at] ?? 0) > 240 && (rgba[at + 2] ?? 255) < 100 && (rgba[at + 3] ?? 0) > 250;
    if (isYellow) [sum, count] = [sum + ((at / 4) % width), count + 1];
  }
  return sum / count;
}
