export type WordClass = 'noun' | 'verb' | 'adjective' | 'adverb';

/** The relations that Millrace reads; see wninput(5WN) for their symbols. */
export type PointerKind =
  | 'hypernym'
  | 'instance-of'
  | 'hyponym'
  | 'instance'
  | 'member-of'
  | 'substance-of'
  | 'part-of'
  | 'member'
  | 'substance'
  | 'part'
  | 'similar'
  | 'derived'
  | 'entails'
  | 'causes'
  | 'topic'
  | 'topic-member'
  | 'region-member'
  | 'usage'
  | 'attribute'
  | 'opposite';

export interface Pointer {
  readonly kind: PointerKind;
  readonly wordClass: WordClass;
  readonly offset: number;
}

/** Words that share one meaning. */
export interface Synset {
  /** Stable within WordNet 3.1: `n1972805`. */
  readonly id: string;
  readonly wordClass: WordClass;
  readonly offset: number;
  /** The lexicographer's file it stands in (lexnames(5WN)): 5 animals, 6 artifacts, 20 plants … */
  readonly topicFile: number;
  /** Written with spaces, their own capitals kept. */
  readonly lemmas: readonly string[];
  /** Without its examples. */
  readonly definition: string;
  readonly examples: readonly string[];
  readonly pointers: readonly Pointer[];
}

/** A meaning of one word, with how often it was met in the tagged texts of WordNet. */
export interface Sense {
  readonly synset: Synset;
  readonly tagCount: number;
}

const pointerKinds: Readonly<Record<string, PointerKind>> = {
  '@': 'hypernym',
  '@i': 'instance-of',
  '~': 'hyponym',
  '~i': 'instance',
  '#m': 'member-of',
  '#s': 'substance-of',
  '#p': 'part-of',
  '%m': 'member',
  '%s': 'substance',
  '%p': 'part',
  '&': 'similar',
  '+': 'derived',
  '*': 'entails',
  '>': 'causes',
  ';c': 'topic',
  '-c': 'topic-member',
  '-r': 'region-member',
  ';u': 'usage',
  '=': 'attribute',
  '!': 'opposite',
};

const wordClasses: Readonly<Record<string, WordClass>> = {
  n: 'noun',
  v: 'verb',
  a: 'adjective',
  s: 'adjective',
  r: 'adverb',
};

/** Reads one line of a data file (wndb(5WN)). */
export function parseSynset(line: string): Synset {
  const bar = line.indexOf(' | ');
  const fields = line.slice(0, bar).split(' ');
  const at = (index: number): string => fields[index] ?? '';
  const wordClass = wordClasses[at(2)] ?? 'noun';
  const words = Number.parseInt(at(3), 16);
  const lemmas = Array.from({ length: words }, (_, index) => readLemma(at(4 + index * 2)));
  const firstPointer = 5 + words * 2;
  const count = Number.parseInt(at(firstPointer - 1), 10);
  const pointers: Pointer[] = [];
  for (let index = 0; index < count; index += 1) {
    const start = firstPointer + index * 4;
    const kind = pointerKinds[at(start)];
    if (kind === undefined) continue;
    pointers.push({ kind, wordClass: wordClasses[at(start + 2)] ?? 'noun', offset: Number(at(start + 1)) });
  }
  const offset = Number(at(0));
  return {
    id: `${wordClass.charAt(0)}${offset}`,
    wordClass,
    offset,
    topicFile: Number(at(1)),
    lemmas,
    ...readGloss(line.slice(bar + 3)),
    pointers,
  };
}

/** `Mount_Etna` → `Mount Etna`; an adjective's position mark, `(p)`, goes. */
function readLemma(field: string): string {
  return field.replaceAll('_', ' ').replace(/\((?:a|p|ip)\)$/, '');
}

function readGloss(gloss: string): Pick<Synset, 'definition' | 'examples'> {
  const firstQuote = gloss.search(/(?:^|[;:,]\s*)"/);
  const definition = (firstQuote === -1 ? gloss : gloss.slice(0, firstQuote)).trim().replace(/[;:,]+$/, '');
  const examples = firstQuote === -1 ? [] : [...gloss.slice(firstQuote).matchAll(/"([^"]+)"(\s*-)?/g)];
  return {
    definition: definition.trim(),
    // An example that names its author is a quotation: it is left out.
    examples: examples.filter((match) => match[2] === undefined).map((match) => (match[1] ?? '').trim()),
  };
}
