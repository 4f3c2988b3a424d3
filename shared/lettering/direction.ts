const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const LETTER = /\p{L}/u;

/** Of the first letter that has one. */
export function directionOf(text: string): 'ltr' | 'rtl' {
  const first = [...text].find((character) => LETTER.test(character));
  return first !== undefined && RIGHT_TO_LEFT.test(first) ? 'rtl' : 'ltr';
}

/** Pieces of a line as they stand from left to right (Unicode Bidirectional Algorithm, whole words only). */
export function inVisualOrder<Piece>(
  pieces: readonly Piece[],
  { base, textOf }: { base: 'ltr' | 'rtl'; textOf: (piece: Piece) => string },
): readonly Piece[] {
  const runs: { direction: 'ltr' | 'rtl'; pieces: Piece[] }[] = [];
  for (const piece of pieces) {
    const last = runs.at(-1);
    // A number or a sign goes with what stands before it.
    const own = LETTER.test(textOf(piece)) ? directionOf(textOf(piece)) : (last?.direction ?? base);
    if (last?.direction === own) last.pieces.push(piece);
    else runs.push({ direction: own, pieces: [piece] });
  }
  const placed = runs.map((run) => (run.direction === 'rtl' ? run.pieces.toReversed() : run.pieces));
  return (base === 'rtl' ? placed.toReversed() : placed).flat();
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** What a reader takes for one letter: a base with all its marks. */
export function graphemesOf(text: string): readonly string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
