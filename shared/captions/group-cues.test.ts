import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LONGEST_LINE } from './cue.ts';
import { groupCues } from './group-cues.ts';

/** Words of a text, a third of a second each, half a second of silence after a sentence. */
function timed(text: string, start = 0) {
  let at = start;
  return text.split(' ').map((word) => {
    const span = { text: word, start: at, end: at + 0.3 };
    at += 0.33 + (/[.!?]$/.test(word) ? 0.5 : 0);
    return span;
  });
}

test('captions break where the sentence does', () => {
  const text =
    'Three hearts beat inside an octopus. Two of them pump blood through the gills, and the third sends it around the body.';
  expect(groupCues([timed(text)]).map((cue) => cue.lines.join(' / '))).toEqual([
    'Three hearts beat inside an octopus.',
    'Two of them pump blood through the gills, / and the third sends it around the body.',
  ]);
});

test('no caption spans two scenes', () => {
  const cues = groupCues([timed('The end of'), timed('a scene', 1)]);
  expect(cues.map((cue) => cue.lines)).toEqual([['The end of'], ['a scene']]);
});

test('a lone short word stays for a second', () => {
  expect(groupCues([[{ text: 'Yes.', start: 1, end: 1.2 }]])).toEqual([
    { startMs: 1_000, endMs: 2_000, lines: ['Yes.'] },
  ]);
});

test('a word longer than a line comes in pieces', () => {
  const cues = groupCues([[{ text: 'x'.repeat(500), start: 0, end: 5 }]]);
  expect(cues.flatMap((cue) => cue.lines).join('')).toBe('x'.repeat(500));
  for (const line of cues.flatMap((cue) => cue.lines)) expect(line.length).toBeLessThanOrEqual(LONGEST_LINE);
});

test('no words, no captions', () => {
  expect(groupCues([])).toEqual([]);
  expect(groupCues([[], []])).toEqual([]);
});

describe('whatever the words', () => {
  const word = fc.record({
    text: fc.string({
      minLength: 1,
      maxLength: 60,
      unit: fc.constantFrom('a', 'b', '.', ',', '!', '—', 'é'),
    }),
    lasts: fc.double({ min: 0.02, max: 3, noNaN: true }),
    gap: fc.double({ min: 0, max: 2, noNaN: true }),
  });

  test('every word appears once, lines fit, and captions never overlap', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), (drawn) => {
        let at = 0;
        const words = drawn.map(({ text, lasts, gap }) => {
          const span = { text, start: at, end: at + lasts };
          at += lasts + gap;
          return span;
        });
        const cues = groupCues([words]);
        const shown = cues
          .flatMap((cue) => cue.lines)
          .join('')
          .replaceAll(' ', '');
        expect(shown).toBe(words.map(({ text }) => text).join(''));
        for (const [index, cue] of cues.entries()) {
          expect(cue.endMs).toBeGreaterThan(cue.startMs);
          expect(cue.startMs).toBeGreaterThanOrEqual(cues[index - 1]?.endMs ?? 0);
          expect(cue.endMs - cue.startMs).toBeLessThanOrEqual(6_000);
          expect(cue.lines.length).toBeGreaterThanOrEqual(1);
          expect(cue.lines.length).toBeLessThanOrEqual(2);
          for (const line of cue.lines) expect([...line].length).toBeLessThanOrEqual(LONGEST_LINE);
        }
      }),
      { numRuns: 200 },
    );
  });
});
