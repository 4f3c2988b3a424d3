const numberWords: readonly string[] =
  'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');
const NUMBERS = /\d+(?:[.,]\d+)*/g;
const QUOTATIONS = /[“"]([^“”"]{1,2000})[”"]/g;

/**
 * Numbers and quotations of a narration that its source does not hold; what can be checked of the promise to invent
 * nothing.
 */
export function inventedIn(narration: string, source: string): readonly string[] {
  const known = new Set((source.match(NUMBERS) ?? []).map(plainNumber));
  const lower = plain(source);
  const words = new Set(lower.split(' '));
  const isKnown = (number: string): boolean => {
    const word = numberWords[Number(number)];
    return known.has(plainNumber(number)) || (word !== undefined && words.has(word));
  };
  const figures = (narration.match(NUMBERS) ?? []).filter((number) => !isKnown(number));
  const quoted = [...narration.matchAll(QUOTATIONS)]
    .map((match) => match[1] ?? '')
    // One or two words in quotation marks are a name or a term.
    .filter((text) => plain(text).split(' ').length > 2 && !lower.includes(plain(text)));
  return [...figures, ...quoted.map((text) => `“${text}”`)];
}

function plainNumber(number: string): string {
  return number.replaceAll(/,(?=\d{3}\b)/g, '');
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
