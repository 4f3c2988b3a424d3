import { isAbbreviation, readAbbreviations } from './abbreviations.ts';
import { cleanText } from './clean.ts';
import { readCurrency } from './currency.ts';
import { readDates } from './dates.ts';
import { foldPunctuation } from './fold.ts';
import { readInitialisms } from './initialisms.ts';
import { readNumbers } from './numbers.ts';
import type { Reader, WordInContext } from './reader.ts';
import { readRoman } from './roman.ts';
import { readSymbols } from './symbols.ts';
import { readTimes } from './times.ts';
import { readUnits } from './units.ts';
import { readWeb } from './web.ts';
import { readWords } from './words.ts';
import { readYears } from './years.ts';

/** What the voice does after a word. */
export type Pause = 'none' | 'clause' | 'question' | 'sentence';

/** One word as written, and as it is said. */
export interface ReadWord {
  /** As the author wrote it, punctuation included; dashes and the like that stand alone are joined to it. */
  readonly text: string;
  /** Plain lower-case ASCII words, at least one. */
  readonly spoken: readonly string[];
  readonly pause: Pause;
}

/** The first that knows the word reads it; the last knows every word. */
const readers: readonly Reader[] = [
  readWeb,
  readDates,
  readTimes,
  readAbbreviations,
  readCurrency,
  readUnits,
  readYears,
  readRoman,
  readNumbers,
  readSymbols,
  readInitialisms,
  readWords,
];

interface Written {
  readonly text: string;
  readonly core: string;
  readonly stop: boolean;
  readonly tail: string;
  /** A blank line follows. */
  readonly endsParagraph: boolean;
}

function dissect(text: string, endsParagraph: boolean): Written {
  const folded = foldPunctuation(text);
  const withoutHead = folded.replace(/^["'([{<«¿¡*_]+(?=.)/, '');
  const tail = /[\])}"'>»,;:!?.*_]*$/.exec(withoutHead)?.[0] ?? '';
  const core = withoutHead.slice(0, withoutHead.length - tail.length);
  return {
    text,
    core: core === '' && !/[.,;:!?"'()]/.test(folded) ? folded : core,
    stop: tail.startsWith('.') && !tail.startsWith('..'),
    tail,
    endsParagraph,
  };
}

function pauseAfter(word: Written, next: Written | undefined): Pause {
  if (next === undefined || word.endsParagraph) return word.tail.includes('?') ? 'question' : 'sentence';
  const continues = /^[\p{Ll}]/u.test(next.core);
  if (/[!?]/.test(word.tail)) return continues ? 'clause' : word.tail.includes('?') ? 'question' : 'sentence';
  if (/\.{2,}/.test(word.tail)) return continues ? 'clause' : 'sentence';
  if (word.tail.includes('.')) {
    if (continues) return 'none';
    if (!isAbbreviation(word.core, next.core)) return 'sentence';
    return 'none';
  }
  if (/[,;:)\]]/.test(word.tail)) return 'clause';
  return /^["(]/.test(foldPunctuation(next.text)) && /^\(/.test(next.text) ? 'clause' : 'none';
}

/** Letters that are said of one written word; of five thousand without a space only the beginning is read. */
const LONGEST_READING = 240;

function withinReason(spoken: readonly string[]): readonly string[] {
  const words: string[] = [];
  let length = 0;
  for (const token of spoken) {
    const plain = token.replace(/[^a-z']/g, '');
    if (!/[a-z]/.test(plain)) continue;
    length += plain.length + 1;
    if (length > LONGEST_READING) break;
    words.push(plain);
  }
  return words;
}

/** The readers take the first word of a clause for one without a left neighbour. */
function neighbour(word: Written | undefined, closed: boolean): string {
  return word === undefined || closed ? '' : word.core;
}

/**
 * Reads a text as a narrator would: every written word with the plain words that are said for it.
 * Words of which nothing is said (a dash, a lone bracket) join the word before them.
 */
export function readText(text: string): readonly ReadWord[] {
  const written = cleanText(text)
    .split(/\n{2,}/)
    .flatMap((paragraph) => {
      const words = paragraph.split(/\s+/).filter((word) => word !== '');
      return words.map((word, index) => dissect(word, index === words.length - 1));
    });
  const read: ReadWord[] = [];
  let unsaid = '';
  for (const [index, word] of written.entries()) {
    const [before, after] = [written[index - 1], written[index + 1]];
    const context: WordInContext = {
      core: word.core,
      stop: word.stop,
      previous: neighbour(before, before !== undefined && /sentence|question/.test(pauseAfter(before, word))),
      next: neighbour(after, word.tail !== '' && word.tail !== '.'),
    };
    const spoken =
      word.core === ''
        ? []
        : (readers.map((reader) => reader(context)).find((words) => words !== undefined) ?? []);
    const sayable = withinReason(spoken);
    const last = read.at(-1);
    if (sayable.length > 0) {
      read.push({ text: unsaid + word.text, spoken: sayable, pause: pauseAfter(word, after) });
      unsaid = '';
    } else if (last) {
      const pause = pauseAfter(word, after);
      read[read.length - 1] = {
        ...last,
        text: `${last.text} ${word.text}`,
        pause: pause === 'none' && last.pause === 'none' ? 'clause' : pause === 'none' ? last.pause : pause,
      };
    } else unsaid = `${unsaid}${word.text} `;
  }
  return read;
}
