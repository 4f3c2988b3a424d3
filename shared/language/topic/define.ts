import { pluralOf, type Synset, type WordNet } from '#shared/wordnet';
import { type Gloss, predicateOf, readGloss } from './gloss.ts';
import { named, plainLemma, sentenceCase } from './naming.ts';
import { kindOf, type NounKind } from './nouns.ts';
import { predicateNoun, withArticle } from './predicate.ts';

/** A meaning in sentences: the definition first, then what the dictionary adds to it. */
export interface Definition {
  readonly kind: NounKind;
  /** "an octopus", "happiness", "the Pacific Ocean". */
  readonly name: string;
  readonly sentences: readonly string[];
}

const RANK =
  /^(?:type |only |large |small |a |an |the |extinct |chief )*(?:genus|family|order|class|subclass|phylum|suborder|superfamily|subfamily|kingdom|division|tribe|subphylum|superorder|subgenus|subkingdom)\b/i;

/** Defines a noun. No sentence where its gloss cannot be spoken. */
export function defineNoun(synset: Synset, wordNet: WordNet, lemma: string = plainLemma(synset)): Definition {
  const gloss = withoutCircle(readGloss(synset.definition), lemma);
  const kind = kindOf(synset, lemma, gloss.main, wordNet);
  const name = named(synset, lemma, kind, wordNet);
  const first = definitionOf({ synset, wordNet, lemma, kind, name, gloss });
  if (first === undefined) return { kind, name, sentences: [] };
  const scoped =
    gloss.field === undefined || kind === 'name' ? sentenceCase(first) : scopedTo(gloss.field, first);
  const isMany = /^\S+(?: \S+)? are /.test(first);
  return { kind, name, sentences: [scoped, ...additions({ synset, kind, name, gloss, isMany })] };
}

/** "running = the act of running; traveling on foot at a fast pace": the second half is the definition. */
function withoutCircle(gloss: Gloss, lemma: string): Gloss {
  const [next, ...rest] = gloss.extras;
  const isCircle = new RegExp(
    `^(?:the|an?) (?:act|state|quality|process|action|property) of (?:being )?${lemma.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`,
    'i',
  );
  return next !== undefined && isCircle.test(gloss.main) ? { ...gloss, main: next, extras: rest } : gloss;
}

function scopedTo(field: string, sentence: string): string {
  if (
    /^(?:slang|informal|plural|formal|archaic|dialect|British|trademark|colloquial|often|usually|the)\b/i.test(
      field,
    )
  ) {
    return sentenceCase(sentence);
  }
  return `In ${field.replace(/\bgame$/, 'games')}, ${sentence}`;
}

interface Material {
  readonly synset: Synset;
  readonly wordNet: WordNet;
  readonly lemma: string;
  readonly kind: NounKind;
  readonly name: string;
  readonly gloss: Gloss;
}

function definitionOf(material: Material): string | undefined {
  const { wordNet, lemma, kind, name, gloss, synset } = material;
  if (gloss.main === '' || gloss.main.split(' ').length > 48) return undefined;
  if (kind === 'taxon') return taxonOf(synset, lemma, gloss.main);
  // "1990-1997" is no sentence; neither is a bare restatement of the word.
  if (!/\p{Ll}{2}/u.test(gloss.main) || gloss.main.toLowerCase() === lemma.toLowerCase()) return undefined;
  // "professional baseball = playing baseball for money": what one does needs no article.
  const isDoing = synset.topicFile === 4 && /^[a-z]{2,}ing [a-z]/.test(gloss.main);
  const said = isDoing
    ? ({ text: gloss.main, number: 'one' } as const)
    : (predicateNoun(gloss.main, wordNet) ?? byParent(material));
  if (said === undefined) {
    const starts =
      /^(?:in|of|on|at|by|with|for|from|as|to|when|where|if|considered|used|found|native|has|have|is|are|does|[a-z]+s (?:one|the|an?)|[a-z]+ly|[a-z]+ed)\b/;
    return starts.test(gloss.main) ? undefined : `the word “${lemma}” stands for ${gloss.main}.`;
  }
  if (kind === 'plural' || said.number === 'many') {
    if (kind === 'plural' || kind === 'name')
      return `${name} ${said.number === 'many' || kind === 'plural' ? 'are' : 'is'} ${said.text}.`;
    const isCounted = /^(?:the|two|three|four|five|six|seven|eight|nine|ten|several) /.test(said.text);
    if (kind === 'mass' || isCounted) return `${name} is ${said.text}.`;
    // "flycatcher = large American birds that …"
    return `${pluralOf(lemma)} are ${said.text}.`;
  }
  return `${name} ${isOfThePast(synset, wordNet) ? 'was' : 'is'} ${said.text}.`;
}

