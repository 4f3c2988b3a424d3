import { describe, expect, it } from 'vitest';
import { baseForms, isDelicate, openWordNet, pluralOf } from './index.ts';

const wordNet = openWordNet();

describe('WordNet', () => {
  it('finds a word in any inflection and case, commonest meaning first', () => {
    expect(wordNet.senses('Octopuses', 'noun').map(({ synset }) => synset.lemmas[0])).toContain('octopus');
    expect(wordNet.senses('hearts', 'noun').length).toBeGreaterThan(3);
    const counts = wordNet.senses('bank', 'noun').map(({ tagCount }) => tagCount);
    expect(counts).toEqual([...counts].sort((left, right) => right - left));
  });

  it('climbs from a meaning to its broader ones', () => {
    const [octopus] = wordNet.senses('octopus', 'noun').filter(({ synset }) => synset.topicFile === 5);
    const names = octopus === undefined ? [] : wordNet.broader(octopus.synset).map(({ lemmas }) => lemmas[0]);
    expect(names).toEqual(expect.arrayContaining(['octopod', 'cephalopod', 'mollusk', 'animal']));
  });

  it.each(['', ' ', '%', 'a\nb', '海', '\u0000', 'x'.repeat(500), '../../etc/passwd', '0000000 '])(
    'knows nothing of %j',
    (word) => {
      expect(wordNet.senses(word, 'noun')).toEqual([]);
    },
  );

  it('marks what is better not brought up unasked', () => {
    const isHidden = (word: string): boolean =>
      wordNet.senses(word, 'noun').some(({ synset }) => isDelicate(synset));
    expect(isHidden('brothel')).toBe(true);
    expect(isHidden('lighthouse')).toBe(false);
  });
});

describe('forms of words', () => {
  it.each([
    ['octopus', 'octopuses'],
    ['city', 'cities'],
    ['wolf', 'wolves'],
    ['woman', 'women'],
    ['human', 'humans'],
    ['theater of the absurd', 'theaters of the absurd'],
    ['paper nautilus', 'paper nautiluses'],
    ['church', 'churches'],
    ['day', 'days'],
    ['mouse', 'mice'],
  ])('one %s, many %s', (one, many) => {
    expect(pluralOf(one)).toBe(many);
    if (!one.includes(' ')) expect(baseForms(many, 'noun')).toContain(one);
  });
});
