import { baseForms, type Synset, type WordNet } from '#shared/wordnet';

/** How a noun behaves in a sentence. */
export type NounKind = 'count' | 'mass' | 'plural' | 'name' | 'taxon';

/** Lexicographer's files whose nouns count only when their definition says "a …". */
const abstractFiles: ReadonlySet<number> = new Set([4, 9, 10, 11, 19, 21, 23, 24, 28]);
/** Attributes, feelings, motives, processes, states, substances: never counted. */
const uncountedFiles: ReadonlySet<number> = new Set([7, 12, 16, 22, 26, 27]);
const abstractEnding =
  /(?:ness|ity|ism|ing|tion|sion|ment|ance|ence|sis|ship|hood|graphy|logy|nomy|ics|cy|ure|age|ery|love|thrift|music|art)$/;
const massNouns: ReadonlySet<string> = new Set(
  `air art baggage beef beer blood bread butter cash cheese chocolate clothing cloth coal coffee concrete cotton
  cream dance dirt dough dust earth energy equipment evidence fabric fat fire flesh flour food fuel fun furniture
  gas glass gold grain grass hair heat help honey ice information iron jewelry knowledge leather light linen
  literature luck lumber lunch machinery matter meat milk money mud music news oil paper pasta pay plastic
  poetry pork poultry powder power progress property rain rice rock salt sand scenery silk silver skin smoke snow
  software soil sound soup space spaghetti starch steam steel stuff sugar tea terrain thunder timber time tissue
  traffic vegetation velvet war water weather wheat wine wood wool work writing yarn fiber footwear software`.split(
    /\s+/,
  ),
);

export function kindOf(synset: Synset, lemma: string, gloss: string, wordNet: WordNet): NounKind {
  if (synset.pointers.some((pointer) => pointer.kind === 'instance-of')) return 'name';
  if (synset.lemmas.some(isCapitalised) && isTaxon(synset, wordNet)) return 'taxon';
  // A scientific name has no article.
  if (isLiving(synset) && isScientific(lemma)) return 'mass';
  const last = lastWord(lemma.replace(/ (?:of|in|for|to|from|on|with) .*$/, ''));
  if (looksPlural(last, wordNet) || /\((?:usually )?(?:in the )?plural\)/.test(synset.definition))
    return 'plural';
  const counted = /^(?:an?|any|one|each|someone|something) /.test(gloss);
  if (uncountedFiles.has(synset.topicFile)) return 'mass';
  if (abstractFiles.has(synset.topicFile)) return !abstractEnding.test(last) && counted ? 'count' : 'mass';
  if (massNouns.has(last)) return 'mass';
  if (synset.topicFile === 13 || synset.topicFile === 6) {
    const head = headNoun(gloss, wordNet);
    return head !== undefined && massNouns.has(head) && !counted ? 'mass' : 'count';
  }
  return 'count';
}

export function isLiving(synset: Synset): boolean {
  return synset.topicFile === 5 || synset.topicFile === 20;
}

/** "Tinca tinca": genus and species. */
export function isScientific(lemma: string): boolean {
  return /^\p{Lu}\p{Ll}+(?: \p{Ll}+){1,2}$/u.test(lemma);
}

function isTaxon(synset: Synset, wordNet: WordNet): boolean {
  return wordNet.broader(synset).some((broad) => broad.lemmas[0] === 'taxonomic group');
}

export function isCapitalised(lemma: string): boolean {
  return /^\p{Lu}/u.test(lemma);
}

function lastWord(lemma: string): string {
  return lemma.slice(lemma.lastIndexOf(' ') + 1).toLowerCase();
}

/** "tentacles", but not "octopus", "glass" or "physics". */
export function looksPlural(word: string, wordNet: WordNet): boolean {
  if (/(?:^people|^cattle|^police|^teeth|^feet|^children|^men|^women)$/.test(word)) return true;
  if (!/[^suio]s$/.test(word) || /ics$/.test(word)) return false;
  if (
    /^(?:gas|lens|news|series|species|atlas|canvas|bias|alas|christmas|biogas|yes)$|(?:gas|itis)$/.test(word)
  )
    return false;
  return baseForms(word, 'noun').some(
    (form) => form.length > 2 && form !== word && wordNet.senses(form, 'noun').length > 0,
  );
}

const boundary =
  /^(?:of|with|that|which|who|whom|whose|having|used|in|on|for|from|to|by|as|at|into|over|under|between|among|through|during|after|before|against|around|without|within|consisting|made|produced|containing|resembling|where|when|worn|growing|living|bearing|noted|considered|found|native|formed|characterized|comprising|including|especially|designed|caused|based|being|given|held|built|located|associated|belonging|covered|placed|involving|relating|so|than|like|either|taken|done|seen|shown|known|drawn|written|thrown|sold|kept|laid|set|cut|put|paid|led|bred|lived|common|usually|often|about|are|is|born|said|marked|grown)$/;

