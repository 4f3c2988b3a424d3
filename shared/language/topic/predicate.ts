import type { WordNet } from '#shared/wordnet';
import { headNoun, isMassNoun, looksPlural } from './nouns.ts';

const DETERMINER =
  /^(?:an?|the|any|one|each|all|some|several|both|many|someone|somebody|something|anything|anyone|everything|two|three|four|five|six|seven|eight|nine|ten|either|that|those|what|whatever|his|her|its|their|your|how|certain|various|most|numerous|members|nothing)\b/i;
const SUPERLATIVE =
  /^(?:(?:second|third) )?(?:largest|smallest|highest|longest|oldest|deepest|first|last|second|third|main|chief|sole|only|most|capital|principal|biggest|type|upper|lower|king of|queen of)\b/;

/** A phrase that can stand after "is": with its article, or nothing where it has no noun to hang on. */
export function predicateNoun(
  phrase: string,
  wordNet: WordNet,
): { readonly text: string; readonly number: 'one' | 'many' } | undefined {
  // "once thought to be one of four elements": it hangs on no noun.
  if (
    /^(?:(?:once|formerly|not|when|where|if|thought|considered|said|has|have|is|are|does)\b|[a-z]+s (?:one|the|an?) )/.test(
      phrase,
    )
  )
    return undefined;
  const head = headNoun(phrase.replace(DETERMINER, '').trim(), wordNet);
  if (DETERMINER.test(phrase)) {
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
  if (SUPERLATIVE.test(own)) return { text: `the ${own}`, number: 'one' };
  if (isMassNoun(head) || isUncounted(head)) return { text: own, number: 'one' };
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
