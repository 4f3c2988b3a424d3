import { foldToAscii } from './fold.ts';
import { readInitialisms } from './initialisms.ts';
import { cardinalWords, digitWords } from './number-words.ts';
import { readNumbers } from './numbers.ts';
import type { Reader, WordInContext } from './reader.ts';
import { readRoman } from './roman.ts';
import { spell } from './spelling.ts';
import { innerSymbol } from './symbols.ts';
import { readYears } from './years.ts';

/** The voice reads longer runs of letters badly and slowly; nobody misses the join. */
const LONGEST_RUN = 24;

function letters(run: string): string[] {
  const word = run.toLowerCase().replace(/^'+|'+$/g, '');
  return word.match(new RegExp(`.{1,${LONGEST_RUN}}`, 'g')) ?? [];
}

/** One piece of a compound: a number, an initialism, or plain letters. */
function piece(text: string, word: WordInContext): readonly string[] {
  const context: WordInContext = { core: text, stop: false, previous: word.previous, next: word.next };
  if (/^\d+$/.test(text)) return readYears(context) ?? readNumbers(context) ?? digitWords(text);
  // `AT&T` and `B2B` are letters, though AT alone is a shouted word.
  if (/^[A-Z]{1,4}$/.test(text) && /[&\d]/.test(word.core)) return spell(text);
  return (
    (text === 'A' && word.core !== 'A' ? ['ay'] : undefined) ??
    readRoman(context) ??
    readInitialisms(context) ??
    letters(text)
  );
}

/**
 * Everything that no other reader took: plain words, hyphenated and slashed ones (`and/or`, `COVID-19`), letters mixed
 * with digits (`H2O`, `1080p`), camel case, hashtags, and any foreign script, folded to ASCII.
 */
export const readWords: Reader = (word) => {
  const folded = foldToAscii(word.core).slice(0, 20_000);
  const capitalsOnly = /^[A-Z]+$/.test(folded);
  const split = capitalsOnly ? folded : folded.replace(/(?<!\bMa?)([a-z])(?=[A-Z][a-z])/g, '$1 ');
  const pieces = split.match(/[A-Za-z]+(?:'[A-Za-z]+)*|\d+(?:,\d{3})*(?:\.\d+)?|[^A-Za-z\d\s]/g) ?? [];
  return pieces.flatMap((text) => {
    if (/^\d+(?:,\d{3})*\.\d+$/.test(text) || text.includes(','))
      return readNumbers({ ...word, core: text }) ?? cardinalWords(text.replace(/\D/g, ''));
    return /^[A-Za-z\d]/.test(text) ? piece(text, word) : innerSymbol(text);
  });
};