/** Whether a name is of someone who lived, or of what happened once: "World War II was …". */
export function isOfThePast(synset: Synset, wordNet: WordNet): boolean {
  if (!synset.pointers.some((pointer) => pointer.kind === 'instance-of')) return false;
  if (synset.topicFile === 18) return readGloss(synset.definition).isPast;
  return wordNet.broader(synset).some((broad) => broad.lemmas.some((lemma) => happenings.has(lemma)));
}

const happenings: ReadonlySet<string> = new Set(
  'war battle siege revolution rebellion massacre conflict crusade campaign'.split(' '),
);

/** "widely distributed between …" has no noun of its own: its broader term lends one. */
function byParent({ synset, wordNet, gloss }: Material): { text: string; number: 'one' } | undefined {
  const parent = wordNet.broader(synset)[0];
  if (parent === undefined || synset.lemmas.some((lemma) => lemma === plainLemma(parent))) return undefined;
  const predicate = predicateOf(gloss.main, 'thing');
  if (predicate?.startsWith('is ') !== true) return undefined;
  return { text: `a kind of ${plainLemma(parent)}, ${gloss.main}`, number: 'one' };
}

/** "Balaenidae = right whales" → "The family Balaenidae takes in right whales." */
function taxonOf(synset: Synset, lemma: string, main: string): string | undefined {
  const own = /^[a-z]+ \p{Lu}/u.test(lemma) ? `the ${lemma}` : lemma;
  const full = synset.lemmas.find((name) => /^[a-z]+ \p{Lu}/u.test(name)) ?? lemma;
  if (RANK.test(main)) {
    const isOnlyOne = /^(?:type|only|chief)/.test(main);
    const noun = /^(?:a|an|the) /i.test(main) ? main : isOnlyOne ? `the ${main}` : withArticle(main);
    return `${own} is ${noun}.`;
  }
  return main.split(' ').length > 20 ||
    /^(?:comprising|includes|in some|used|former|formerly|considered)/.test(main)
    ? undefined
    : `The ${full} takes in ${main}.`.replace(/^The (?=\p{Lu})/u, 'The group ');
}

function additions(request: {
  readonly synset: Synset;
  readonly kind: NounKind;
  readonly name: string;
  readonly gloss: Gloss;
  /** Whether the definition speaks of many: "oysters are …". */
  readonly isMany: boolean;
}): readonly string[] {
  const { synset, kind, name, gloss, isMany } = request;
  const isPerson = synset.topicFile === 18;
  if (isPerson && kind !== 'name') return [];
  const isPlural = isMany || kind === 'plural';
  const subject = isPerson ? name : isPlural ? 'They' : 'It';
  const facts = gloss.extras.flatMap((extra) => {
    const predicate = predicateOf(extra, isPerson ? 'person' : 'thing');
    if (predicate === undefined || (isPlural && !predicate.startsWith('is '))) return [];
    return [`${subject} ${isPlural ? predicate.replace(/^is /, 'are ') : predicate}.`];
  });
  if (isPerson && gloss.life !== undefined) {
    const { born, died } = gloss.life;
    const isBefore = Number(born) > Number(died);
    facts.push(
      isBefore ? `${name} lived from ${born} to ${died} BC.` : `${name} lived from ${born} to ${died}.`,
    );
  }
  return facts.slice(0, 3);
}

/** Defines a verb, an adjective or an adverb. */
export function defineOther(synset: Synset, lemma: string): string | undefined {
  const { main } = readGloss(synset.definition);
  if (main === '' || main.split(' ').length > 40) return undefined;
  if (synset.wordClass === 'verb') return `To ${lemma} is to ${main.replace(/^to /, '')}.`;
  if (synset.wordClass === 'adverb')
    return `The word “${lemma}” says that something is done ${/^(?:in|with|by|at|on|to|from|without)\b/.test(main) ? main : `in this way: ${main}`}.`;
  if (
    /^(?:having|being|showing|lacking|containing|producing|causing|resembling|relating|belonging|used|made|marked|characterized|not|able|full|free|capable)\b/.test(
      main,
    )
  ) {
    return `What is ${lemma} is ${main}.`;
  }
  if (/^of (?:or|an?|the)\b|^(?:of|in|with|without|from|on|at)\b/.test(main))
    return `The word “${lemma}” describes something ${main}.`;
  return `The word “${lemma}” means ${main}.`;
}
