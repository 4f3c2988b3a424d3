import { openWordNet } from '#shared/wordnet';

/** Topics drawn from the nouns of WordNet: bare, and in the ways in which people ask. */
export function seededTopics(numbers: Iterator<number>, count: number): readonly string[] {
  const wordNet = openWordNet();
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(97 + index));
  const nouns = letters
    .flatMap((letter) => wordNet.nounsStartingWith(letter))
    .filter((noun) => noun.length > 2);
  const topics = new Set<string>();
  while (topics.size < count) {
    const noun = nouns[pick(numbers, nouns.length)];
    if (noun !== undefined) topics.add(asked(noun, pick(numbers, 10)));
  }
  return [...topics];
}

function asked(noun: string, way: number): string {
  if (way === 0) return `The history of the ${noun}`;
  if (way === 1) return `What is ${noun}?`;
  if (way === 2) return `Why ${noun} matters`;
  if (way === 3) return noun.toUpperCase();
  return noun;
}

function pick(numbers: Iterator<number>, below: number): number {
  return Number(numbers.next().value) % below;
}
