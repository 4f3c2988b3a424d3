import { isStopWord } from '#shared/text';

/** Starts by pointing at the sentence before. */
const AT_START =
  /^(?:["“'‘(]*)(?:(?:when|as|if|because|since|while|after|before|once|until|though|although|where|for|in|on|at|by|with|from|to|of)\s+)?(?:it|its|they|their|them|he|she|his|her|this|that|these|those|such|both|neither|then|here)\b/i;
const WITHIN = /\b(?:the (?:latter|former|same)|these|those)\b/i;
const PRONOUN = /\b(?:it|its|he|him|his|she|her|they|their|them)\b/i;

/** Whether a sentence points back at another one: alone it would say "it" of nothing. */
export function pointsBack(sentence: string): boolean {
  if (AT_START.test(sentence) || WITHIN.test(sentence)) return true;
  const met = PRONOUN.exec(sentence);
  if (met === null) return false;
  const word = met[0].toLowerCase();
  const before = sentence.slice(0, met.index).match(/[\p{L}'’-]+/gu) ?? [];
  const isMany = /^the[iym]/.test(word);
  return !before.some((candidate, index) => isThing(candidate, before[index - 1], isMany));
}

/** Whether a word may be what a pronoun stands for: a noun of its number, by the look of it. */
function isThing(word: string, before: string | undefined, isMany: boolean): boolean {
  if (word.length < 3 || isStopWord(word)) return false;
  if (isMany !== /[^s]s$/.test(word)) return isMany && /^(?:people|men|women|children)$/i.test(word);
  return isMany || /^\p{Lu}/u.test(word) || /^(?:an?|the|each|every|my|our|your|no|one)$/i.test(before ?? '');
}
