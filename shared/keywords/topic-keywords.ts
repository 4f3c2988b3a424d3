import { isStopWord, loadReader, wordsOf } from '#shared/text';
import { isDelicate, openWordNet, type Synset, topicWords } from '#shared/wordnet';
import type { Ranking } from './ranking.ts';
import { subjectOf } from './subject.ts';

/** The relations that give further search words, each with its weight and its reason. */
const relations = [
  { kind: 'hypernym', weight: 0.45, why: (word: string) => `The broader term for "${word}" in WordNet.` },
  { kind: 'instance-of', weight: 0.45, why: (word: string) => `What "${word}" is, by WordNet.` },
  { kind: 'part', weight: 0.4, why: (word: string) => `A part of "${word}" in WordNet.` },
  { kind: 'hyponym', weight: 0.35, why: (word: string) => `A kind of "${word}" in WordNet.` },
  { kind: 'instance', weight: 0.35, why: (word: string) => `An example of "${word}" in WordNet.` },
  { kind: 'part-of', weight: 0.3, why: (word: string) => `What "${word}" is part of, by WordNet.` },
] as const;
const PER_RELATION = 4;

/** Ranks the words of a topic and what WordNet relates to them. */
export async function rankTopic(topic: string, ranking: Ranking): Promise<void> {
  const { default: nlp } = await import('compromise');
  const subject = subjectOf(topic);
  ranking.add(subject.toLowerCase(), 1, 'The subject of the topic itself.');
  const phrases: string[] = nlp(topic).nouns().out('array');
  for (const phrase of phrases) {
    const words = wordsOf(phrase).filter(
      (word, index, all) => !isStopWord(word) || (index > 0 && index < all.length - 1),
    );
    ranking.add(words.join(' ').toLowerCase(), 0.85, 'A noun phrase of the topic.');
  }
  wordsOf(topic)
    .filter((word) => !isStopWord(word) && word.length > 2)
    .slice(0, 12)
    .forEach((word, index) => {
      ranking.add(word.toLowerCase(), 0.75 - index * 0.03, 'A word of the topic.');
    });
  const words = topicWords(topic, await loadReader(), openWordNet());
  words.slice(0, 6).forEach(({ lemma, synset }, index) => {
    const fade = 1 / (1 + index * 0.25);
    ranking.add(lemma, 0.7 * fade, 'A thing that the topic names.');
    expand({ word: lemma, synset, ranking, fade });
  });
}

function expand(request: {
  readonly word: string;
  readonly synset: Synset;
  readonly ranking: Ranking;
  readonly fade: number;
}): void {
  const { word, synset, ranking, fade } = request;
  const wordNet = openWordNet();
  for (const lemma of synset.lemmas.slice(0, 4)) {
    if (lemma !== word) ranking.add(lemma, 0.55 * fade, `Another word for "${word}" in WordNet.`);
  }
  for (const { kind, weight, why } of relations) {
    wordNet
      .related(synset, kind)
      .filter((related) => !isDelicate(related))
      .slice(0, PER_RELATION)
      .forEach((related, place) => {
        const lemma = related.lemmas[0];
        if (lemma !== undefined) ranking.add(lemma, (weight - place * 0.02) * fade, why(word));
      });
  }
}
