import { expect } from 'vitest';
import { type Script, script } from '#shared/events';

/** What dictionaries write and nobody says. */
const NOTATION =
  /[()[\]{}<>|*_#`~^\\=]|\b(?:esp|etc|approx)\.|\be\.g\.|\bi\.e\.|;\s*[.;]|[,;:]\.|\.\.|,,|--|\s[,.;:?!]|\s{2}|\p{Cc}|\p{Co}|\p{Cs}|\ufffd/u;
const GRAMMAR =
  /\b(?:a (?:[aei]\w|o(?!ne\b|nce\b)\w)|an [bcdfgjklmnpqrstvwyz]\w|(?:a|an|the) (?:a|an|the)(?!-)|is are|are is|(the|an?|of|is|and|to|in) \1)\b(?! )/;

/** Checks what must hold of every script, whatever it is about. */
export function expectSound(written: Script): void {
  const read = script.parse(written);
  const keys = read.scenes.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(read.scenes[0]?.role).toBe('hook');
  if (read.scenes.length > 1) expect(read.scenes.at(-1)?.role).toBe('close');
  expect(read.title).toMatch(/[\p{L}\p{N}]/u);
  for (const { narration, heading, picture } of read.scenes) {
    expect(narration).toMatch(/[\p{L}\p{N}]/u);
    expect(narration, 'ends like speech').toMatch(/[.!?…,;:]["'”’)\]]*$/u);
    expect(unbalanced(narration), narration).toEqual([]);
    expect(narration + heading + picture.subject).not.toMatch(
      /[\p{Cc}\p{Co}\p{Cs}\u200b-\u200f\u202a-\u202e\u2066-\u2069]/u,
    );
    expect(picture.words.length, narration).toBeGreaterThan(0);
    expect(picture.subject).not.toBe('');
  }
}

/** What must hold besides where the dictionary alone speaks. */
export function expectSpoken(written: Script): void {
  expectSound(written);
  expect(written.scenes.length).toBeGreaterThanOrEqual(3);
  expect(written.scenes[0]?.narration).toMatch(/[?.]/);
  const sentences = written.scenes.flatMap(({ narration }) =>
    narration.split(/(?<=[.?!])(?<!\b(?:\p{Lu}|St|Mt|Dr|Mr|Mrs)\.)\s+(?=[\p{Lu}“])/u),
  );
  expect(sentences.filter((sentence, index) => sentences.indexOf(sentence) !== index)).toEqual([]);
  for (const sentence of sentences) {
    expect(sentence).not.toMatch(NOTATION);
    expect(sentence, 'ends with a mark').toMatch(/[.?!]”?$/);
    expect(sentence, 'begins with a capital or a quotation').toMatch(/^[\p{Lu}\p{N}“]/u);
    expect(sentence.split(' ').length).toBeLessThanOrEqual(60);
  }
  expect(written.scenes.map(({ narration }) => narration).join(' ')).not.toMatch(GRAMMAR);
}

const pairs: readonly (readonly [string, string])[] = [
  ['(', ')'],
  ['[', ']'],
  ['“', '”'],
];

function unbalanced(text: string): readonly string[] {
  const count = (mark: string): number => text.split(mark).length - 1;
  const odd = pairs.filter(([open, close]) => count(open) !== count(close)).map(([open]) => open);
  return count('"') % 2 === 0 ? odd : [...odd, '"'];
}
