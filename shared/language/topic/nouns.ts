import { baseForms, type Synset, type WordNet } from '#shared/wordnet';

/** How a noun behaves in a sentence. */
export type NounKind = 'count' | 'mass' | 'plural' | 'name' | 'taxon';

/** Lexicographer's files whose nouns count only when their definition says "a …". */
const abstractFiles: ReadonlySet<number> = new Set([4, 9, 10, 11, 19, 21, 23, 24, 28]);
/** Attributes, feelings, motives, processes, states, substances: never counted. */
const uncountedFiles: ReadonlySet<number> = new Set([7, 12, 16, 22, 26, 27]);
const ABSTRACT_ENDING =
  /(?:ness|ity|ism|ing|tion|sion|ment|ance|ence|sis|ship|hood|graphy|logy|nomy|ics|cy|ure|age|ery|love|thrift|music|art)$/;
/** Heads of compounds that are counted although their field is not: "a chemical element". */
const COUNTED_HEAD =
  /(?:^| )(?:process|element|compound|disease|syndrome|disorder|acid|phase|cycle|state|condition|effect|reaction|system|method|emotion|feeling|mood|metal|alloy|mineral|drug|particle|stage|instinct|talent|skill|quantity|unit|color|colour|shape|property|attribute|agent|language|image|message)$/;
const massNouns: ReadonlySet<string> = new Set(
  `air art baggage beef beer blood bread butter cash cheese chocolate clothing cloth coal coffee concrete cotton
  cream dance dirt dough dust earth energy equipment evidence fabric fat fire flesh flour food fuel fun furniture
  gas glass gold grain grass hair heat help honey ice information iron jewelry knowledge leather light linen
  literature luck lumber lunch machinery matter meat milk money mud music news oil paper pasta pay plastic china porcelain ceramic pottery
  poetry pork poultry powder power progress property rain rice rock salt sand scenery silk silver skin smoke snow
  software soil sound soup space spaghetti starch steam steel stuff sugar tea terrain thunder timber time tissue
  traffic rhetoric logic magic talk speech nonsense vegetation velvet war water weather wheat wine wood wool work writing yarn fiber footwear software`.split(
    /\s+/,
  ),
);

export function kindOf(synset: Synset, lemma: string, gloss: string, wordNet: WordNet): NounKind {
  if (synset.pointers.some((pointer) => pointer.kind === 'instance-of')) return 'name';
  if (synset.lemmas.some(isCapitalised) && isTaxon(synset, wordNet)) return 'taxon';
  // A scientific name has no article.
  if (isLiving(synset) && isScientific(lemma)) return 'mass';
  const last = lastWord(
    lemma.replace(/ (?:of|in|for|to|from|on|with|by|at|without|against|between) .*$/, ''),
  );
  if (looksPlural(last, wordNet) || /\((?:usually )?(?:in the )?plural\)/.test(synset.definition))
    return 'plural';
  const counted = /^(?:an?|any|one|each|someone|something) /.test(gloss);
  if (wordNet.broader(synset).some((broad) => broad.lemmas.includes('music genre'))) return 'mass';
  // "Java", "English"
  if (isCapitalised(lemma) && wordNet.broader(synset).some((broad) => broad.lemmas.includes('language')))
    return 'mass';
  if (uncountedFiles.has(synset.topicFile))
    return COUNTED_HEAD.test(lemma) && (counted || /^the /.test(gloss)) ? 'count' : 'mass';
  if (isGame(synset, last, wordNet)) return 'mass';
  if (abstractFiles.has(synset.topicFile)) {
    if (COUNTED_HEAD.test(lemma) && counted) return 'count';
    if (ABSTRACT_ENDING.test(last)) return 'mass';
    // "recipe = directions for making something"
    return counted || looksPlural(headNoun(gloss, wordNet) ?? '', wordNet) ? 'count' : 'mass';
  }
  if (massNouns.has(last) || isRemedy(synset, wordNet)) return 'mass';
  if (synset.topicFile === 13 || synset.topicFile === 6) {
    const head = headNoun(gloss, wordNet);
    const isMass = head !== undefined && massNouns.has(head) && !/^(?:equipment|machinery|work)$/.test(head);
    return isMass && !counted ? 'mass' : 'count';
  }
  return 'count';
}

/** "ranitidine": one remedy, by its name. */
function isRemedy(synset: Synset, wordNet: WordNet): boolean {
  if (synset.pointers.some((pointer) => pointer.kind === 'hyponym')) return false;
  return wordNet
    .broader(synset)
    .some((broad) => broad.lemmas.some((name) => name === 'drug' || name === 'medicine'));
}

/** "baseball", "chess"; but "a card game". */
function isGame(synset: Synset, last: string, wordNet: WordNet): boolean {
  if (synset.topicFile !== 4 || /(?:game|match|race|hunt|run|set|hand|round)$/.test(last)) return false;
  return wordNet
    .broader(synset)
    .some((broad) => broad.lemmas.some((name) => name === 'game' || name === 'sport'));
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

const BOUNDARY =
  /^(?:of|with|that|which|who|whom|whose|having|used|in|on|for|from|to|by|as|at|into|over|under|between|among|through|during|after|before|against|around|without|within|consisting|made|produced|containing|resembling|where|when|worn|growing|living|bearing|noted|considered|found|native|formed|characterized|comprising|including|especially|designed|caused|based|being|given|held|built|located|associated|belonging|covered|placed|involving|relating|so|than|like|either|taken|done|seen|shown|known|drawn|written|thrown|sold|kept|laid|set|cut|put|paid|led|bred|lived|common|usually|often|about|are|is|born|said|marked|grown)$/;

/** The noun on which a definition's phrase hangs: "bottom-living cephalopod having …" → "cephalopod". */
export function headNoun(phrase: string, wordNet: WordNet): string | undefined {
  const words = phrase.split(' ');
  let candidate: string | undefined;
  let lastNoun: string | undefined;
  for (const word of words) {
    const bare = word.replace(/[,.]+$/, '').toLowerCase();
    if (candidate !== undefined && (BOUNDARY.test(bare) || isTurn(candidate, bare, wordNet))) break;
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
  if (BOUNDARY.test(word) || /ly$/.test(word)) return false;
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

/** "water", "equipment": never counted. */
export function isMassNoun(word: string): boolean {
  return massNouns.has(word);
}
