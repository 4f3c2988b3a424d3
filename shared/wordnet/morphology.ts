import type { WordClass } from './synset.ts';

/** The detachment rules of morphy(7WN). */
const endings: Readonly<Record<WordClass, readonly (readonly [string, string])[]>> = {
  noun: [
    ['ies', 'y'],
    ['ves', 'f'],
    ['ves', 'fe'],
    ['ses', 's'],
    ['xes', 'x'],
    ['zes', 'z'],
    ['ches', 'ch'],
    ['shes', 'sh'],
    ['men', 'man'],
    ['s', ''],
  ],
  verb: [
    ['ies', 'y'],
    ['es', 'e'],
    ['es', ''],
    ['s', ''],
    ['ed', 'e'],
    ['ed', ''],
    ['ing', 'e'],
    ['ing', ''],
  ],
  adjective: [
    ['er', ''],
    ['est', ''],
    ['er', 'e'],
    ['est', 'e'],
  ],
  adverb: [],
};

const irregularPlurals: Readonly<Record<string, string>> = {
  alumnus: 'alumni',
  axis: 'axes',
  bacterium: 'bacteria',
  cactus: 'cacti',
  child: 'children',
  crisis: 'crises',
  criterion: 'criteria',
  deer: 'deer',
  die: 'dice',
  fish: 'fish',
  foot: 'feet',
  fungus: 'fungi',
  goose: 'geese',
  human: 'humans',
  knife: 'knives',
  larva: 'larvae',
  leaf: 'leaves',
  life: 'lives',
  loaf: 'loaves',
  louse: 'lice',
  mouse: 'mice',
  nebula: 'nebulae',
  nucleus: 'nuclei',
  ox: 'oxen',
  person: 'people',
  phenomenon: 'phenomena',
  scarf: 'scarves',
  self: 'selves',
  sheep: 'sheep',
  shelf: 'shelves',
  species: 'species',
  thief: 'thieves',
  tooth: 'teeth',
  vertebra: 'vertebrae',
  wife: 'wives',
  wolf: 'wolves',
};

const irregularBases: ReadonlyMap<string, string> = new Map([
  ...Object.entries(irregularPlurals).map(([one, many]) => [many, one] as const),
  ['ran', 'run'],
  ['grew', 'grow'],
  ['grown', 'grow'],
  ['made', 'make'],
  ['flew', 'fly'],
  ['swam', 'swim'],
  ['froze', 'freeze'],
  ['built', 'build'],
  ['slept', 'sleep'],
  ['fell', 'fall'],
]);

/** Forms under which a dictionary may list this word, most literal first. */
export function baseForms(word: string, wordClass: WordClass): readonly string[] {
  const forms = new Set([word]);
  const irregular = irregularBases.get(word);
  if (irregular !== undefined) forms.add(irregular);
  for (const [ending, replacement] of endings[wordClass]) {
    if (word.length > ending.length + 1 && word.endsWith(ending)) {
      forms.add(word.slice(0, -ending.length) + replacement);
    }
  }
  if (wordClass === 'verb') {
    // "running" → "run": the doubled consonant goes.
    const doubled = /^(.*([bdgklmnprt]))\2(?:ed|ing)$/.exec(word);
    if (doubled?.[1] !== undefined) forms.add(doubled[1]);
  }
  return [...forms];
}

/** The plural of an English noun; of a phrase, that of its last word or of what stands before "of". */
export function pluralOf(noun: string): string {
  // "theater of the absurd" → "theaters of the absurd"
  const phrase = /^(\S+)( (?:of|in|to|for|on|at) .+)$/.exec(noun);
  if (phrase?.[1] !== undefined) return pluralOf(phrase[1]) + (phrase[2] ?? '');
  const cut = noun.lastIndexOf(' ') + 1;
  const before = noun.slice(0, cut);
  const last = noun.slice(cut);
  const irregular = irregularPlurals[last];
  if (irregular !== undefined) return before + irregular;
  if (/(?:[^aeiou]y|quy)$/i.test(last)) return `${before}${last.slice(0, -1)}ies`;
  if (/(?:volcano|potato|tomato|hero|echo|mosquito|torpedo|buffalo|mango|tornado|domino|cargo)$/i.test(last))
    return `${noun}es`;
  if (last.endsWith('genus')) return `${noun.slice(0, -5)}genera`;
  if (/(?:s|x|z|ch|sh)$/i.test(last)) return `${noun}es`;
  if (/(?:[^f]fe|lf)$/i.test(last)) return `${before}${last.replace(/fe?$/, 'ves')}`;
  if (/woman$|[^u]man$/i.test(last) && last.length > 3) return `${before}${last.slice(0, -2)}en`;
  return `${noun}s`;
}
