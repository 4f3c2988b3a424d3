import type { Phone } from './phones.ts';

/** When one group of sounds begins and ends, in seconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const vowels = new Set('aa ae ah ao aw ax axr ay eh er ey ih iy ow oy uh uw'.split(' '));

function substitutionCost(expected: string, heard: string): number {
  if (expected === heard) return 0;
  return vowels.has(expected) === vowels.has(heard) ? 0.6 : 1.2;
}

/**
 * Divides the sounds of a sentence among its words.
 *
 * flite prints the sounds with their end times but not the words. Each word's pronunciation by itself is known; running
 * speech differs a little from it (`the` before a vowel, `'s`). So the pronunciations in a row are laid over what was
 * said with the least edit distance (Needleman and Wunsch 1970), and each sound belongs to the word it is laid on.
 * Sounds that match nothing go with the word before them. Pauses never belong to a word.
 *
 * @returns one span a word, monotonic, none overlapping; a word without a sound of its own gets a share of its neighbour's
 */
export function timeWords(request: {
  phones: readonly Phone[];
  pronunciations: readonly (readonly string[])[];
}): readonly Span[] {
  const heard = request.phones.filter((phone) => phone.name !== 'pau');
  const expected = request.pronunciations.flatMap((names, word) => names.map((name) => ({ name, word })));
  const width = heard.length + 1;
  const cost = new Float32Array((expected.length + 1) * width);
  const at = (row: number, column: number) => cost[row * width + column] ?? Number.POSITIVE_INFINITY;
  for (let row = 0; row <= expected.length; row++) {
    for (let column = 0; column < width; column++) {
      if (row === 0 || column === 0) {
        cost[row * width + column] = row + column;
        continue;
      }
      const change = substitutionCost(expected[row - 1]?.name ?? '', heard[column - 1]?.name ?? '');
      cost[row * width + column] = Math.min(
        at(row - 1, column - 1) + change,
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
      );
    }
  }
  const owner = new Int32Array(heard.length).fill(-1);
  let [row, column] = [expected.length, heard.length];
  while (row > 0 && column > 0) {
    const change = substitutionCost(expected[row - 1]?.name ?? '', heard[column - 1]?.name ?? '');
    if (Math.abs(at(row, column) - at(row - 1, column - 1) - change) < 1e-3) {
      owner[column - 1] = expected[row - 1]?.word ?? -1;
      row--;
      column--;
    } else if (Math.abs(at(row, column) - at(row - 1, column) - 1) < 1e-3) row--;
    else column--;
  }
  return spansOf({ heard, owner, words: request.pronunciations.length });
}

function spansOf(request: { heard: readonly Phone[]; owner: Int32Array; words: number }): readonly Span[] {
  const spans: ({ start: number; end: number } | undefined)[] = new Array(request.words).fill(undefined);
  let last = Math.max(0, request.owner.find((word) => word >= 0) ?? 0);
  for (const [index, phone] of request.heard.entries()) {
    const own = request.owner[index] ?? -1;
    if (own >= 0) last = own;
    const span = spans[last];
    if (span === undefined) spans[last] = { start: phone.start, end: phone.end };
    else span.end = phone.end;
  }
  return fillGaps(spans);
}

/** A word that got no sound shares the span of the nearest word before it (or after, at the beginning). */
function fillGaps(spans: readonly (Span | undefined)[]): readonly Span[] {
  const filled: Span[] = [];
  let index = 0;
  while (index < spans.length) {
    let after = index + 1;
    const leading = spans[index] === undefined;
    while (
      after < spans.length &&
      (spans[after] === undefined || (leading && spans[after - 1] === undefined))
    )
      after++;
    const shared = spans.slice(index, after).find((span) => span !== undefined) ?? { start: 0, end: 0 };
    const share = (shared.end - shared.start) / (after - index);
    for (let part = 0; part < after - index; part++) {
      filled.push({ start: shared.start + share * part, end: shared.start + share * (part + 1) });
    }
    index = after;
  }
  return filled;
}
