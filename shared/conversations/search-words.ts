/** By the rules of the script: Chinese, Japanese and Thai have no spaces between words (UAX 29). */
const segmenter = new Intl.Segmenter('und', { granularity: 'word' });
/** Code units that are looked at: folding may lengthen what was sent. */
const LONGEST_TEXT = 8_000;
const LONGEST_WORD = 60;
const MOST_ASKED = 10;

/** The words of a text, each once, in lower case and without accents: letters and digits alone. */
export function wordsOf(text: string): readonly string[] {
  const folded = text
    .normalize('NFKD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .slice(0, LONGEST_TEXT)
    .toWellFormed();
  const words = [...segmenter.segment(folded)]
    .filter(({ isWordLike }) => isWordLike === true)
    .flatMap(({ segment }) => segment.split(/[^\p{L}\p{M}\p{N}]+/u))
    .filter((word) => word !== '')
    .map((word) => [...word].slice(0, LONGEST_WORD).join(''));
  return [...new Set(words)];
}

/**
 * What Postgres compares messages with (`tsquery`), `#` in place of a conversation's number: every word must occur, the
 * last may have only begun. Undefined where there is no word.
 */
export function searchQuery(text: string): string | undefined {
  const words = wordsOf(text).slice(0, MOST_ASKED);
  if (words.length === 0) return undefined;
  // Nothing in a word needs quoting.
  return words.map((word, at) => `'#:${word}'${at === words.length - 1 ? ':*' : ''}`).join(' & ');
}