/** The noun on which a definition's phrase hangs: "bottom-living cephalopod having …" → "cephalopod". */
export function headNoun(phrase: string, wordNet: WordNet): string | undefined {
  const words = phrase.split(' ');
  let candidate: string | undefined;
  let lastNoun: string | undefined;
  for (const word of words) {
    const bare = word.replace(/[,.]+$/, '').toLowerCase();
    if (candidate !== undefined && (boundary.test(bare) || isTurn(candidate, bare, wordNet))) break;
    if (/^(?:or|and)$/.test(bare)) {
      if (candidate !== undefined && !canDescribe(candidate, wordNet)) break;
      continue;
    }
    candidate = /^[a-z][a-z'-]*$/i.test(bare) ? bare : candidate;
    if (candidate !== undefined && isNoun(candidate, wordNet)) lastNoun = candidate;
    if (word.endsWith(',') && candidate !== undefined && !canDescribe(candidate, wordNet)) break;
  }
  const head = candidate !== undefined && isNoun(candidate, wordNet) ? candidate : lastNoun;
  return head?.slice(head.lastIndexOf('-') + 1);
}

function isNoun(word: string, wordNet: WordNet): boolean {
  if (boundary.test(word) || /ly$/.test(word)) return false;
  const part = word.slice(word.lastIndexOf('-') + 1);
  return wordNet.senses(part, 'noun').length > 0 && mostly(part, wordNet) === 'noun';
}

/** "foodstuff obtained by …": after a noun, a participle begins what describes it. */
function isTurn(candidate: string, word: string, wordNet: WordNet): boolean {
  if (!/^[a-z]{3,}(?:ed|ing)$/.test(word) || candidate.includes('-') || canDescribe(candidate, wordNet))
    return false;
  return wordNet.senses(word, 'verb').length > 0 && wordNet.senses(candidate, 'noun').length > 0;
}

function canDescribe(word: string, wordNet: WordNet): boolean {
  return wordNet.senses(word, 'adjective').length > 0 || /(?:ed|ing|ish)$/.test(word) || word.includes('-');
}

function mostly(word: string, wordNet: WordNet): 'noun' | 'other' {
  const sum = (wordClass: 'noun' | 'adjective'): number =>
    wordNet.senses(word, wordClass).reduce((total, sense) => total + 1 + sense.tagCount, 0);
  return sum('noun') * 1.5 >= sum('adjective') ? 'noun' : 'other';
}

const determiner =
  /^(?:an?|the|any|one|each|all|some|several|both|many|someone|somebody|something|anything|anyone|everything|two|three|four|five|six|seven|eight|nine|ten|either|that|those|what|whatever|his|her|its|their|your|how|certain|various|most|numerous|members|nothing)\b/i;
const superlative =
  /^(?:(?:second|third) )?(?:largest|smallest|highest|longest|oldest|deepest|first|last|second|third|main|chief|sole|only|most|capital|principal|biggest|type|upper|lower|king of|queen of)\b/;

/** A phrase that can stand after "is": with its article, or nothing where it has no noun to hang on. */
export function predicateNoun(
  phrase: string,
  wordNet: WordNet,
): { readonly text: string; readonly number: 'one' | 'many' } | undefined {
  const head = headNoun(phrase.replace(determiner, '').trim(), wordNet);
  if (determiner.test(phrase)) {
    const many =
      /^(?:all|several|both|many|those|two|three|four|five|six|seven|eight|nine|ten|various|numerous|members|some)\b/i.test(
        phrase,
      ) ||
      (/^the /i.test(phrase) && head !== undefined && looksPlural(head, wordNet));
    return { text: lowerFirst(phrase), number: many ? 'many' : 'one' };
  }
  const own = phrase;
  // "exploring in order to gain information": a gerund needs no article.
  if (/^[a-z]+ing (?!(?:of )?[a-z]+ing)(?:in|of|to|by|with|on|for|the|a|an|from|out|into|at)\b/.test(phrase))
    return { text: own, number: 'one' };
  if (head === undefined) return undefined;
  if (looksPlural(head, wordNet)) return { text: own, number: 'many' };
  if (superlative.test(own)) return { text: `the ${own}`, number: 'one' };
  if (massNouns.has(head) || isUncounted(head)) return { text: own, number: 'one' };
  return { text: withArticle(own), number: 'one' };
}

function isUncounted(head: string): boolean {
  return (
    /(?:ness|ity|ism|ics|ance|ence|logy|graphy|ment|[^s]tion|nce|ing)$/.test(head) &&
    !/^(?:building|painting|thing|ring|string|king|instrument|document|opening|covering|garment|instance|institution|organization|monument|settlement|segment|compartment|city|university|community|facility|university|drawing|being|substance|station|constellation|plantation|wing|spring|fence|ornament|entity|attachment|element|department|government|apartment|section|condition|question|fastening|dwelling|hearing|meeting|dressing|instrument|implement)$/.test(
      head,
    )
  );
}

function lowerFirst(phrase: string): string {
  return /^(?:The|A|An|Any|One|Each|All|Some)\b/.test(phrase)
    ? phrase.charAt(0).toLowerCase() + phrase.slice(1)
    : phrase;
}

/** "octopus" → "an octopus", "European city" → "a European city". */
export function withArticle(phrase: string): string {
  return `${takesAn(phrase) ? 'an' : 'a'} ${phrase}`;
}

function takesAn(phrase: string): boolean {
  const word = phrase.toLowerCase();
  if (/^(?:8|11\b|18\b)/.test(word)) return true;
  if (/^(?:hour|honest|honou?r|heir)/.test(word)) return true;
  if (/^[aefhilmnorsx](?:-|\b)/.test(word) && /^[A-Zx](?:-|\b)/.test(phrase)) return true;
  if (/^[AEFHILMNORSX][A-Z]+\b/.test(phrase)) return true;
  return (
    /^[aeiou]/.test(word) &&
    !/^(?:uni(?:[^mn]|t|n?$)|use|usu|ur[aeiou]|ut[ei]|eu|ewe|one\b|once|ubi|ukr|u-)/.test(word)
  );
}

const namesWithThe =
  /(?:^| )(?:Ocean|Sea|Mountains|Islands|Alps|Gulf|Strait|Peninsula|Desert|Republic|States|War|Revolution|Empire|Channel|Canal|Lakes|Kingdom|Federation|Union|Battle|River|Bay of|Gulf of|Isle of|Age|Bridge|Reformation|Renaissance|Treaty)(?: |$)/;
const kindsWithThe: ReadonlySet<string> = new Set([
  'river',
  'ocean',
  'sea',
  'strait',
  'desert',
  'gulf',
  'war',
  'canal',
  'constellation museum',
  'mountain range',
  'archipelago',
]);

/** A noun as the subject of a sentence: "an octopus", "happiness", "the Pacific Ocean". */
export function named(synset: Synset, lemma: string, kind: NounKind, wordNet: WordNet): string {
  if (kind === 'count') return /^the /.test(synset.definition) ? `the ${lemma}` : withArticle(lemma);
  if (kind === 'taxon') return taxonName(synset, lemma);
  if (kind === 'name') {
    const isWith =
      namesWithThe.test(lemma) ||
      wordNet
        .related(synset, 'instance-of')
        .some((parent) => parent.lemmas.some((name) => kindsWithThe.has(name)));
    return isWith && !/^(?:the|mount|lake|saint) /i.test(lemma) ? `the ${lemma}` : lemma;
  }
  return lemma;
}

/** "the genus Lanius", "Heteroptera". */
function taxonName(synset: Synset, lemma: string): string {
  const ranked = synset.lemmas.find((name) => /^[a-z]+ \p{Lu}/u.test(name));
  return ranked === undefined ? lemma : `the ${ranked}`;
}

/** A noun in a list: "the crater", "happiness", "Etna". */
export function listed(synset: Synset, wordNet: WordNet): string {
  const lemma = plainLemma(synset);
  const kind = kindOf(synset, lemma, synset.definition, wordNet);
  if (kind === 'count') return /^\p{Lu}\S*['’]s /u.test(lemma) ? lemma : `the ${lemma}`;
  return named(synset, lemma, kind, wordNet);
}

/** The lemma that people say: not the scientific name where another stands beside it. */
export function plainLemma(synset: Synset): string {
  const first = synset.lemmas[0] ?? 'thing';
  if (synset.topicFile === 18 && isCapitalised(first) && !first.includes(' ')) {
    // "Racine" → "Jean Racine".
    return synset.lemmas.find((lemma) => /^\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+$/u.test(lemma)) ?? first;
  }
  if (!isCapitalised(first) || synset.topicFile === 15 || synset.topicFile === 18) return first;
  if (synset.topicFile !== 5 && synset.topicFile !== 20) return first;
  return synset.lemmas.find((lemma) => !isCapitalised(lemma)) ?? first;
}

export function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "a, b and c". */
export function enumerate(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}
