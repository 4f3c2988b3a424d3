import { isStopWord } from '#shared/text';

/** Words of a topic about software or business, where an everyday word is often a product's name. */
const TECHNICAL =
  /^(?:programming|coding|code|software|app|apps|api|developers?|framework|library|compiler|database|debugging|startup|stock|shares|company|ceo|brand|smartphones?|iphone|laptop|website|browser|cryptocurrency|crypto|blockchain)$/;

export function isTechnicalWord(word: string): boolean {
  return TECHNICAL.test(word.toLowerCase());
}

/** The lexicographer's files of nature: animals, food, natural objects, people, plants, substances. */
export const naturalFiles: ReadonlySet<number> = new Set([5, 13, 17, 18, 20, 27]);

/**
 * Whether a word stands beside words that make a natural thing improbable: in "python programming" no snake is
 * meant, and a dictionary of 2011 may not know what is.
 */
export function isTechnical(word: string, context: ReadonlySet<string>): boolean {
  return [...context].some((near) => TECHNICAL.test(near) && !word.toLowerCase().includes(near));
}

/** Small words of other languages that are none, or hardly any, of English. */
const foreign = new Set(
  `la le les un une du de et est au aux el los las y del lo una por para con der die das dem ein eine und ist von
  zu im il gli di che della delle nel das dos na um het een ik och att det som jest nie ve bir`.split(/\s+/),
);

/** Whether a topic reads as another language: two of its small words, and none of English. */
export function isForeign(words: readonly string[]): boolean {
  const lower = words.map((word) => word.toLowerCase());
  const met = new Set(lower.filter((word) => foreign.has(word)));
  const isEnglish = lower.some((word) => isStopWord(word) && !foreign.has(word));
  return !isEnglish && (met.size > 1 || (met.size === 1 && lower.length > 3 && lower.includes('en')));
}
